"""Two records side by side: opened with a reason, merged, taken apart again; alarms are looked at by supervisors."""

import itertools
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from jiujinan.audit.models import AuditEntry
from jiujinan.sealing.fields import Plain
from jiujinan.sealing.models import ReadingAlarm
from needs.intake.duplicates import merge, undo
from needs.intake.models import PossibleDuplicate, Verdict
from needs.models import Household, Person
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

SignIn = Callable[[User], Client]
PAIRS, ALARMS = "/admin/desk/duplicates/", "/admin/desk/alarms/"
_serials = itertools.count(1)


def person(name: str, region: str = COUNTY) -> Person:
    home = Household.objects.create(region_id=region, size=2)
    return Person.objects.create(household=home, name=Plain(name), birth_year=1970, name_index=name)


def pair(first: Person | None = None, second: Person | None = None) -> PossibleDuplicate:
    first, second = first or person("李建国"), second or person("李健国")
    return PossibleDuplicate.objects.create(
        first=first,
        second=second,
        region_id=first.household.region_id,
        score=91,
        parts={"name": 0.9, "birth": 1},
        score_version=1,
        found_at=NOW,
    )


def alarm(reader: User) -> ReadingAlarm:
    return ReadingAlarm.objects.create(
        kind="many", reader=reader, case="c", region=COUNTY, raised_at=NOW, key=f"k{next(_serials)}"
    )


def test_two_people_are_seen_after_a_reason_merged_and_taken_apart_again(
    town: Town, signed_in: SignIn
) -> None:
    both, client = pair(), signed_in(town.lin)
    address = f"{PAIRS}{both.pk}/"
    assert "91" in client.get(PAIRS).content.decode()
    assert "李建国" not in client.get(address).content.decode()
    assert client.post(address, {"act": "open", "reason": ""}).status_code == 422
    shown = client.post(address, {"act": "open", "reason": "核对是否同一人"}).content.decode()
    assert "李建国" in shown
    assert "李健国" in shown
    assert AuditEntry.objects.filter(action="sealed.opened", subject=f"case:duplicate-{both.pk}").count() == 1
    client.post(address, {"act": "keep_first", "reason": "同一人"})
    assert Person.objects.get(pk=both.second_id).merged_into_id == both.first_id
    assert "undo" in client.get(address).content.decode()
    client.post(address, {"act": "undo", "reason": "弄错了"})
    both.refresh_from_db()
    assert both.verdict == Verdict.OPEN
    assert Person.objects.get(pk=both.second_id).merged_into_id is None
    client.post(address, {"act": "apart", "reason": "两人"})
    assert "两人" in client.get(f"{PAIRS}?verdict=apart").content.decode()


def test_who_was_merged_into_one_that_is_taken_apart_stays_with_that_one(town: Town) -> None:
    kept, middle, last = person("李建国"), person("李健国"), person("李见国")
    inner, outer = pair(middle, last), pair(kept, middle)
    merge(pair=inner, keep=middle, reason="同一人", by=town.lin, now=NOW)
    done = merge(pair=outer, keep=kept, reason="同一人", by=town.lin, now=NOW)
    assert Person.objects.get(pk=last.pk).merged_into_id == kept.pk
    undo(merge=done, reason="弄错了", by=town.lin, now=NOW)
    assert Person.objects.get(pk=last.pk).merged_into_id == middle.pk
    assert Person.objects.get(pk=middle.pk).merged_into_id is None


def test_nobody_decides_about_people_of_another_region(town: Town, signed_in: SignIn) -> None:
    from tests.cms.desk.test_desk import of_county

    elsewhere = pair(person("李建国", NEXT_COUNTY))
    client = signed_in(of_county(town, COUNTY))
    assert client.get(f"{PAIRS}{elsewhere.pk}/").status_code == 404
    assert signed_in(town.chen).get(PAIRS).status_code in {302, 403}


def test_an_alarm_is_closed_by_another_person_with_a_finding(town: Town, signed_in: SignIn) -> None:
    join(user=town.wu, organisation=town.desk, role=Role.SUPERVISOR)
    raised = alarm(town.lin)
    assert "Lin" not in signed_in(town.lin).get(ALARMS).content.decode().partition("<tbody>")[2]
    client = signed_in(town.wu)
    assert "<tbody>" in client.get(ALARMS).content.decode()
    client.post(f"{ALARMS}{raised.pk}/", {"finding": ""})
    raised.refresh_from_db()
    assert raised.acknowledged_at is None
    client.post(f"{ALARMS}{raised.pk}/", {"finding": "回访高峰，属实"})
    raised.refresh_from_db()
    assert raised.acknowledged_by == town.wu
    assert "回访高峰" in client.get(ALARMS).content.decode()


@pytest.mark.parametrize("page", ["duplicates", "alarms"])
def test_a_list_asks_the_database_as_often_at_1_3_and_300_rows(
    town: Town, signed_in: SignIn, page: str
) -> None:
    join(user=town.wu, organisation=town.desk, role=Role.SUPERVISOR)
    client, counts, rows = signed_in(town.wu), [], 0
    for wanted in (1, 3, 300):
        if page == "alarms":
            for _ in range(wanted - rows):
                alarm(town.lin)
        else:
            first = person("李建国")
            PossibleDuplicate.objects.bulk_create(
                PossibleDuplicate(
                    first=first, second=person("李健国"), region_id=COUNTY, score=80, score_version=1,
                    found_at=timezone.now(),
                )
                for _ in range(wanted - rows)
            )  # fmt: skip
        rows = wanted
        client.get(f"/admin/desk/{page}/")
        with CaptureQueriesContext(connection) as asked:
            shown = client.get(f"/admin/desk/{page}/").content.decode()
        counts.append(len(asked))
        assert shown.partition("<tbody>")[2].count("<tr>") == min(wanted, 50)
    assert len(set(counts)) == 1, counts
