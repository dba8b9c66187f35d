"""Many at the same moment on one item, fund or key, on a real PostgreSQL: one effect, no waiting for ever."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from donors.ledger.models import FundBalance
from donors.models import Fund
from matching.engine import Rule
from matching.models import Commitment, Disbursement, MatchRun, Proposal, Referral
from matching.services.delivery import deliver_commitment, release_commitment
from matching.services.proposals import accept_proposal, decline_proposal
from matching.services.referrals import advance_referral, give_sessions
from matching.services.runs import run_matching
from matching.states import DeclineReason
from needs.models import GateDecision, NeedItem, Project
from needs.services import crowd
from needs.services.cases import take_up, verify
from needs.services.gate import decide
from tests.matching.invariants import everything_holds, trails_hold
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Act = Callable[[], Any]
THREADS = 8
CASH = {"kind": "cash", "category": "medical", "unit": "fen", "required": 300_000}
SESSIONS = {"kind": "service", "category": "counselling", "unit": "session", "required": 6}
PIECES = {"kind": "goods", "category": "food", "unit": "piece", "required": 3}


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


@pytest.fixture
def run(town: Town) -> MatchRun:
    return run_matching(by=town.chen, now=NOW)


def offered(town: Town, *items: dict[str, Any]) -> list[NeedItem]:
    """Return the items of a need that stands open to everybody; the gate has tests of its own."""
    need = town.verified(items=list(items))
    town.let_through(need)
    return list(need.items.order_by("kind"))


def proposal(run: MatchRun, item: NeedItem, amount: int, **resource: Any) -> Proposal:
    """Return a proposal as a run of its own would make it, knowing nothing of others."""
    return Proposal.objects.create(
        run=run,
        item=item,
        amount=amount,
        rules_passed=Rule.REGION,
        expires_at=NOW.replace(year=2027),
        **resource,
    )


def accepted(one: Proposal, town: Town) -> Any:
    by = town.chen if one.fund_id else (town.luo if one.offer_id else town.liang)
    return accept_proposal(proposal=one, by=by, now=NOW)


def at_once(*acts: Act) -> Counter[str]:
    """Run the acts in as many threads, started together; count the outcomes by name."""
    start = threading.Barrier(len(acts))

    def one(act: Act) -> str:
        start.wait(timeout=30)
        try:
            act()
        except Exception as refusal:  # the test judges what came out
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def test_managers_who_accept_different_proposals_for_one_item_never_pass_its_gap(
    town: Town, run: MatchRun
) -> None:
    [item] = offered(town, CASH)
    proposals = [proposal(run, item, 100_000, fund=town.fund(yuan=2000)) for _ in range(THREADS)]
    outcome = at_once(*[lambda one=one: accepted(one, town) for one in proposals])
    assert outcome["done"] == 3
    assert outcome["OutsideCharter"] + outcome["GapExceeded"] == THREADS - 3
    assert NeedItem.objects.get(pk=item.pk).gap == 0
    everything_holds()
    trails_hold()


def test_managers_who_accept_from_one_fund_for_different_items_never_overdraw_it(
    town: Town, run: MatchRun
) -> None:
    fund = town.fund(yuan=5000)
    proposals = [proposal(run, offered(town, CASH)[0], 200_000, fund=fund) for _ in range(THREADS)]
    outcome = at_once(*[lambda one=one: accepted(one, town) for one in proposals])
    assert outcome == {"done": 2, "InsufficientFunds": THREADS - 2}
    everything_holds()


def test_one_household_is_not_helped_past_its_cap_by_two_items_at_once(town: Town, run: MatchRun) -> None:
    living = {**CASH, "category": "living"}
    items = offered(town, CASH, living)
    fund = town.fund(
        yuan=50_000, per_case_cap_fen=200_000, per_household_cap_fen=200_000, household_period_days=365
    )
    proposals = [proposal(run, item, 100_000, fund=fund) for item in items * 4]
    outcome = at_once(*[lambda one=one: accepted(one, town) for one in proposals])
    assert outcome == {"done": 2, "OutsideCharter": THREADS - 2}
    assert FundBalance.objects.get(fund=fund).reserved_fen == 200_000
    everything_holds()


@pytest.mark.parametrize("kind", ["fund", "lot", "offer"])
def test_one_proposal_accepted_by_eight_at_once_becomes_one_promise(
    town: Town, run: MatchRun, kind: str
) -> None:
    item = {"fund": CASH, "lot": PIECES, "offer": SESSIONS}[kind]
    resource = {"fund": town.fund, "lot": town.lot, "offer": town.offer}[kind]()
    one = proposal(run, offered(town, item)[0], 3, **{kind: resource})
    assert at_once(*[lambda: accepted(one, town)] * THREADS) == {"done": THREADS}
    assert Commitment.objects.count() + Referral.objects.count() == 1
    everything_holds()


def test_a_proposal_is_accepted_or_declined_never_both(town: Town, run: MatchRun) -> None:
    one = proposal(run, offered(town, CASH)[0], 1000, fund=town.fund())

    def decline() -> None:
        decline_proposal(proposal=one, reason=DeclineReason.NOT_NOW, by=town.chen, now=NOW)

    outcome = at_once(*[lambda: accepted(one, town), decline] * 4)
    one.refresh_from_db()
    assert (one.state, outcome["done"]) in {("accepted", 4), ("declined", 1)}
    assert Commitment.objects.count() == (one.state == "accepted")
    everything_holds()


def paying(town: Town, commitment: Commitment, amount: int, key: str) -> Act:
    return lambda: deliver_commitment(
        commitment=commitment, amount=amount, key=key, payer=town.he, approver=None, now=NOW, bank_line="B1"
    )


def test_one_payment_key_sent_by_eight_at_once_pays_once(town: Town, run: MatchRun) -> None:
    commitment = accepted(proposal(run, offered(town, CASH)[0], 300_000, fund=town.fund()), town)
    assert at_once(*[paying(town, commitment, 100_000, "pay-1")] * THREADS) == {"done": THREADS}
    assert Disbursement.objects.get().amount == 100_000
    everything_holds()
    trails_hold()


def test_payments_with_keys_of_their_own_never_pass_the_commitment(town: Town, run: MatchRun) -> None:
    commitment = accepted(proposal(run, offered(town, CASH)[0], 300_000, fund=town.fund()), town)
    outcome = at_once(*[paying(town, commitment, 120_000, f"pay-{n}") for n in range(THREADS)])
    assert outcome == {"done": 2, "ValueError": THREADS - 2}
    everything_holds()


def test_a_commitment_is_paid_or_given_back_never_both(town: Town, run: MatchRun) -> None:
    commitment = accepted(proposal(run, offered(town, CASH)[0], 300_000, fund=town.fund()), town)

    def give_back() -> None:
        release_commitment(commitment=commitment, reason="另有安排", by=town.chen, now=NOW)

    outcome = at_once(*[paying(town, commitment, 300_000, "p"), give_back] * 4)
    assert "OperationalError" not in outcome
    commitment.refresh_from_db()
    assert (commitment.state, Disbursement.objects.count()) in {("completed", 1), ("released", 0)}
    everything_holds()


def test_promising_paying_and_giving_back_on_the_same_items_never_wait_for_one_another_for_ever(
    town: Town, run: MatchRun
) -> None:
    funds = [town.fund(yuan=50_000) for _ in range(2)]
    items = [offered(town, {**CASH, "required": 3_000_000})[0] for _ in range(2)]
    for round_ in range(6):
        fresh = [proposal(run, item, 1000, fund=fund) for item in items for fund in funds]
        standing = [accepted(proposal(run, i, 1000, fund=f), town) for i in items for f in funds]
        acts: list[Act] = [lambda one=one: accepted(one, town) for one in fresh]
        for place, one in enumerate(standing):
            if place % 2:
                acts.append(paying(town, one, 500, f"{round_}-{place}"))
            else:
                acts.append(
                    lambda one=one: release_commitment(commitment=one, reason="撤回", by=town.chen, now=NOW)
                )
        assert at_once(*acts) == {"done": len(acts)}
    everything_holds()
    trails_hold()


def acts_on_units(
    town: Town, run: MatchRun, items: list[NeedItem], supplies: dict[str, Any], turn: int
) -> list[Act]:
    """Return one act of each kind on the same goods, the same service and the same supplies."""
    goods, services = items
    lot, offer = {"lot": supplies["lot"]}, {"offer": supplies["offer"]}
    kept = accepted(proposal(run, goods, 2, **lot), town)
    running, ended = (accepted(proposal(run, services, 2, **offer), town) for _ in range(2))
    for act in ("accept", "start"):
        advance_referral(referral=running, act=act, by=town.luo, now=NOW)
    new_goods, new_service = proposal(run, goods, 2, **lot), proposal(run, services, 2, **offer)
    hand_over = {"commitment": kept, "amount": 1, "payer": town.liang, "approver": None}
    return [
        lambda: accepted(new_goods, town),
        lambda: accepted(new_service, town),
        lambda: deliver_commitment(key=f"g{turn}", now=NOW, **hand_over),
        lambda: give_sessions(referral=running, sessions=1, key=f"s{turn}", by=town.luo, now=NOW),
        lambda: advance_referral(referral=ended, act="cancel", by=town.luo, now=NOW, outcome="已搬离"),
        lambda: run_matching(by=town.chen, now=NOW),
    ]


def test_goods_and_services_promised_given_and_matched_at_once_never_wait_for_ever(
    town: Town, run: MatchRun
) -> None:
    supplies = {"lot": town.lot(pieces=500), "offer": town.offer(sessions=500)}
    items = offered(town, {**PIECES, "required": 200}, {**SESSIONS, "required": 200})
    for turn in range(6):
        acts = acts_on_units(town, run, items, supplies, turn)
        assert at_once(*acts) == {"done": len(acts)}
    everything_holds()


def test_one_case_verified_and_one_need_published_by_eight_at_once_are_so_once(town: Town) -> None:
    town.crowd(24)
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    outcome = at_once(*[lambda: verify(case=case, by=town.zhou, now=NOW)] * THREADS)
    assert outcome == {"done": 1, "ForbiddenAct": THREADS - 1}
    need, plan = case.need, crowd.plan(now=NOW)
    outcome = at_once(*[lambda: decide(need=need, by=town.wu, now=NOW, plan=plan)] * THREADS)
    assert outcome == {"done": 1, "ForbiddenAct": THREADS - 1}
    assert Project.objects.count() == GateDecision.objects.count() == 1
    trails_hold()


def test_two_items_of_one_public_need_move_at_once_and_its_project_shows_both(
    town: Town, run: MatchRun
) -> None:
    items = [CASH, PIECES]
    town.crowd(24, items=items)
    need = town.verified(items=items)
    decide(need=need, by=town.wu, now=NOW, plan=crowd.plan(now=NOW))
    cash, goods = need.items.order_by("kind")
    fund: Fund = town.fund()
    lot = town.lot()
    fresh = [proposal(run, cash, 75_000, fund=fund) for _ in range(4)]
    fresh += [proposal(run, goods, 1, lot=lot) for _ in range(3)]
    assert at_once(*[lambda one=one: accepted(one, town) for one in fresh]) == {"done": 7}
    project = Project.objects.get()
    assert project.covered_percent == 100
    assert [update.seq for update in project.updates.all()] == list(range(1, project.updates.count() + 1))
    everything_holds()
