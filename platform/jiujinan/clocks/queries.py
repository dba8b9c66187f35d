"""Reads of the clocks that more than one caller needs."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.db.models import QuerySet

from jiujinan.accounts.models import Membership, Organisation, User
from jiujinan.accounts.roles import DESK_ROLES, Role
from jiujinan.clocks.models import Absence, CalendarDay, Clock, ClockRule, Notice, OfficeHours
from jiujinan.clocks.rules import LEVELS, NATION, Level, Limit, Limits, OfficeRow, Step, Unit
from jiujinan.regions.rules import is_within, level, parent_code
from jiujinan.regions.working_time import OfficeTime


@cache
def shipped_limits() -> tuple[Limit, ...]:
    """Return the limits that the installation ships for the nation; a region's own rows come before them."""
    rows = json.loads((Path(__file__).parent / "data" / "limits.json").read_text(encoding="utf-8"))
    return tuple(
        Limit(
            Step(row["step"]),
            row["tier"],
            row["amount"],
            Unit(row["unit"]),
            row["remind_before"],
            row["escalate_every"],
            NATION,
            date(2000, 1, 1),
            row["source"],
        )
        for row in rows
    )


def current_limits() -> Limits:
    """Return every limit, shipped and entered, with office hours and calendar days; three queries."""
    entered = [
        Limit(
            Step(row.step),
            row.tier,
            row.amount,
            Unit(row.unit),
            row.remind_before,
            row.escalate_every,
            row.place,
            row.valid_from,
            row.source,
        )
        for row in ClockRule.objects.order_by("valid_from", "pk")
    ]
    offices = [
        OfficeRow(
            OfficeTime(
                ((row.morning_from, row.morning_to), (row.afternoon_from, row.afternoon_to)),
            ),
            row.place,
            row.valid_from,
        )
        for row in OfficeHours.objects.order_by("valid_from", "pk")
    ]
    days = dict(CalendarDay.objects.values_list("day", "is_working"))
    return Limits((*shipped_limits(), *entered), tuple(offices), days)


def unit_level(unit: Organisation) -> Level:
    """Return at which level of government a unit stands."""
    return Level.TOWNSHIP if unit.is_township else Level(level(unit.region_id).value)


def supervisors(region: str) -> Mapping[Level, list[User]]:
    """Return who watches over the region, by level: active supervisors of the units that cover it."""
    found: dict[Level, list[User]] = defaultdict(list)
    held = Membership.objects.filter(
        role=Role.SUPERVISOR, user__is_active=True, organisation__region__in=lineage(region)
    )
    for membership in held.select_related("user", "organisation").order_by("user_id"):
        found[unit_level(membership.organisation)].append(membership.user)
    return found


def lineage(region: str) -> list[str]:
    """Return the division and those above it, the nearest first."""
    codes, above = [], region
    while above:
        codes.append(above)
        above = parent_code(above) or ""
    return codes


def own_level(user_id: int, region: str) -> Level:
    """Return the lowest level at which the person works for the region; the lowest of all if nowhere."""
    held = Membership.objects.filter(user=user_id, role__in=DESK_ROLES).select_related("organisation")
    levels = [unit_level(one.organisation) for one in held if is_within(region, one.organisation.region_id)]
    return min(levels, key=LEVELS.index, default=Level.TOWNSHIP)


def running_for(user: User) -> QuerySet[Clock]:
    """Return the person's running clocks, the most pressing first."""
    return Clock.objects.filter(owner=user, ended_at=None).select_related("region__parent").order_by("due_at")


def unread_for(user: User) -> QuerySet[Notice]:
    """Return what the person was told and has not read, newest first."""
    return Notice.objects.filter(to=user, read_at=None)


def substitute_of(user: User, now: datetime) -> User:
    """Return who answers for the person now: the substitute of a begun absence, through substitutes away too."""
    seen = {user.pk}
    while True:
        away = (
            Absence.objects.filter(user=user, begun_at__lte=now, ended_at=None)
            .select_related("substitute")
            .first()
        )
        if away is None or away.substitute_id in seen:
            return user
        user = away.substitute
        seen.add(user.pk)


def verifier_level(user: User, region: str) -> Level | None:
    """Return the highest level at which the person verifies for the region, None if at none."""
    held = Membership.objects.filter(user=user, role=Role.VERIFIER).select_related("organisation")
    levels = [unit_level(one.organisation) for one in held if is_within(region, one.organisation.region_id)]
    return max(levels, key=LEVELS.index, default=None)
