"""What the scorecard measures, for one division and a span of days."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from jiujinan.clocks.models import Clock
from jiujinan.clocks.rules import Step
from jiujinan.codes import Tier
from jiujinan.regions.rules import prefix
from needs.discovery.models import WatchEntry
from needs.discovery.statistics import channel_figures
from needs.models import CaseRecord, NeedItem
from needs.reporting.timing import percentile, time_to_help
from needs.states import WAITING_CASES, CaseState, NeedState

_FORGOTTEN_AFTER = timedelta(days=30)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def measures(*, region: str, since: date, until: date, now: datetime) -> dict[str, float | None]:
    """Return the measures by name: shares 0–1, counts, hours or days as the name says; None without a base.

    Cases are those applied or found from `since` to `until`; `now` decides what is overdue. A fixed number of queries.
    """
    place = prefix(region) if region else ""
    cases = CaseRecord.objects.filter(
        region__code__startswith=place, applied_on__range=(since, until)
    ).exclude(state=CaseState.SUPERSEDED)
    channels = channel_figures(region=place, since=since, until=until)
    percent = channels.proactive_percent
    return {
        "found_share": None if percent is None else percent / 100,
        "channels_used": float(sum(1 for row in channels.rows if row.cases)) if cases.exists() else None,
        "sources_used": float(cases.values("source").distinct().count()) if cases.exists() else None,
        **_discovery(place, since, until, now),
        **_handling(cases, now),
        **_speed(cases),
        **_effect(cases, now),
        "help_days": _help_days(region, since, until),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _discovery(place: str, since: date, until: date, now: datetime) -> dict[str, float | None]:
    # Each deadline of a report has its clock: to be in contact, then to open a case or to answer.
    deadlines = Clock.objects.filter(
        subject__startswith="report:",
        step=Step.CONTACT,
        region__code__startswith=place,
        started_at__date__range=(since, until),
    )
    is_late = Q(ended_at__gt=F("due_at")) | Q(ended_at=None, due_at__lt=now)
    reports = deadlines.aggregate(every=Count("pk"), late=Count("pk", filter=is_late))
    visits = WatchEntry.objects.filter(household__region__code__startswith=place, ended_at=None).aggregate(
        every=Count("pk"), late=Count("pk", filter=Q(next_visit_on__lt=timezone.localdate(now)))
    )
    return {
        "reports_in_time": _share(reports["every"] - reports["late"], reports["every"]),
        "visits_in_time": _share(visits["every"] - visits["late"], visits["every"]),
    }


def _handling(cases: QuerySet[CaseRecord], now: datetime) -> dict[str, float | None]:
    waits = Q(state__in=WAITING_CASES)
    verified = Q(need__verified_at__isnull=False)
    told = cases.aggregate(
        every=Count("pk"),
        owned=Count("pk", filter=Q(owner__isnull=False)),
        waiting=Count("pk", filter=waits),
        late=Count("pk", filter=waits & Q(due_at__lt=now)),
        verified=Count("pk", filter=verified),
        checked=Count("pk", filter=verified & Q(economic_check__in=["passed", "exempt"])),
        refused=Count("pk", filter=Q(state=CaseState.REFUSED)),
        explained=Count("pk", filter=Q(state=CaseState.REFUSED) & ~Q(state_reason="")),
    )
    return {
        "owned": _share(told["owned"], told["every"]),
        "waiting_in_time": _share(told["waiting"] - told["late"], told["waiting"]),
        "checked_share": _share(told["checked"], told["verified"]),
        "refusals_with_reason": _share(told["explained"], told["refused"]),
    }


def _speed(cases: QuerySet[CaseRecord]) -> dict[str, float | None]:
    spans: dict[str, list[timedelta]] = {tier: [] for tier in Tier}
    done = cases.filter(need__verified_at__isnull=False)
    for tier, received, verified in done.values_list("tier", "received_at", "need__verified_at"):
        if verified is not None:
            spans[tier].append(verified - received)
    return {
        "critical_hours": _median(spans[Tier.CRITICAL], _HOUR),
        "joint_days": _median(spans[Tier.JOINT], _DAY),
        "departmental_days": _median(spans[Tier.DEPARTMENTAL], _DAY),
    }


def _median(spans: Iterable[timedelta], unit: timedelta) -> float | None:
    return percentile([max(span, timedelta()) / unit for span in spans], 0.5)


def _effect(cases: QuerySet[CaseRecord], now: datetime) -> dict[str, float | None]:
    served = NeedItem.objects.filter(need__case__in=cases, need__verified_at__isnull=False).exclude(
        need__state=NeedState.WITHDRAWN
    )
    cash = served.filter(unit="fen").aggregate(
        lacking=Sum(F("required") - F("government") - F("insurance")),
        committed=Sum("committed"),
        delivered=Sum("fulfilled"),
    )
    promised = NeedItem.objects.filter(need__case=OuterRef("pk"), committed__gt=0)
    old = cases.filter(need__verified_at__lt=now - _FORGOTTEN_AFTER).aggregate(
        every=Count("pk"), reached=Count("pk", filter=Exists(promised))
    )
    return {
        "covered_share": _share(cash["committed"] or 0, cash["lacking"] or 0),
        "delivered_share": _share(cash["delivered"] or 0, cash["committed"] or 0),
        "reached_share": _share(old["reached"], old["every"]),
    }


def _help_days(region: str, since: date, until: date) -> float | None:
    lines = [line for line in time_to_help(region=region, since=since, until=until) if not line.tier]
    own = next((line.timing.median_hours for line in lines if line.code == region), None)
    return None if own is None else own / 24
