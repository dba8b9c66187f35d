"""A desk with so many rows of everything, and the addresses of all its pages."""

import itertools
import json
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cms.desk.settings.forms import KINDS
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.bulk import insert
from jiujinan.clocks.models import Absence, CalendarDay, Clock, ClockRule, Duty, Notice, OfficeHours
from jiujinan.sealing.fields import Plain
from jiujinan.sealing.models import ReadingAlarm
from needs.assessment.score_table import shipped_table
from needs.discovery.models import Complaint, NeedReport, Visit, WatchEntry, WatchGroup
from needs.intake.models import CaseDraft, Import, PossibleDuplicate, ReliefList
from needs.models import (
    ApprovalRule,
    CaseRecord,
    Household,
    IntegrityRule,
    LocalStandard,
    Need,
    NeedItem,
    Person,
    ScoreVersion,
    ToldText,
)
from tests.town import COUNTY, NOW, Town

_numbers = itertools.count(1)
DAY = timedelta(days=1)
FUNDS = 25  # one page has twenty; each is weighed against every need

# Pages without an argument that list nothing: forms, downloads, and what is only posted to.
NO_LISTS = {
    "read", "visit_names", "score_draft", "report_new", "watch_group_new", "import_template", "relief_template",
}  # fmt: skip


def overseer(town: Town) -> User:
    """Return somebody who sees every page: the supervisor of the prefecture's desk."""
    user = register_person(username="zheng", full_name="郑督导", password=None)
    join(user=user, organisation=town.desk, role=Role.SUPERVISOR)
    return user


def without_argument() -> set[str]:
    """Return the names of the desk's addresses that take no argument."""
    found: set[str] = set()

    def walk(patterns: list[Any]) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                walk(one.url_patterns)
            elif isinstance(one, URLPattern) and not one.pattern.converters and not one.pattern.regex.groups:
                found.add(one.name or "")

    desk = next(one for one in _resolvers(get_resolver().url_patterns) if one.namespace == "desk")
    walk(desk.url_patterns)
    return found


def lists() -> list[str]:
    """Return the address of every page that lists something."""
    plain = [reverse(f"desk:{name}") for name in sorted(without_argument() - NO_LISTS)]
    return [*plain, *(reverse("desk:rules", args=[kind]) for kind in [*KINDS, "calendar"])]


def _resolvers(patterns: list[Any]) -> list[URLResolver]:
    found = [one for one in patterns if isinstance(one, URLResolver)]
    return found + [below for one in found for below in _resolvers(one.url_patterns)]


def fill(town: Town, user: User, count: int) -> None:
    """Put so many rows of everything before the person, in few statements."""
    cases = _cases(user, count)
    _found(cases, user)
    _brought(cases, user)
    _told(cases, user)
    _ruled(user, count)
    Organisation.objects.bulk_create(
        Organisation(name=f"慈善会{next(_numbers)}", kind="charity", region_id=COUNTY) for _ in range(count)
    )
    for _ in range(min(count, FUNDS)):
        town.fund(yuan=10)


def _cases(user: User, count: int) -> list[CaseRecord]:
    homes = [Household(region_id=COUNTY, size=3, monthly_income_fen=120_000) for _ in range(count)]
    insert(homes)
    people = [(home, is_head) for home in homes for is_head in (True, False)]
    insert(
        [
            Person(
                household=home, is_head=is_head, birth_year=1975, sex="2", name=Plain("测试人"),
                id_index=f"id{next(_numbers)}",
            )
            for home, is_head in people
        ]
    )  # fmt: skip
    cases = [
        CaseRecord(
            source="civil_affairs", number=f"E{next(_numbers):06d}", household=home, region_id=COUNTY,
            channel="grid_worker", cause="illness", tier="joint", applied_on=NOW.date(), received_at=NOW,
            owner=user, due_at=NOW, state="received", consent_on=NOW.date(),
        )
        for home in homes
    ]  # fmt: skip
    insert(cases)
    needs = [Need(case=case, tier="joint", score=40, state="draft") for case in cases]
    insert(needs)
    insert(
        [NeedItem(need=need, kind="cash", category="medical", unit="fen", required=1000) for need in needs]
    )
    Clock.objects.bulk_create(
        Clock(subject=f"case:{case.pk}", step="take_up", case=case.pk, label=case.number, region_id=COUNTY,
              tier="joint", owner=user, started_at=NOW, due_at=NOW)
        for case in cases
    )  # fmt: skip
    return cases


