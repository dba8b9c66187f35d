"""Entering a region's dated figures: standards, limits, approval levels, duties; entered once, never edited."""

from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case, can_supervise
from jiujinan.audit.services import record
from jiujinan.clocks.models import CalendarDay, DatedRow, Duty
from needs.models import LocalStandard
from needs.queries import open_needs, within
from needs.services.refusals import NotReady, require_text
from needs.services.rescoring import owe_scores

Row = TypeVar("Row", bound=DatedRow)


@transaction.atomic
def enter_rule(*, row: Row, by: User, now: datetime) -> Row:
    """Keep an unsaved dated row of a region, by a supervisor of that region; a new standard owes its cases a score."""
    if not row.place or not can_supervise(by, region=row.place):
        raise NotAllowed("only a supervisor of the region enters its rules")
    require_text(row.source, name="source")
    if isinstance(row, Duty) and not can_handle_case(row.user, region=row.place):
        raise NotReady(["owner_of_another_region"])
    row.by, row.at = by, now
    row.save(force_insert=True)
    if isinstance(row, LocalStandard):
        owe_scores(needs=open_needs().filter(within(row.place, field="case__region")), now=now)
    record(
        stream=f"rules:{row.place}",
        action=f"rules.{row._meta.model_name}",
        by=by,
        subject=f"{row._meta.model_name}:{row.pk}",
        reason=row.source,
        data={"valid_from": row.valid_from.isoformat(), **_figures(row)},
        now=now,
    )
    return row


@transaction.atomic
def settle_day(*, day: date, is_working: bool, source: str, by: User, now: datetime) -> CalendarDay:
    """Record what the State Council's notice says of a day; clocks that start from now on count by it."""
    if not can_supervise(by, region=_own_region(by)):
        raise NotAllowed("only a supervisor settles a day of the calendar")
    require_text(source, name="source")
    row, _ = CalendarDay.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "source": source, "by": by, "at": now}
    )
    record(
        stream="rules:calendar",
        action="rules.calendar",
        by=by,
        subject=f"day:{day}",
        reason=source,
        data={"is_working": is_working},
        now=now,
    )
    return row


def _own_region(by: User) -> str:
    held = by.memberships.filter(role="supervisor").values_list("organisation__region_id", flat=True)
    return held.first() or ""


def _figures(row: DatedRow) -> dict[str, object]:
    common = {field.name for field in DatedRow._meta.get_fields()} | {"id"}
    fields = [field for field in row._meta.concrete_fields if field.name not in common]
    values = {field.name: field.value_from_object(row) for field in fields}
    return {name: value if isinstance(value, int | None) else str(value) for name, value in values.items()}
