"""What happens between two runs is answered at once, moves nothing promised, and leaves the rest to the run."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Sum

from donors.ledger.services import receive
from donors.services import amend_charter
from matching.explaining import rule_names
from matching.models import Commitment, MatchRun, OnlineMark, Proposal
from matching.services import online
from matching.services.proposals import accept_proposal, decline_proposal
from matching.services.runs import run_matching
from matching.states import DeclineReason
from needs.models import Need
from needs.services.facts import tie_items
from needs.services.gate import withdraw
from tests.town import NEXT_COUNTY, NOW, Town


@pytest.fixture(autouse=True)
def fresh_engine() -> Iterator[None]:
    online.forget()
    yield
    online.forget()


def step(town: Town, minutes: int = 0) -> int:
    return online.step(by=town.chen, now=NOW + timedelta(minutes=minutes))


def arrive(town: Town, **facts: object) -> Need:
    """Return a need that came and was let through now, with the entry that the gate leaves in the trail."""
    from jiujinan.audit.services import record

    need = town.let_through(town.verified(**facts))
    record(stream=f"need:{need.pk}", action="need.publish", by=town.wu, subject=f"need:{need.pk}", now=NOW)
    return need


def waiting() -> dict[str, int]:
    rows = Proposal.objects.filter(state="proposed").order_by().values_list("item__need_id")
    return {str(need): fen for need, fen in rows.annotate(fen=Sum("amount"))}


def test_a_need_that_comes_is_answered_at_once(town: Town) -> None:
    town.fund(yuan=10_000)
    assert step(town) == 0
    need = arrive(town, yuan=3000)
    assert step(town) == 1
    proposal = Proposal.objects.get()
    assert (proposal.item.need_id, proposal.amount) == (need.pk, 300_000)
    assert "region" in rule_names(proposal.rules_passed)
    assert proposal.run.summary["purpose"] == "online"
    assert step(town) == 0


def test_a_fund_that_is_founded_and_filled_reaches_who_waits(town: Town) -> None:
    need = arrive(town, yuan=3000)
    assert step(town) == 0
    town.fund(yuan=1000)
    assert step(town) == 1
    assert waiting() == {str(need.pk): 100_000}


def test_a_relaxed_charter_and_more_money_reach_further_and_move_nothing(town: Town) -> None:
    need = arrive(town, yuan=3000)
    fund = town.fund(yuan=1000, regions=[NEXT_COUNTY])
    assert step(town) == 0
    amend_charter(
        fund=fund, changes={"regions": []}, by=town.chen, now=NOW, reason="放宽", donor_consent="信函",
        donor_consent_on=NOW.date(),
    )  # fmt: skip
    assert step(town) == 1
    first = Proposal.objects.get()
    receive(fund=fund, amount_fen=50_000, key="more", by=town.he, now=NOW)
    assert step(town) == 1
    assert Proposal.objects.filter(pk=first.pk, state="proposed", amount=100_000).exists()
    assert sum(Proposal.objects.filter(item__need=need).values_list("amount", flat=True)) == 150_000


def test_what_is_declined_goes_to_another_fund_and_never_back(town: Town) -> None:
    arrive(town, yuan=3000)
    first = town.fund(yuan=3000)
    step(town)
    decline_proposal(
        proposal=Proposal.objects.get(), reason=DeclineReason.PREFERS_OTHER, by=town.chen, now=NOW
    )
    assert step(town) == 0
    second = town.fund(yuan=3000)
    assert step(town) == 1
    assert Proposal.objects.get(state="proposed").fund_id == second.pk != first.pk


def test_what_is_accepted_stays_and_is_not_proposed_again(town: Town) -> None:
    arrive(town, yuan=3000)
    town.fund(yuan=10_000)
    step(town)
    assert isinstance(accept_proposal(proposal=Proposal.objects.get(), by=town.chen, now=NOW), Commitment)
    assert step(town) == 0
    assert Commitment.objects.count() == 1


def test_a_need_that_is_withdrawn_is_offered_nothing(town: Town) -> None:
    need = arrive(town, yuan=3000)
    step(town)
    withdraw(need=need, reason="家庭要求", by=town.wu, now=NOW)
    town.fund(yuan=3000)
    assert step(town) == 0
    assert not Proposal.objects.exists()


def test_a_package_waits_for_the_run_that_keeps_it_whole(town: Town) -> None:
    money = {"kind": "cash", "category": "medical", "unit": "fen", "required": 300_000}
    care = {"kind": "service", "category": "care", "unit": "session", "required": 2}
    town.fund(yuan=10_000)
    step(town)
    need = arrive(town, items=[money, care])
    tie_items(case=need.case, items=list(need.items.all()), reason="须一并", by=town.lin, now=NOW)
    assert step(town) == 0


def test_after_a_run_or_in_another_process_the_engine_loads_anew(town: Town) -> None:
    arrive(town, yuan=3000)
    town.fund(yuan=1000)
    assert step(town) == 1
    run_matching(by=town.chen, now=NOW + timedelta(minutes=1))
    town.fund(yuan=500)
    assert step(town, minutes=2) == 1
    holder = OnlineMark.objects.get().holder
    online.forget()  # as another process would begin
    step(town, minutes=3)
    assert OnlineMark.objects.get().holder != holder
    assert sum(waiting().values()) <= 150_000


def test_a_run_proposes_for_what_the_engine_left(town: Town) -> None:
    arrive(town, yuan=3000)
    town.fund(yuan=1000)
    step(town)
    arrive(town, yuan=200, tier="critical")
    town.fund(yuan=5000)
    run_matching(by=town.chen, now=NOW)
    assert sum(Proposal.objects.filter(state="proposed").values_list("amount", flat=True)) == 320_000
    assert MatchRun.objects.exclude(header={}).count() == 1