def _found(cases: list[CaseRecord], user: User) -> None:
    """Reports, complaints, watch groups with their entries and visits."""
    insert(
        [
            NeedReport(
                tracking_index=f"r{next(_numbers)}", whose="own", region_id=COUNTY, channel="hotline",
                tier="joint", story=Plain("押金不够"), received_at=NOW, due_at=NOW, owner=user,
            )
            for _ in cases
        ]
    )  # fmt: skip
    insert(
        [
            Complaint(
                tracking_index=f"c{next(_numbers)}", kind="other", region_id=COUNTY, words=Plain("写错了"),
                received_at=NOW, due_at=NOW, owner=user,
            )
            for _ in cases
        ]
    )  # fmt: skip
    groups = [
        WatchGroup(code=f"g{next(_numbers)}", region_id=COUNTY, name_zh="独居老人", name_en="Elders",
                   rule={"group": "elder"}, every_days=30)
        for _ in cases
    ]  # fmt: skip
    WatchGroup.objects.bulk_create(groups)
    entries = [
        WatchEntry(group=group, household=case.household, began_at=NOW, next_visit_on=NOW.date())
        for group, case in zip(groups, cases, strict=True)
    ]
    WatchEntry.objects.bulk_create(entries)
    insert(
        [
            Visit(entry=one, on=NOW.date(), by=user, found="well", note=Plain("平安"), recorded_at=NOW)
            for one in entries
        ]
    )


def _brought(cases: list[CaseRecord], user: User) -> None:
    """Files, lists of relief, drafts, possible duplicates, alarms."""
    Import.objects.bulk_create(
        Import(file_name="案卷.xlsx", file_bytes=1, source="civil_affairs", channel="application", by=user,
               received_at=NOW, state="done")
        for _ in cases
    )  # fmt: skip
    counts = {"new": 1, "of_known_people": 0, "known": 0, "bad_rows": 1, "problems": 1}
    wrong = [{"row": 2, "column": "用途", "message": "请改正。", "message_en": "Correct it."}]
    insert(
        [
            ReliefList(file_name="发放.xlsx", state="checked", content=Plain(""), counts=counts, problems=wrong,
                       by=user, received_at=NOW)
            for _ in cases
        ]
    )  # fmt: skip
    insert([CaseDraft(by=user, content=Plain(json.dumps({})), saved_at=NOW) for _ in cases])
    homes: dict[Any, list[Person]] = {}
    for person in Person.objects.filter(household__in=[case.household_id for case in cases]).order_by("pk"):
        homes.setdefault(person.household_id, []).append(person)
    facts: dict[str, Any] = {
        "region_id": COUNTY,
        "score": 80,
        "parts": {},
        "score_version": 1,
        "found_at": NOW,
    }
    PossibleDuplicate.objects.bulk_create(
        PossibleDuplicate(first=one, second=two, **facts) for one, two in homes.values()
    )
    reader = User.objects.exclude(pk=user.pk).order_by("pk")[0]
    ReadingAlarm.objects.bulk_create(
        ReadingAlarm(kind="many", reader=reader, case=case.number, region=COUNTY, raised_at=NOW,
                     key=f"alarm:{next(_numbers)}")
        for case in cases
    )  # fmt: skip


def _told(cases: list[CaseRecord], user: User) -> None:
    """Texts to confirm, notices, absences."""
    by = User.objects.exclude(pk=user.pk).order_by("pk")[0]
    said: dict[str, Any] = {"text": "一户家庭因病陷入困难。", "text_hash": "x", "rules_version": 1}
    ToldText.objects.bulk_create(
        ToldText(need=need, proposed_by=by, proposed_at=NOW, **said)
        for need in Need.objects.filter(case__in=cases)
    )
    Notice.objects.bulk_create(
        Notice(to=user, kind="told", subject=f"case:{case.pk}", case=case.pk, label=case.number, at=NOW,
               key=f"told:{case.pk}")
        for case in cases
    )  # fmt: skip
    Absence.objects.bulk_create(
        Absence(user=by, substitute=user, starts_on=NOW.date(), ends_on=NOW.date(), reason="休假", by=user, at=NOW,
                ended_at=NOW)
        for _ in cases
    )  # fmt: skip


def _ruled(user: User, count: int) -> None:
    """Versions of the score, and rows of every kind of rule."""
    first = ScoreVersion.objects.count() + 2
    ScoreVersion.objects.bulk_create(
        ScoreVersion(number=first + place, table=shipped_table(), note="试", drafted_by=user, drafted_at=NOW)
        for place in range(count)
    )
    dated: dict[str, Any] = {
        "region_id": COUNTY, "valid_from": NOW.date(), "source": "县里规定", "by": user, "at": NOW
    }  # fmt: skip
    rows: dict[Any, dict[str, Any]] = {
        ClockRule: {"step": "verify", "tier": "joint", "amount": 5, "unit": "working_days"},
        OfficeHours: {},
        Duty: {"user": user},
        LocalStandard: {"monthly_fen": 60_000},
        ApprovalRule: {"level": "county"},
        IntegrityRule: {"kind": "false_statement", "effect": "warns", "months": 6},
    }
    for model, facts in rows.items():
        model.objects.bulk_create(model(**dated, **facts) for _ in range(count))
    begin = CalendarDay.objects.count()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=NOW.date() + DAY * (begin + place), is_working=True, source="通知", by=user, at=NOW)
        for place in range(count)
    )
