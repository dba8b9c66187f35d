"""Keeping the watch lists by their rules, and recording visits."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.audit.services import record
from jiujinan.codes import DiscoveryChannel, Tier
from jiujinan.regions.rules import is_within
from jiujinan.sealing.fields import Plain
from needs.discovery.models import Visit, WatchEntry, WatchGroup
from needs.discovery.rules import Whose
from needs.discovery.services.overdue import ring_for_visits
from needs.discovery.services.reports import FirstWord, NotYet, take_in
from needs.discovery.services.tracking import Receipt
from needs.discovery.watch_rules import Facts, belongs, check
from needs.models import CaseRecord, Household, Person

_GROUPS = Path(__file__).parents[1] / "data" / "watch_groups.json"
_PART = 1000  # households looked at together
RETRY_DAYS = 3  # nobody was at home: come again soon


@dataclass(frozen=True)
class Refreshed:
    """How many households a refresh put on the lists and took off them."""

    began: int
    ended: int


def install_groups() -> int:
    """Write the groups that the platform comes with, where they are missing; return how many were new."""
    new = 0
    for group in json.loads(_GROUPS.read_text(encoding="utf-8"))["groups"]:
        check(group["rule"])
        facts = {key: value for key, value in group.items() if key != "code"}
        _, created = WatchGroup.objects.get_or_create(code=group["code"], region=None, defaults=facts)
        new += created
    return new


@transaction.atomic
def save_group(*, group: WatchGroup, by: User, now: datetime) -> WatchGroup:
    """Write a group whose rule can be read; a supervisor's unit must cover its region."""
    check(group.rule)
    if group.region_id is None or not can_handle_case(by, region=group.region_id):
        raise NotAllowed("a unit sets watch groups for its own region")
    group.save()
    record(
        stream=f"watch:{group.code}:{group.region_id}", action="watch_group.saved", by=by,
        subject=f"watch_group:{group.pk}", now=now,
        data={"rule": group.rule, "every_days": group.every_days, "active": group.is_active},
    )  # fmt: skip
    return group


def refresh_lists(*, now: datetime) -> Refreshed:
    """Put every known household on the lists whose rules it meets, and end what no rule holds any more."""
    install_groups()
    today = timezone.localtime(now).date()
    groups = list(WatchGroup.objects.all())
    began = ended = 0
    homes: list[Household] = []
    for home in Household.objects.order_by("pk").iterator(chunk_size=_PART):
        homes.append(home)
        if len(homes) == _PART:
            more, fewer = _refresh(homes, groups, today, now)
            began, ended, homes = began + more, ended + fewer, []
    more, fewer = _refresh(homes, groups, today, now)
    return Refreshed(began + more, ended + fewer)


@transaction.atomic
def add_by_hand(
    *, household: Household, group: WatchGroup, reason: str, by: User, now: datetime
) -> WatchEntry:
    """Put a household on a list whatever the rule says; it stays until somebody takes it off."""
    if not can_handle_case(by, region=household.region_id):
        raise NotAllowed("the household lives in another region")
    if not reason.strip():
        raise NotYet("reason_missing")
    facts = {
        "by_hand": True,
        "reason": reason,
        "began_at": now,
        "next_visit_on": timezone.localtime(now).date(),
    }
    entry, new = WatchEntry.objects.get_or_create(
        household=household, group=group, ended_at=None, defaults=facts
    )
    if new:
        _note(entry, "added", by, now, reason)
    return entry


@transaction.atomic
def take_off(*, entry: WatchEntry, reason: str, by: User, now: datetime) -> WatchEntry:
    """End an entry that was made by hand; what a rule holds ends when the rule no longer holds it."""
    entry = _locked(entry, by)
    if not reason.strip():
        raise NotYet("reason_missing")
    if not entry.by_hand:
        raise NotYet("held_by_rule")
    entry.ended_at = now
    entry.save(update_fields=["ended_at"])
    ring_for_visits(now=now, region=entry.household.region_id)
    _note(entry, "taken_off", by, now, reason)
    return entry


