"""Every case has one owner from its first minute, and a clock for each step."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.clocks.models import Clock, Duty, Notice
from needs.models import CaseRecord
from needs.services import owners
from needs.services.absences import end_absence, move_absences, plan_absence
from needs.services.cases import refuse, return_for_more, take_up
from tests.people import office, person, running
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_new_case_belongs_to_the_least_burdened_officer_of_the_nearest_unit(town: Town) -> None:
    county = office(town, COUNTY)
    tang, song = person("tang", county, Role.CASE_OFFICER), person("song", county, Role.CASE_OFFICER)
    assert [town.case().owner for _ in range(3)] == [tang, song, tang]
    assert town.case(region=NEXT_COUNTY).owner == town.lin
    assert Notice.objects.filter(to=song, kind="assigned").count() == 1


def test_the_regions_duty_comes_before_the_nearest_unit_and_an_absent_one_is_stood_in_for(
    town: Town, zheng: User
) -> None:
    person("tang", office(town, COUNTY), Role.CASE_OFFICER)
    Duty.objects.create(
        region_id=PREFECTURE, user=town.lin, valid_from=NOW.date(), source="值班表", by=zheng, at=NOW
    )
    assert town.case().owner == town.lin
    plan_absence(
        user=town.lin, substitute=zheng, starts_on=NOW.date(), ends_on=NOW.date(), reason="病假", by=zheng, now=NOW
    )  # fmt: skip
    assert town.case().owner == zheng


def test_where_no_unit_has_an_officer_whoever_brings_the_case_owns_it(town: Town) -> None:
    town.lin.memberships.all().delete()
    case = CaseRecord(region_id=COUNTY, tier="joint", number="X")
    owners.receive(cases=[case], by=town.wu, now=NOW)
    assert case.owner == town.wu


def test_the_database_takes_no_case_without_an_owner(town: Town) -> None:
    case = town.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseRecord.objects.filter(pk=case.pk).update(owner=None)


def test_each_step_has_its_clock_and_no_other_runs(town: Town) -> None:
    case = town.case()
    assert running(case) == {"take_up"}
    case = take_up(case=case, by=town.lin, now=NOW)
    assert running(case) == {"verify"}
    case = return_for_more(case=case, reason="缺材料", by=town.zhou, now=LATER)
    assert running(case) == {"complete"}
    case = take_up(case=case, by=town.lin, now=LATER)
    refuse(case=case, reason="不符合", by=town.zhou, now=LATER)
    assert running(case) == {"appeal_window"}
    assert Clock.objects.get(case=case.pk, ended_at=None).owner == town.lin


def test_a_case_passes_on_with_its_clocks_by_its_owner_or_a_supervisor(town: Town, zheng: User) -> None:
    song = person("song", town.desk, Role.CASE_OFFICER)
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    for by, to in ((song, song), (town.zhou, song), (town.lin, town.zhou)):
        with pytest.raises(NotAllowed):
            owners.reassign(case=case, to=to, reason="调岗", by=by, now=LATER)
    owners.reassign(case=case, to=song, reason="调岗", by=town.lin, now=LATER)
    owners.reassign(case=case, to=town.lin, reason="调回", by=zheng, now=LATER)
    owners.reassign(case=case, to=song, reason="再调", by=zheng, now=LATER)
    case.refresh_from_db()
    assert case.owner == Clock.objects.get(case=case.pk, ended_at=None).owner == song
    assert Notice.objects.filter(to=song, kind="assigned").count() == 2


def test_an_absence_hands_over_on_its_first_day_and_gives_back_what_is_left(town: Town, zheng: User) -> None:
    song = person("song", town.desk, Role.CASE_OFFICER)
    kept, passed = town.case(), town.case()
    CaseRecord.objects.update(owner=town.lin)
    monday = NOW.date() + DAY
    absence = plan_absence(
        user=town.lin, substitute=song, starts_on=monday, ends_on=monday + DAY, reason="培训", by=town.lin, now=NOW
    )  # fmt: skip
    assert CaseRecord.objects.filter(owner=town.lin).count() == 2
    assert move_absences(now=NOW + DAY) == (1, 0)
    assert CaseRecord.objects.filter(owner=song).count() == 2
    owners.reassign(case=passed, to=zheng, reason="接手", by=zheng, now=NOW + DAY)
    assert move_absences(now=NOW + DAY) == (0, 0)
    assert move_absences(now=NOW + 3 * DAY) == (0, 1)
    kept.refresh_from_db()
    passed.refresh_from_db()
    assert (kept.owner, passed.owner) == (town.lin, zheng)
    assert end_absence(absence=absence, by=None, now=NOW + 4 * DAY) == 0
    assert set(Notice.objects.filter(step="absence").values_list("to__username", "kind")) == {
        ("song", "handed_over"), ("lin", "returned"),
    }  # fmt: skip


def test_what_a_substitute_may_not_have_stays_and_is_told(town: Town, zheng: User) -> None:
    tang = person("tang", office(town, COUNTY), Role.CASE_OFFICER)
    mine, theirs = town.case(region=COUNTY), town.case(region=NEXT_COUNTY)
    CaseRecord.objects.update(owner=town.lin)
    plan_absence(
        user=town.lin, substitute=tang, starts_on=NOW.date(), ends_on=NOW.date(), reason="病假", by=zheng, now=NOW
    )  # fmt: skip
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.owner, theirs.owner) == (tang, town.lin)
    assert Notice.objects.filter(to=zheng, kind="told").exists()
