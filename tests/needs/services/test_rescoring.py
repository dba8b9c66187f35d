"""Every event that changes a fact leaves the score that a fresh reckoning gives: none is forgotten."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.codes import Group, ReliefCircle, Tier
from jiujinan.sealing.fields import Plain
from needs.assessment.score import score
from needs.assessment.score_table import shipped_table
from needs.models import CaseRecord, LocalStandard, Need, NeedItem, Person, ScoreVersion
from needs.services import coverage, facts
from needs.services.assessing import Yardsticks
from needs.services.cases import take_up
from needs.services.local_rules import enter_rule
from needs.services.refusals import NotReady
from needs.services.rescoring import owe_for_standards_now_in_force, rescore_due
from needs.services.score_versions import draft_version, dry_run, publish_version
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town

LATER = NOW + timedelta(hours=2)
TODAY = NOW.date()
WIDE = {
    "circle": {"points": 20, "values": {"basic": 1000, "edge": 800, "ring_150": 500, "ring_200": 250, "other": 0}},
    "burden": {"points": 15, "full_at": 2000},
    "vulnerable": {"points": 15, "each": 400, "groups": ["child", "orphan", "elder", "disabled"]},
    "urgency": {"points": 15, "values": {"critical": 1000, "joint": 500, "departmental": 150}},
    "income": {"points": 10, "none_at": 2000},
    "dependants": {"points": 5, "full_at": 6},
    "unmet": {"points": 20, "full_at": 1000},
}  # fmt: skip


@pytest.fixture
def zheng(town: Town) -> User:
    user = register_person(username="zheng", full_name="郑督导", password=None)
    join(user=user, organisation=town.desk, role=Role.SUPERVISOR)
    return user


@pytest.fixture
def wide(town: Town, zheng: User) -> ScoreVersion:
    """A version in force that looks at every fact."""
    version = draft_version(table=WIDE, note="按肥城指标", by=town.zhou, now=NOW)
    return publish_version(version=version, by=zheng, now=NOW)


def fresh(case: CaseRecord) -> int:
    """Return what a reckoning from nothing gives."""
    case = CaseRecord.objects.select_related("household", "beneficiary").get(pk=case.pk)
    marks = Yardsticks.current()
    return score(
        marks.facts_of(case, NeedItem.objects.filter(need__case=case), LATER.date()), marks.table
    ).total


def standard(town: Town, by: User, fen: int, *, day: date = TODAY, region: str = COUNTY) -> None:
    row = LocalStandard(region_id=region, monthly_fen=fen, valid_from=day, source="县民发1号")
    enter_rule(row=row, by=by, now=LATER)


EVENTS: dict[str, Callable[[Town, CaseRecord, User], object]] = {
    "taken up": lambda town, case, by: take_up(
        case=CaseRecord.objects.get(pk=town.case(tier="critical").pk), by=town.lin, now=LATER
    ),
    "item": lambda town, case, by: facts.revise_item(
        item=case.need.items.get(), required=300_000, government=200_000, insurance=0, reason="已报销",
        by=town.lin, now=LATER,
    ),
    "circle": lambda town, case, by: facts.establish_circle(
        case=case, circle=ReliefCircle.OTHER, reason="纳入低保", by=town.lin, now=LATER
    ),
    "circle left open again": lambda town, case, by: facts.establish_circle(
        case=case, circle=None, reason="退出低保", by=town.lin, now=LATER
    ),
    "groups": lambda town, case, by: facts.set_groups(
        case=case, groups=[Group.CHILD, Group.DISABLED], reason="核实", by=town.lin, now=LATER
    ),
    "watch list": lambda town, case, by: facts.set_groups(
        case=case, groups=[Group.CHILD, Group.ORPHAN], reason="", by=None, now=LATER
    ),
    "means": lambda town, case, by: facts.change_means(
        case=case, reason="失业", by=town.lin, now=LATER, monthly_income_fen=0, size=6
    ),
    "tier": lambda town, case, by: facts.change_tier(
        case=case, tier=Tier.CRITICAL, reason="恶化", by=town.lin, now=LATER
    ),
    "beneficiary": lambda town, case, by: facts.set_beneficiary(
        case=case, person=_child_of(case), reason="助学", by=town.lin, now=LATER
    ),
    "committed": lambda town, case, by: coverage.commit(item=case.need.items.get(), amount=150_000, now=LATER),
    "released": lambda town, case, by: (
        coverage.commit(item=case.need.items.get(), amount=150_000, now=LATER),
        coverage.release(item=case.need.items.get(), amount=150_000, now=LATER),
    ),
    "delivered": lambda town, case, by: (
        coverage.commit(item=case.need.items.get(), amount=150_000, now=LATER),
        coverage.deliver(item=case.need.items.get(), amount=150_000, now=LATER),
    ),
    "standard": lambda town, case, by: standard(town, by, 200_000),
    "score version": lambda town, case, by: publish_version(
        version=draft_version(table=shipped_table(), note="回到第一版", by=town.zhou, now=LATER), by=by, now=LATER
    ),
}  # fmt: skip
OWED = {"standard", "score version"}


def _child_of(case: CaseRecord) -> Person:
    child = Person(household=case.household, groups=["child", "orphan"], birth_year=2015, name_index="x")
    child.name = Plain("测试童")
    child.save(force_insert=True)
    return child


@pytest.mark.parametrize("event", list(EVENTS))
def test_an_event_that_changes_a_fact_changes_the_score(
    town: Town, wide: ScoreVersion, zheng: User, event: str
) -> None:
    need = town.verified(groups=["elder"])
    case = need.case
    standard(town, zheng, 68_000)
    rescore_due(now=LATER)
    before = Need.objects.get(pk=need.pk).score
    EVENTS[event](town, case, zheng)
    if event in OWED:
        assert Need.objects.get(pk=need.pk).score_due_at is not None
        rescore_due(now=LATER)
    after = Need.objects.get(pk=need.pk)
    assert (after.score, after.score_due_at) == (fresh(case), None)
    assert after.score == sum(after.score_parts.values())
    if event not in {"taken up", "circle left open again", "released"}:
        assert after.score != before, event


def test_help_lowers_the_rank_at_once_and_giving_it_back_raises_it_again(
    town: Town, wide: ScoreVersion
) -> None:
    need = town.verified()
    item = need.items.get()
    scores = [Need.objects.get(pk=need.pk).score]
    for act in (coverage.commit, coverage.release):
        act(item=item, amount=300_000, now=LATER)
        scores.append(Need.objects.get(pk=need.pk).score)
    assert scores[0] == scores[2] > scores[1]


def test_a_standard_owes_scores_in_its_region_alone(town: Town, zheng: User) -> None:
    here, there = town.assessed(region=COUNTY), town.assessed(region=NEXT_COUNTY)
    standard(town, zheng, 500_000)
    assert Need.objects.get(pk=here.pk).score_due_at == LATER
    assert Need.objects.get(pk=there.pk).score_due_at is None
    assert rescore_due(now=LATER) == 1
    assert CaseRecord.objects.get(pk=here.case_id).household.circle == "basic"


def test_a_standard_of_tomorrow_counts_when_tomorrow_comes(town: Town, zheng: User) -> None:
    need = town.assessed()
    tomorrow = NOW.date() + timedelta(days=1)
    standard(town, zheng, 10_000, day=tomorrow)
    rescore_due(now=LATER)
    before = Need.objects.get(pk=need.pk)
    assert owe_for_standards_now_in_force(now=NOW + timedelta(days=1)) == 1
    rescore_due(now=NOW + timedelta(days=1))
    assert owe_for_standards_now_in_force(now=NOW + timedelta(days=2)) == 0
    assert Need.objects.get(pk=need.pk).score != before.score


def test_a_dry_run_says_who_rises_and_falls_and_writes_nothing(town: Town) -> None:
    town.assessed(tier="critical")
    town.assessed(tier="departmental")
    heavy = {
        **shipped_table(),
        "urgency": {"points": 50, "values": {"critical": 1000, "joint": 500, "departmental": 0}},
        "burden": {"points": 20, "full_at": 2000},
        "vulnerable": {"points": 0, "each": 1, "groups": []},
    }
    version = draft_version(table=heavy, note="试", by=town.zhou, now=NOW)
    before = list(Need.objects.order_by("pk").values_list("score", "score_version", "score_due_at"))
    found = dry_run(version=version, needs=Need.objects.all(), now=LATER)
    assert (found.cases, found.rises, found.falls) == (2, 1, 1)
    assert sum(found.before) == sum(found.after) == 2
    assert list(Need.objects.order_by("pk").values_list("score", "score_version", "score_due_at")) == before


def test_who_drafts_does_not_publish_and_an_older_draft_comes_too_late(town: Town, zheng: User) -> None:
    mine = draft_version(table=shipped_table(), note="一", by=zheng, now=NOW)
    theirs = draft_version(table=shipped_table(), note="二", by=town.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        publish_version(version=mine, by=zheng, now=NOW)
    for person in (town.lin, town.wu, town.zhou):
        with pytest.raises(NotAllowed):
            publish_version(version=mine, by=person, now=NOW)
    publish_version(version=theirs, by=zheng, now=NOW)
    other = register_person(username="other", full_name="另一督导", password=None)
    join(user=other, organisation=town.desk, role=Role.SUPERVISOR)
    with pytest.raises(NotReady, match="newer_in_force"):
        publish_version(version=mine, by=other, now=NOW)
    assert list(ScoreVersion.objects.filter(state="published")) == [theirs]


@pytest.mark.parametrize("region", ["370000", "990000"])
def test_nobody_enters_figures_of_a_region_that_is_not_theirs(town: Town, zheng: User, region: str) -> None:
    with pytest.raises(NotAllowed):
        standard(town, zheng, 1, region=region)
    with pytest.raises(NotAllowed):
        standard(town, town.lin, 1, region=PREFECTURE)
