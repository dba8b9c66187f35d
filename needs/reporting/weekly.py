"""The weekly report (周报): what came in, what was decided, what arrived, what waits; by region and level."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from jiujinan.audit.models import AuditEntry
from jiujinan.codes.cases import PROACTIVE_CHANNELS
from jiujinan.regions.models import Region
from jiujinan.regions.rules import prefix
from needs.discovery.models import NeedReport
from needs.models import CaseRecord, Delivery
from needs.reporting.periods import Week
from needs.reporting.rolling_up import NATION, Line, roll_up
from needs.states import CaseState

COLUMNS = (
    "reports", "received", "found", "verified", "published", "refused", "returned",
    "households", "fen", "session", "piece", "waiting", "late",
)  # fmt: skip
_ENDED = frozenset({CaseState.SUPERSEDED, CaseState.CLOSED})
_PART = 500


def weekly_report(*, region: str, week: Week) -> list[Line]:
    """Return the lines of the division ("" for the nation) and of all inside it; a fixed number of queries a level.

    Counts are cases unless named otherwise: `reports` first words, `households` helped in the week, `fen`, `session`
    and `piece` what was delivered in it; `waiting` and `late` are those without a decision when the week ended.
    """
    start, end = week.span(timezone.get_current_timezone())
    place = "" if region == NATION else prefix(region)
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    cases = CaseRecord.objects.filter(region__code__startswith=place)
    received = Q(received_at__gte=start, received_at__lt=end)
    _add(table, "received", cases.filter(received))
    _add(table, "found", cases.filter(received, channel__in=PROACTIVE_CHANNELS))
    for name in ("verified", "published"):
        _add(table, name, cases.filter(**{f"need__{name}_at__gte": start, f"need__{name}_at__lt": end}))
    reports = NeedReport.objects.filter(region__code__startswith=place)
    _add(table, "reports", reports.filter(received))
    _add_decisions(table, start, end, place)
    _add_deliveries(table, start, end, place)
    _add_waiting(table, cases, end)
    names = dict(Region.objects.filter(code__startswith=place).values_list("code", "name"))
    return roll_up(table, region=region, names=names)


def _add(
    table: defaultdict[str, Counter[str]], name: str, rows: "QuerySet[CaseRecord] | QuerySet[NeedReport]"
) -> None:
    counted = rows.order_by().values("region_id").annotate(number=Count("pk"))
    for code, number in counted.values_list("region_id", "number"):
        table[code][name] += number


def _add_decisions(table: defaultdict[str, Counter[str]], start: datetime, end: datetime, place: str) -> None:
    """Count refusals and returns from the trail: states change again, what was done stays."""
    for act, name in (("case.refuse", "refused"), ("case.return", "returned")):
        done = AuditEntry.objects.filter(action=act, at__gte=start, at__lt=end)
        for code in _regions(done.values_list("subject", flat=True)):
            if code.startswith(place):
                table[code][name] += 1


def _regions(subjects: Iterable[str]) -> Iterable[str]:
    ids = [UUID(subject.removeprefix("case:")) for subject in subjects]
    for first in range(0, len(ids), _PART):
        part = ids[first : first + _PART]
        known = dict(CaseRecord.objects.filter(pk__in=part).values_list("pk", "region_id"))
        yield from (known[case] for case in part if case in known)


def _add_deliveries(
    table: defaultdict[str, Counter[str]], start: datetime, end: datetime, place: str
) -> None:
    arrived = Delivery.objects.filter(
        at__gte=start, at__lt=end, item__need__case__region__code__startswith=place
    )
    by_region = arrived.order_by().values(code=F("item__need__case__region_id"))
    amounts = by_region.annotate(unit=F("item__unit"), total=Sum("amount"))
    for code, unit, total in amounts.values_list("code", "unit", "total"):
        table[code][unit] += total
    homes = by_region.annotate(homes=Count("item__need__case__household", distinct=True))
    for code, number in homes.values_list("code", "homes"):
        table[code]["households"] += number


def _add_waiting(table: defaultdict[str, Counter[str]], cases: QuerySet[CaseRecord], end: datetime) -> None:
    undecided = (
        cases.filter(received_at__lt=end)
        .exclude(state__in=_ENDED)
        .exclude(need__verified_at__lt=end)
        .exclude(state=CaseState.REFUSED)
    )
    _add(table, "waiting", undecided)
    _add(table, "late", undecided.filter(due_at__lt=end))
