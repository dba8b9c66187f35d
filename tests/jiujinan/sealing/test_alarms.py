"""Unusual reading of personal data raises an alarm that a supervisor acknowledges."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.sealing.alarms import FindingMissing, acknowledge, find_idle_readings
from jiujinan.sealing.models import ReadingAlarm
from jiujinan.sealing.services import open_fields
from jiujinan.sealing.watching import Opening, Unusual, unusual
from needs.services.cases import take_up
from tests.town import COUNTY, NOW, Town

WORKDAY = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)  # read as local time by the rule


def read(town: Town, *, by: User, case: str = "c1", at: datetime = NOW, region: str = COUNTY) -> None:
    open_fields(rows=[], fields=["name"], case=case, by=by, reason="核对", now=at, region=region)


def supervisor(town: Town) -> User:
    person = register_person(username="song", full_name="Song", password=None)
    join(user=person, organisation=town.desk, role=Role.SUPERVISOR)
    return person


def kinds() -> list[str]:
    return list(ReadingAlarm.objects.order_by("pk").values_list("kind", flat=True))


def test_ordinary_reading_raises_nothing(town: Town) -> None:
    read(town, by=town.lin)
    assert kinds() == []


def test_reading_outside_ones_region_at_night_and_in_numbers_is_told_once_each(
    town: Town, settings: Settings
) -> None:
    settings.READINGS_PER_HOUR = 3
    for n in range(6):
        read(town, by=town.lin, case=f"c{n}", at=NOW + timedelta(minutes=n))
    assert kinds() == ["many"]
    read(town, by=town.lin, case="far", region="110101", at=NOW + timedelta(days=1))
    read(town, by=town.lin, case="far", region="110101", at=NOW + timedelta(days=1))
    read(town, by=town.lin, case="night", at=NOW + timedelta(days=2, hours=14))
    assert kinds() == ["many", "elsewhere", "off_hours"]
    assert ReadingAlarm.objects.first() is not None


def test_an_opening_without_any_act_of_its_reader_is_asked_about_later(town: Town) -> None:
    case, other = town.case(), town.case()
    for one in (case, other):
        read(town, by=town.lin, case=str(one.pk))
    take_up(case=other, by=town.lin, now=NOW + timedelta(hours=1))
    assert find_idle_readings(now=NOW + timedelta(days=2)) == 0
    assert find_idle_readings(now=NOW + timedelta(days=12)) == 1
    assert find_idle_readings(now=NOW + timedelta(days=13)) == 0
    assert ReadingAlarm.objects.get().case == str(case.pk)


def test_a_supervisor_of_the_region_acknowledges_with_a_finding_never_the_reader(town: Town) -> None:
    read(town, by=town.lin, at=NOW + timedelta(hours=14))
    alarm, song = ReadingAlarm.objects.get(), supervisor(town)
    join(user=town.lin, organisation=town.desk, role=Role.SUPERVISOR)
    for stranger in (town.lin, town.zhou, town.chen):
        with pytest.raises(NotAllowed):
            acknowledge(alarm=alarm, finding="值班", by=stranger, now=NOW)
    with pytest.raises(FindingMissing):
        acknowledge(alarm=alarm, finding=" ", by=song, now=NOW)
    done = acknowledge(alarm=alarm, finding="夜间值班，已核实", by=song, now=NOW)
    assert (done.acknowledged_by, done.finding) == (song, "夜间值班，已核实")


@given(
    count=st.integers(0, 100),
    most=st.integers(0, 100),
    hour=st.integers(0, 23),
    region=st.sampled_from(["", "990121", "110101"]),
)
def test_what_is_unusual_is_exactly_what_passes_a_bound(
    count: int, most: int, hour: int, region: str
) -> None:
    opening = Opening(WORKDAY.replace(hour=hour), region, ["990100"], count)
    found = unusual(opening, most_an_hour=most, hours=(7, 21))
    assert (Unusual.MANY in found) == (count > most)
    assert (Unusual.OFF_HOURS in found) == (not 7 <= hour < 21)
    assert (Unusual.ELSEWHERE in found) == (region == "110101")
    assert Unusual.IDLE not in found
