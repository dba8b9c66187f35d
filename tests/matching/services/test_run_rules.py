"""What a run keeps to: who waits too long comes first, packages stay whole, referrals keep to weeks and languages."""

from datetime import date, timedelta
from typing import Any

from matching.gathering import free_places, gather
from matching.models import MatchRun, Proposal
from matching.queries import ItemWhy, why_item, why_pair
from matching.services.runs import replay, run_matching
from needs.models import CaseRecord, Need, NeedItem
from needs.services.facts import set_languages, tie_items
from tests.matching.invariants import every_row_has_its_reason
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

MONEY = {"kind": "cash", "category": "medical", "unit": "fen", "required": 300_000}
CARE = {"kind": "service", "category": "care", "unit": "session", "required": 6}
TALK = {"kind": "service", "category": "counselling", "unit": "session", "required": 6}


def offered(town: Town, score: int = 50, waited: int = 1, **facts: Any) -> Need:
    """Return a need that stands open to everybody, with this score, found so many days ago."""
    need = town.let_through(town.verified(**facts))
    Need.objects.filter(pk=need.pk).update(score=score)
    CaseRecord.objects.filter(pk=need.case_id).update(applied_on=NOW.date() - timedelta(days=waited))
    return need


def run_now(town: Town) -> MatchRun:
    run = run_matching(by=town.chen, now=NOW)
    assert replay(run=run).digest() == run.outcome_digest
    every_row_has_its_reason(run)
    return run


def why(run: MatchRun, need: Need, kind: str = "cash") -> ItemWhy:
    found = why_item(kind=kind, item=NeedItem.objects.get(need=need, kind=kind).pk, run=run)
    assert found is not None
    return found


def test_whoever_waits_past_the_limit_comes_before_every_younger_equal(town: Town) -> None:
    young, old = offered(town, score=55, waited=2), offered(town, score=51, waited=20)
    town.fund(yuan=3000)
    run = run_now(town)
    assert [one.item.need_id for one in Proposal.objects.filter(run=run)] == [old.pk]
    assert why(run, old).reasons.overdue
    assert why(run, young).reasons.shortfall == "exhausted"


def test_waiting_lifts_nobody_over_a_harder_case(town: Town) -> None:
    harder, old = offered(town, score=75, waited=2), offered(town, score=51, waited=20)
    town.fund(yuan=3000)
    assert [one.item.need_id for one in Proposal.objects.filter(run=run_now(town))] == [harder.pk]
    assert old.pk != harder.pk


def test_the_forgotten_get_their_share_before_harder_cases(town: Town) -> None:
    cases = [offered(town, score=90, waited=1, yuan=1000) for _ in range(10)]
    forgotten = offered(town, score=20, waited=60, yuan=1000)
    town.fund(yuan=10_000)
    run = run_now(town)
    assert why(run, forgotten).reasons.outcome == "matched"
    assert why(run, forgotten).reasons.forgotten
    assert (
        sum(why(run, case).reasons.covered for case in cases) == 900_000
    )  # what is left is shared among equals


def test_the_money_of_a_package_is_withheld_where_its_care_is_missing_and_both_say_why(town: Town) -> None:
    need = offered(town, items=[MONEY, CARE])
    tie(town, need)
    fund = town.fund(yuan=10_000)
    run = run_now(town)
    assert not Proposal.objects.filter(run=run).exists()
    assert why(run, need).reasons.shortfall == "withheld"
    assert why(run, need, "service").reasons.shortfall == "not_eligible"
    pair = why_pair(
        kind="cash", item=NeedItem.objects.get(need=need, kind="cash").pk, supply=fund.pk, run=run
    )
    assert pair is not None
    assert pair.outcome == "withheld"
    town.offer(sessions=6, category="care")
    assert Proposal.objects.filter(run=run_now(town)).count() == 2


