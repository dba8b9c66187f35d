"""How long it takes from the first word to the first help; median and 90th percentile, by tier and region."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, QuerySet
from django.utils import timezone

from jiujinan.codes import Tier
from jiujinan.regions.models import Region
from jiujinan.regions.rules import prefix
from needs.models import CaseRecord
from needs.reporting.periods import midnight


@dataclass(frozen=True)
class Timing:
    """The times of one group of cases: hours, nearest-rank percentiles; None where nobody was helped."""

    helped: int
    waiting: int
    median_hours: float | None
    p90_hours: float | None


@dataclass(frozen=True)
class TimingLine:
    """One division and tier; "" stands for all."""

    code: str
    name: str
    tier: str
    timing: Timing


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank percentile of the values, None of none; `share` is in (0, 1]."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def timing_of(hours: Sequence[float], waiting: int) -> Timing:
    """Return the figures of a group."""
    return Timing(len(hours), waiting, percentile(hours, 0.5), percentile(hours, 0.9))


def time_to_help(*, region: str, since: date, until: date) -> list[TimingLine]:
    """
    Return one line for the division, one for each of its parts, and each of them by tier.

    Counted are the verified cases applied or found from `since` to `until`. The first word is the report of a need
    where there was one, else the beginning of the day of application; the first delivery ends the time. Three queries.
    """
    place = prefix(region) if region else ""
    words = _first_words(place, since, until)
    parts = Region.objects.filter(parent=region or None).order_by("code").values_list("code", "name")
    own = Region.objects.filter(pk=region).values_list("code", "name")
    lines = []
    for code, name in [*own, *parts] if region else [("", ""), *parts]:
        inside = prefix(code) if code else ""
        for tier in ("", *Tier):
            chosen = [row for row in words if row.region.startswith(inside) and tier in {"", row.tier}]
            hours = [row.hours for row in chosen if row.hours is not None]
            if chosen:
                lines.append(TimingLine(code, name, tier, timing_of(hours, len(chosen) - len(hours))))
    return lines


@dataclass(frozen=True)
class _Word:
    region: str
    tier: str
    hours: float | None


def _first_words(place: str, since: date, until: date) -> list[_Word]:
    zone = timezone.get_current_timezone()
    cases: QuerySet[CaseRecord] = CaseRecord.objects.filter(
        region__code__startswith=place, applied_on__range=(since, until), need__verified_at__isnull=False
    )
    told = cases.annotate(
        reported_at=Min("reports__received_at"), helped_at=Min("need__items__deliveries__at")
    ).values_list("region_id", "tier", "applied_on", "reported_at", "helped_at")
    return [
        _Word(code, tier, _hours(reported or midnight(applied, zone), helped))
        for code, tier, applied, reported, helped in told
    ]


def _hours(word: datetime, help_: datetime | None) -> float | None:
    return None if help_ is None else max(help_ - word, timedelta()) / timedelta(hours=1)
