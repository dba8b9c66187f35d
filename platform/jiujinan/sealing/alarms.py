"""Raising alarms about unusual reading, and acknowledging them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_judge_reading
from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import record
from jiujinan.regions.calendar import working_days_between
from jiujinan.sealing.models import ReadingAlarm
from jiujinan.sealing.watching import Opening, Unusual, unusual

OPENED = "sealed.opened"
_LOOK_BACK = timedelta(days=60)


class FindingMissing(ValueError):
    """An alarm is acknowledged with what it turned out to be."""


def watch(*, case: str, region: str, by: User, now: datetime) -> None:
    """Raise what alarms the opening that was just recorded deserves, in its transaction."""
    local = timezone.localtime(now)
    hour_ago = now - timedelta(hours=1)
    recent = AuditEntry.objects.filter(action=OPENED, by=by, at__gt=hour_ago, at__lte=now)
    units = by.memberships.values_list("organisation__region_id", flat=True)
    opening = Opening(local, region, list(units), recent.values("subject").distinct().count())
    for kind in unusual(opening, most_an_hour=settings.READINGS_PER_HOUR, hours=settings.READING_HOURS):
        once = f"{local:%Y-%m-%dT%H}" if kind is Unusual.MANY else f"{local:%Y-%m-%d}:{case}"
        _raise(kind=kind, case=case, region=region, reader=by, once=once, now=now, figures={
            "cases_this_hour": opening.cases_this_hour
        })  # fmt: skip


def find_idle_readings(*, now: datetime) -> int:
    """Raise an alarm for each opening that its reader let stand without any act on the case; return how many."""
    later = AuditEntry.objects.filter(
        stream_id=OuterRef("stream_id"), by=OuterRef("by"), seq__gt=OuterRef("seq")
    ).exclude(action=OPENED)
    idle = (
        AuditEntry.objects.filter(action=OPENED, at__gt=now - _LOOK_BACK, by__isnull=False)
        .filter(~Exists(later))
        .select_related("by")
    )
    raised = 0
    for entry in idle.order_by("pk").iterator():
        assert entry.by is not None
        waited = working_days_between(timezone.localtime(entry.at).date(), timezone.localtime(now).date())
        if waited >= settings.READING_IDLE_DAYS:
            raised += _raise(
                kind=Unusual.IDLE,
                case=entry.subject.removeprefix("case:"),
                region=str(entry.data.get("region", "")),
                reader=entry.by,
                once=f"{entry.subject}",
                now=now,
                figures={"working_days": waited},
            )
    return raised


@transaction.atomic
def acknowledge(*, alarm: ReadingAlarm, finding: str, by: User, now: datetime) -> ReadingAlarm:
    """Close the alarm with what it turned out to be.

    Raises NotAllowed unless `by` supervises the region and is not the reader; FindingMissing without a finding.
    """
    if not finding.strip():
        raise FindingMissing("say what the reading turned out to be")
    alarm = ReadingAlarm.objects.select_for_update().get(pk=alarm.pk)
    if not can_judge_reading(by, reader_id=alarm.reader_id, regions=regions_of(alarm)):
        raise NotAllowed("only a supervisor of the region, never the reader, acknowledges an alarm")
    if alarm.acknowledged_at is not None:
        return alarm
    alarm.acknowledged_by, alarm.acknowledged_at, alarm.finding = by, now, finding.strip()[:300]
    alarm.save(update_fields=["acknowledged_by", "acknowledged_at", "finding"])
    record(
        stream=f"case:{alarm.case}",
        action="sealed.alarm_acknowledged",
        by=by,
        subject=f"case:{alarm.case}",
        reason=alarm.finding,
        data={"alarm": alarm.pk, "kind": alarm.kind},
        now=now,
    )
    return alarm


def regions_of(alarm: ReadingAlarm) -> list[str]:
    """Return where the alarm belongs: the case's region and those of the reader's units."""
    units = alarm.reader.memberships.values_list("organisation__region_id", flat=True)
    return [region for region in {alarm.region, *units} if region]


def _raise(
    *,
    kind: Unusual,
    case: str,
    region: str,
    reader: User,
    once: str,
    now: datetime,
    figures: dict[str, int],
) -> int:
    """Raise the alarm unless the same was raised before; return how many were raised."""
    _, made = ReadingAlarm.objects.get_or_create(
        key=f"{kind}:{reader.pk}:{once}",
        defaults={
            "kind": kind,
            "case": case,
            "region": region,
            "reader": reader,
            "raised_at": now,
            "figures": figures,
        },
    )
    return int(made)
