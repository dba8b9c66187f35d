"""A county whose crowd is too small for givers who know it is kept from funds that are bound to it."""

from typing import Any

import pytest

from matching.eligibility import OutsideCharter
from matching.idleness import idle_funds
from matching.models import Proposal
from matching.queries import why_item
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from needs.models import GateDecision, Need
from needs.queries import place_for_funds, places_kept_from_funds
from tests.town import COUNTY, NOW, PREFECTURE, Town

SESSIONS = [{"kind": "service", "category": "counselling", "unit": "session", "required": 2}]


def keep_the_county(need: Need, place: int) -> None:
    """Let the need's standing decision say that offers may name no finer place (0 county, 1 prefecture)."""
    for decision in GateDecision.objects.filter(need=need):
        decision.measures["place"] = place
        decision.save(update_fields=["measures"])


def shown(town: Town, place: int, **facts: Any) -> Need:
    need = town.let_through(town.verified(**facts))
    keep_the_county(need, place)
    return need


def funds_asked(town: Town) -> set[str]:
    proposals = Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW))
    return set(proposals.values_list("fund__name", flat=True))


@pytest.mark.parametrize(
    ("place", "asked"), [(0, {"county", "prefecture", "anywhere"}), (1, {"prefecture", "anywhere"})]
)
def test_a_fund_of_one_county_is_asked_only_where_the_county_may_be_known(
    town: Town, place: int, asked: set[str]
) -> None:
    shown(town, place, yuan=3_000)
    for name, regions in (("county", [COUNTY]), ("prefecture", [PREFECTURE]), ("anywhere", [])):
        town.fund(yuan=1_000, name=name, regions=regions)
    assert funds_asked(town) == asked


def test_the_reason_names_the_place_of_the_record_and_not_the_county(town: Town) -> None:
    need = shown(town, 1)
    town.fund(regions=[COUNTY])
    run = run_matching(by=town.chen, now=NOW)
    item = need.items.get()
    why = why_item(kind=item.kind, item=item.pk, run=run)
    assert why is not None
    assert "region" in why.reasons.failed
    assert places_kept_from_funds() == {need.pk: PREFECTURE}
    assert place_for_funds(need) == PREFECTURE


def test_the_place_is_asked_again_in_the_moment_of_accepting(town: Town) -> None:
    need = shown(town, 0)
    town.fund(regions=[COUNTY])
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    keep_the_county(need, 1)
    with pytest.raises(OutsideCharter) as refusal:
        accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert [(one.rule, one.actual) for one in refusal.value.failed] == [("region", PREFECTURE)]


def test_the_idle_money_report_of_a_county_fund_does_not_count_what_is_kept_from_it(town: Town) -> None:
    shown(town, 1, yuan=3_000)
    county, prefecture = town.fund(regions=[COUNTY]), town.fund(regions=[PREFECTURE])
    told = {fund.pk: report.reachable_gap_fen for fund, report in idle_funds(now=NOW)}
    assert told == {county.pk: 0, prefecture.pk: 3_000_00}


def test_services_stay_local_since_who_comes_into_the_house_meets_the_household(town: Town) -> None:
    shown(town, 1, items=SESSIONS)
    town.offer(regions=[COUNTY])
    assert Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).count() == 1
