"""Starting and stopping clocks, and what happens when they ring. Nothing here ends in silence."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.clocks.models import Clock, Notice
from jiujinan.clocks.queries import current_limits, own_level, supervisors
from jiujinan.clocks.rules import Level, Limits, Step, climb
from jiujinan.outbox.services import tell

logger = logging.getLogger(__name__)
ENDS_BY_ITSELF = frozenset({Step.APPEAL_WINDOW})


@dataclass(frozen=True)
class Rung:
    """What one round told."""

    reminders: int = 0
    escalations: int = 0
    ended: int = 0


@transaction.atomic
def start(
    *,
    subject: str,
    step: Step,
    region: str,
    tier: str,
    owner: User,
    now: datetime,
    case: UUID | None = None,
    label: str = "",
    due_at: datetime | None = None,
    limits: Limits | None = None,
) -> Clock:
    """Start the step's clock afresh; one that runs for the same subject and step is replaced.

    `due_at` overrides the region's limit, for an end that something else fixes; there is then no reminder but the end.
    """
    stop(subject=subject, steps=[step], now=now, outcome="replaced")
    remind_at = None
    if due_at is None:
        timing = (limits or current_limits()).timing(
            step, tier=tier, region=region, since=timezone.localtime(now)
        )
        due_at, remind_at = timing.due_at, timing.remind_at
    return Clock.objects.create(
        subject=subject,
        step=step,
        case=case,
        label=label,
        region_id=region,
        tier=tier,
        owner=owner,
        started_at=now,
        due_at=due_at,
        rings_at=remind_at or due_at,
    )


def stop(*, subject: str, now: datetime, steps: Collection[Step] = (), outcome: str = "") -> int:
    """End the subject's running clocks (of these steps, or all); without an outcome they were met, or late."""
    running = Clock.objects.filter(subject=subject, ended_at=None)
    if steps:
        running = running.filter(step__in=list(steps))
    kept = Case(When(due_at__lt=now, then=Value("late")), default=Value("met"))
    return running.update(ended_at=now, rings_at=None, outcome=Value(outcome) if outcome else kept)


def pass_on(*, case: UUID, to: User) -> int:
    """Let another person answer for what runs for the case; return how many clocks."""
    return Clock.objects.filter(case=case, ended_at=None).update(owner=to)


@transaction.atomic
def notify(
    *,
    to: User,
    kind: str,
    subject: str,
    key: str,
    now: datetime,
    step: str = "",
    case: UUID | None = None,
    label: str = "",
    level: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Tell a person something, once for each key: on their day, and through the outbox. Return whether it was new."""
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "kind": kind,
            "subject": subject,
            "step": step,
            "case": case,
            "label": label,
            "level": level,
            "due_at": due_at,
            "at": now,
        },
    )
    if is_new:
        tell(
            destination="desk",
            subject=f"person:{to.pk}",
            kind=f"notice.{kind}",
            payload={
                "to": to.pk,
                "subject": subject,
                "step": step,
                "level": level,
                "due_at": due_at.isoformat() if due_at else None,
                "notice": notice.pk,
            },
            key=f"notice:{key}",
            now=now,
        )
    return is_new


def mark_read(*, user: User, notices: Collection[int], now: datetime) -> int:
    """Put read notices off the person's day."""
    return Notice.objects.filter(to=user, pk__in=list(notices), read_at=None).update(read_at=now)


def ring(*, now: datetime, most: int = 1000) -> Rung:
    """Remind of what is due soon, and climb one level for each time that late answers have waited; each once.

    Every clock is a transaction of its own: one that fails is logged and tried again, and stops no other.
    """
    limits = current_limits()
    counts = {"reminder": 0, "overdue": 0, "ended": 0}
    ringing = Clock.objects.filter(ended_at=None, rings_at__lte=now).order_by("rings_at", "pk")
    for pk in list(ringing.values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            clock = (
                Clock.objects.select_for_update(of=("self",))
                .select_related("owner")
                .filter(pk=pk, ended_at=None, rings_at__lte=now)
                .first()
            )
            if clock is not None:
                counts[_ring_one(clock, limits, now)] += 1
    return Rung(counts["reminder"], counts["overdue"], counts["ended"])


def _ring_one(clock: Clock, limits: Limits, now: datetime) -> str:
    if now < clock.due_at:
        _remind(clock, now)
        return "reminder"
    if clock.step in ENDS_BY_ITSELF:
        Clock.objects.filter(pk=clock.pk).update(ended_at=now, rings_at=None, outcome="expired")
        _notify(clock, clock.owner, "ended", now)
        return "ended"
    _escalate(clock, limits, now)
    return "overdue"


def _remind(clock: Clock, now: datetime) -> None:
    _notify(clock, clock.owner, "reminder", now)
    Clock.objects.filter(pk=clock.pk).update(reminded_at=now, rings_at=F("due_at"))


def _escalate(clock: Clock, limits: Limits, now: datetime) -> None:
    """Tell the owner, and the supervisors of the next level that has any; the one after waits its time."""
    _notify(clock, clock.owner, "overdue", now)
    above = supervisors(clock.region_id)
    starts_at = own_level(clock.owner_id, clock.region_id)
    level = climb(heard=clock.heard, staffed=above, starts_at=starts_at)
    heard = [*clock.heard, level.value] if level else clock.heard
    if level is not None:
        for person in above[level]:
            _notify(clock, person, "escalated", now, level)
    elif not heard:
        logger.error("clock %s is late and nobody watches over region %s", clock.pk, clock.region_id)
    further = climb(heard=heard, staffed=above, starts_at=starts_at)
    rings_at = None
    if further is not None:
        local = timezone.localtime(now)
        rings_at = limits.next_escalation(
            Step(clock.step), tier=clock.tier, region=clock.region_id, since=local
        )
    Clock.objects.filter(pk=clock.pk).update(heard=heard, rings_at=rings_at)
    record(
        stream=clock.subject,
        action="clock.escalate",
        by=None,
        subject=clock.subject,
        data={"step": clock.step, "level": level or "", "owner": clock.owner_id},
        now=now,
    )


def _notify(clock: Clock, to: User, kind: str, now: datetime, level: Level | None = None) -> None:
    notify(
        to=to,
        kind=kind,
        subject=clock.subject,
        step=clock.step,
        case=clock.case,
        label=clock.label,
        level=level or "",
        due_at=clock.due_at,
        key=f"clock:{clock.pk}:{kind}:{level or 'owner'}:{to.pk}",
        now=now,
    )