def test_items_that_are_not_tied_come_one_by_one(town: Town) -> None:
    need = offered(town, items=[MONEY, CARE])
    tie(town, need)
    tie_items(case=need.case, items=[], reason="各自办理", by=town.lin, now=NOW)
    town.fund(yuan=10_000)
    assert Proposal.objects.filter(run=run_now(town)).count() == 1


def tie(town: Town, need: Need) -> None:
    tie_items(case=need.case, items=list(need.items.all()), reason="术后须有照护", by=town.lin, now=NOW)


def test_a_referral_stays_with_one_agency_whose_weeks_have_room_for_it(town: Town) -> None:
    need = offered(town, items=[TALK])
    town.offer(sessions=5)
    town.offer(sessions=5)
    run = run_now(town)
    assert not Proposal.objects.filter(run=run).exists()
    assert why(run, need, "service").reasons.failed == ("capacity",)
    town.offer(sessions=6)
    proposal = Proposal.objects.get(run=run_now(town))
    assert proposal.amount == 6
    assert proposal.weeks == 0b111111


def test_no_week_is_promised_twice_and_what_is_asked_already_counts(town: Town) -> None:
    offer = town.offer(sessions=100)
    type(offer).objects.filter(pk=offer.pk).update(weekly_capacity=1)
    needs = [offered(town, items=[TALK]) for _ in range(2)]
    run = run_now(town)
    weeks = [why(run, need, "service").reasons.weeks for need in needs]
    assert sorted(week for some in weeks for week in some) == list(range(12))
    offer.refresh_from_db()
    assert free_places(offer, [6, 6], NOW.date())[:7] == (0, 0, 0, 0, 0, 0, 1)


def test_an_offer_that_ends_or_begins_later_has_no_weeks_outside(town: Town) -> None:
    offer = town.offer(sessions=3)
    offer.starts_on, offer.ends_on = date(2026, 7, 20), date(2026, 8, 2)
    assert free_places(offer, [], NOW.date())[:5] == (0, 0, 3, 3, 0)


def test_long_care_takes_several_sessions_a_week(town: Town) -> None:
    offered(town, items=[{**CARE, "required": 60}])
    town.offer(sessions=100, category="care")
    proposal = Proposal.objects.get(run=run_now(town))
    assert proposal.amount == 60
    assert proposal.weeks.bit_count() == 20


def test_a_household_is_referred_to_an_agency_that_speaks_its_language(town: Town) -> None:
    need = offered(town, items=[TALK])
    set_languages(case=need.case, languages=["壮语"], reason="家访得知", by=town.lin, now=NOW)
    town.offer(sessions=10, languages=["普通话"])
    run = run_now(town)
    assert why(run, need, "service").reasons.failed == ("language",)
    fitting = town.offer(sessions=10, languages=["普通话", "壮语"])
    assert Proposal.objects.get(run=run_now(town)).offer_id == fitting.pk


def test_goods_come_from_the_nearest_station(town: Town) -> None:
    offered(
        town,
        region=NEXT_COUNTY,
        items=[{"kind": "goods", "category": "food", "unit": "piece", "required": 3}],
    )
    far, near = town.lot(pieces=9), town.lot(pieces=9)
    town.station.region_id = NEXT_COUNTY
    town.station.save()
    moved = town.other_charity
    type(moved).objects.filter(pk=moved.pk).update(region_id=COUNTY)
    type(far).objects.filter(pk=far.pk).update(station=moved)
    assert Proposal.objects.get(run=run_now(town)).lot_id == near.pk


def test_a_run_that_sees_nothing_is_a_run(town: Town) -> None:
    assert run_now(town).summary["matches"] == 0
    assert gather(now=NOW).digest() == gather(now=NOW).digest()


def test_steps_of_the_order_count_over_all_tiers(town: Town) -> None:
    urgent, other = offered(town, tier="critical", yuan=1000), offered(town, tier="departmental", yuan=1000)
    town.fund(yuan=1000)
    run = run_now(town)
    assert [why(run, one).reasons.step for one in (urgent, other)] == [1, 2]
    assert why(run, other).reasons.ended_step == 1
