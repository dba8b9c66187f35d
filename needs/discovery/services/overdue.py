"""Nothing waits in silence: overdue visits have a clock, and who stands in answers for an absent colleague."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from jiujinan.accounts.predicates import can_handle_case
from jiujinan.clocks.models import Absence, Clock
from jiujinan.clocks.queries import substitute_of
from jiujinan.clocks.rules import ANY_TIER, Step
from jiujinan.clocks.services import start, stop
from needs.discovery.models import NeedReport, WatchEntry
from needs.discovery.services.owners import NobodyInCharge, first_owner
from needs.discovery.services.reports import give
from needs.discovery.states import WAITING

logger = logging.getLogger(__name__)
_VISITS = "visits:"


def ring_for_visits(*, now: datetime, region: str = "") -> int:
    """
    Let one clock run for each division with overdue visits, and stop it when the last is made; return how many run.

    With a `region`, look at that division alone.
    """
    late = WatchEntry.objects.filter(ended_at=None, next_visit_on__lt=timezone.localdate(now))
    running = Clock.objects.filter(subject__startswith=_VISITS, ended_at=None)
    if region:
        late, running = late.filter(household__region=region), running.filter(subject=f"{_VISITS}{region}")
    counted = late.order_by().values_list("household__region").annotate(number=Count("pk"))
    overdue = dict(counted)
    known = {clock.region_id: clock for clock in running}
    for place in known.keys() - overdue.keys():
        stop(subject=f"{_VISITS}{place}", now=now)
    return sum(_keep_ringing(place, overdue[place], known.get(place), now) for place in sorted(overdue))


def _keep_ringing(place: str, number: int, clock: Clock | None, now: datetime) -> bool:
    if clock is not None:
        Clock.objects.filter(pk=clock.pk).update(label=f"× {number}")
        return True
    try:
        owner = first_owner(region=place, now=now)
    except NobodyInCharge:
        logger.error("%d visits are overdue in region %s, where nobody is in charge", number, place)
        return False
    start(
        subject=f"{_VISITS}{place}", step=Step.VISIT, label=f"× {number}", region=place, tier=ANY_TIER,
        owner=owner, now=now,
    )  # fmt: skip
    return True


def stand_in(*, now: datetime) -> int:
    """Give the waiting reports and visits of absent colleagues to who stands in for them; return how many."""
    away = set(Absence.objects.filter(begun_at__lte=now, ended_at=None).values_list("user_id", flat=True))
    reports = NeedReport.objects.filter(state__in=WAITING, owner__in=away).values_list("pk", flat=True)
    clocks = Clock.objects.filter(step=Step.VISIT, ended_at=None, owner__in=away).select_related("owner")
    moved = sum(_pass_report(pk, now) for pk in list(reports))
    for clock in clocks:
        to = substitute_of(clock.owner, now)
        if can_handle_case(to, region=clock.region_id):
            moved += Clock.objects.filter(pk=clock.pk).exclude(owner=to).update(owner=to)
    return moved


@transaction.atomic
def _pass_report(pk: UUID, now: datetime) -> bool:
    report = NeedReport.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)
    to = substitute_of(report.owner, now)
    if report.state not in WAITING or to == report.owner or not can_handle_case(to, region=report.region_id):
        return False
    give(report=report, to=to, by=None, now=now)
    return True
