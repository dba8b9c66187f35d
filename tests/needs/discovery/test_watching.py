"""Watch lists keep themselves by their rules; a visit that finds something starts a clock."""

from datetime import timedelta

import pytest

from jiujinan.accounts.predicates import NotAllowed
from jiujinan.codes import DiscoveryChannel, Tier
from needs.discovery.models import NeedReport, Visit, WatchEntry, WatchGroup
from needs.discovery.services import (
    NotYet,
    add_by_hand,
    install_groups,
    record_visit,
    refresh_lists,
    save_group,
    take_off,
)
from needs.discovery.watch_rules import WrongRule
from tests.town import COUNTY, NOW, PREFECTURE, Town

TODAY = NOW.date()


@pytest.fixture
def entry(town: Town) -> WatchEntry:
    town.case(groups=["orphan"])
    refresh_lists(now=NOW)
    return WatchEntry.objects.get(group__code="orphans")


def test_a_household_comes_on_the_list_by_its_facts_and_leaves_it_by_them(
    town: Town, entry: WatchEntry
) -> None:
    assert refresh_lists(now=NOW).began == 0
    entry.household.cases.update(groups=[])
    assert refresh_lists(now=NOW + timedelta(days=1)).ended == 1
    entry.refresh_from_db()
    assert entry.ended_at is not None


def test_first_visits_are_spread_over_the_span(town: Town) -> None:
    for _ in range(30):
        town.case(groups=["orphan"])
    refresh_lists(now=NOW)
    days = set(WatchEntry.objects.values_list("next_visit_on", flat=True))
    assert len(days) > 10
    assert max(days) < TODAY + timedelta(days=30)


def test_the_groups_of_the_platform_are_installed_once(db: None) -> None:
    assert install_groups() == 9
    assert install_groups() == 0


def test_a_quiet_visit_sets_the_next_one(town: Town, entry: WatchEntry) -> None:
    visit, receipt = record_visit(
        entry=entry, on=TODAY, found=Visit.Found.WELL, note="", by=town.lin, now=NOW
    )
    entry.refresh_from_db()
    assert receipt is None
    assert entry.next_visit_on == TODAY + timedelta(days=30)
    assert visit.note is None


def test_nobody_at_home_means_coming_again_soon(town: Town, entry: WatchEntry) -> None:
    record_visit(entry=entry, on=TODAY, found=Visit.Found.ABSENT, note="", by=town.lin, now=NOW)
    entry.refresh_from_db()
    assert entry.next_visit_on == TODAY + timedelta(days=3)


def test_an_urgent_finding_is_a_report_under_the_critical_clock(town: Town, entry: WatchEntry) -> None:
    record_visit(entry=entry, on=TODAY, found=Visit.Found.URGENT, note="断粮", by=town.lin, now=NOW)
    report = NeedReport.objects.get()
    assert (report.tier, report.channel) == (Tier.CRITICAL, DiscoveryChannel.HOME_VISIT)
    assert report.due_at == NOW + timedelta(hours=2)
    assert report.owner == town.lin


def test_a_finding_needs_words_and_no_visit_lies_ahead(town: Town, entry: WatchEntry) -> None:
    with pytest.raises(NotYet, match="note_missing"):
        record_visit(entry=entry, on=TODAY, found=Visit.Found.FOLLOW, note=" ", by=town.lin, now=NOW)
    with pytest.raises(NotYet, match="visit_in_the_future"):
        record_visit(
            entry=entry, on=TODAY + timedelta(days=1), found=Visit.Found.WELL, note="", by=town.lin, now=NOW
        )


def test_only_officers_of_the_region_visit(town: Town, entry: WatchEntry) -> None:
    with pytest.raises(NotAllowed):
        record_visit(entry=entry, on=TODAY, found=Visit.Found.WELL, note="", by=town.luo, now=NOW)


def test_what_a_hand_put_on_the_list_a_hand_takes_off(town: Town, entry: WatchEntry) -> None:
    other = town.case().household
    group = WatchGroup.objects.get(code="border")
    mine = add_by_hand(household=other, group=group, reason="村干部反映", by=town.lin, now=NOW)
    refresh_lists(now=NOW)
    mine.refresh_from_db()
    assert mine.ended_at is None
    take_off(entry=mine, reason="已搬离", by=town.lin, now=NOW)
    with pytest.raises(NotYet, match="held_by_rule"):
        take_off(entry=entry, reason="误", by=town.lin, now=NOW)


def test_a_unit_sets_groups_for_its_own_region_alone(town: Town) -> None:
    group = WatchGroup(
        code="own",
        name_zh="本地",
        name_en="Local",
        rule={"region": COUNTY},
        every_days=10,
        region_id=PREFECTURE,
    )
    save_group(group=group, by=town.lin, now=NOW)
    town.case()
    assert refresh_lists(now=NOW).began == 1
    with pytest.raises(WrongRule):
        save_group(
            group=WatchGroup(code="bad", region_id=COUNTY, rule={"x": 1}, every_days=1), by=town.lin, now=NOW
        )
    with pytest.raises(NotAllowed):
        save_group(
            group=WatchGroup(code="all", region=None, rule={"region": COUNTY}, every_days=1),
            by=town.lin,
            now=NOW,
        )