@transaction.atomic
def record_visit(
    *, entry: WatchEntry, on: date, found: Visit.Found, note: str, by: User, now: datetime
) -> tuple[Visit, Receipt | None]:
    """Record a visit and set the next; where something was found, a report with its own clock begins."""
    entry = _locked(entry, by)
    today = timezone.localtime(now).date()
    if on > today:
        raise NotYet("visit_in_the_future")
    if found in {Visit.Found.FOLLOW, Visit.Found.URGENT} and not note.strip():
        raise NotYet("note_missing")
    visit = Visit(entry=entry, on=on, by=by, found=found, recorded_at=now)
    visit.note = Plain(note.strip()) if note.strip() else None
    visit.save(force_insert=True)
    span = RETRY_DAYS if found is Visit.Found.ABSENT else entry.group.every_days
    entry.next_visit_on = (
        max(entry.next_visit_on, on + timedelta(days=span)) if on < today else on + timedelta(days=span)
    )
    entry.save(update_fields=["next_visit_on"])
    _note(entry, "visited", by, now, data={"found": found.value, "on": on.isoformat()})
    ring_for_visits(now=now, region=entry.household.region_id)
    return visit, _report(visit, note, by, now)


def _report(visit: Visit, note: str, by: User, now: datetime) -> Receipt | None:
    tiers = {Visit.Found.FOLLOW: Tier.JOINT, Visit.Found.URGENT: Tier.CRITICAL}
    tier = tiers.get(Visit.Found(visit.found))
    if tier is None:
        return None
    home = visit.entry.household
    channel = (
        DiscoveryChannel.BORDER_PATROL if visit.entry.group.code == "border" else DiscoveryChannel.HOME_VISIT
    )
    word = FirstWord(
        token=f"visit:{visit.pk}",
        whose=Whose.OTHER,
        region=home.region_id,
        story=note,
        tier=tier,
        channel=channel,
    )
    return take_in(word=word, origin="", by=by, visit=visit, now=now)


def _locked(entry: WatchEntry, by: User) -> WatchEntry:
    entry = (
        WatchEntry.objects.select_for_update(of=("self",))
        .select_related("household", "group")
        .get(pk=entry.pk)
    )
    if not can_handle_case(by, region=entry.household.region_id):
        raise NotAllowed("only officers of the region keep its watch lists")
    if entry.ended_at is not None:
        raise NotYet("already_ended")
    return entry


def _note(
    entry: WatchEntry,
    act: str,
    by: User,
    now: datetime,
    reason: str = "",
    data: dict[str, object] | None = None,
) -> None:
    subject = f"watch:{entry.pk}"
    record(stream=subject, action=f"watch.{act}", by=by, subject=subject, reason=reason, data=data, now=now)


@transaction.atomic
def _refresh(homes: list[Household], groups: list[WatchGroup], today: date, now: datetime) -> tuple[int, int]:
    facts = _facts(homes, today)
    standing: dict[tuple[int, object], WatchEntry] = {
        (entry.group_id, entry.household_id): entry
        for entry in WatchEntry.objects.filter(household__in=[home.pk for home in homes], ended_at=None)
    }
    due = {
        (group.pk, home.pk): group
        for home in homes
        for group in groups
        if group.is_active
        and (group.region_id is None or is_within(home.region_id, group.region_id))
        and belongs(group.rule, facts[home.pk])
    }
    new = [
        WatchEntry(group=group, household_id=key[1], began_at=now, next_visit_on=today + _span(group, key[1]))
        for key, group in due.items()
        if key not in standing
    ]
    WatchEntry.objects.bulk_create(new)
    gone = [entry.pk for key, entry in standing.items() if key not in due and not entry.by_hand]
    WatchEntry.objects.filter(pk__in=gone).update(ended_at=now)
    return len(new), len(gone)


def _span(group: WatchGroup, household: object) -> timedelta:
    """Spread first visits over the group's span, so that a long list does not fall due on one day."""
    return timedelta(days=int(str(household).replace("-", "")[:8], 16) % group.every_days)


def _facts(homes: list[Household], today: date) -> dict[object, Facts]:
    ids = [home.pk for home in homes]
    ages: dict[object, list[int]] = defaultdict(list)
    groups: dict[object, set[str]] = defaultdict(set)
    for home, born, marks in Person.objects.filter(household__in=ids).values_list(
        "household", "birth_year", "groups"
    ):
        groups[home].update(marks)
        if born is not None:
            ages[home].append(today.year - born)
    kinds: dict[object, set[str]] = defaultdict(set)
    causes: dict[object, set[str]] = defaultdict(set)
    for home, kind, cause, marks in CaseRecord.objects.filter(household__in=ids).values_list(
        "household", "sensitive_kind", "cause", "groups"
    ):
        groups[home].update(marks)
        kinds[home].add(kind)
        causes[home].add(cause)
    return {
        home.pk: Facts(
            region=home.region_id,
            size=home.size,
            ages=tuple(ages[home.pk]),
            groups=frozenset(groups[home.pk]),
            kinds=frozenset(kinds[home.pk]),
            causes=frozenset(causes[home.pk]),
            circle=home.circle,
        )
        for home in homes
    }
