"""What each discovery channel brings (the figure that Heilongjiang publishes: 26.7 % found, not applied)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from jiujinan.codes import DiscoveryChannel
from jiujinan.codes.cases import PROACTIVE_CHANNELS
from needs.discovery.models import NeedReport
from needs.models import CaseRecord, NeedItem
from needs.states import CaseState


@dataclass(frozen=True)
class ChannelRow:
    """One channel in the period: reports and case records that came by it, and what became of the cases."""

    channel: DiscoveryChannel
    reports: int
    cases: int
    verified: int
    helped: int

    @property
    def is_proactive(self) -> bool:
        """Whether somebody found the household, rather than waited for it."""
        return self.channel in PROACTIVE_CHANNELS


@dataclass(frozen=True)
class ChannelFigures:
    """All channels, those that brought most first."""

    rows: tuple[ChannelRow, ...]

    def total(self, name: str) -> int:
        """Return a column's sum."""
        return sum(getattr(row, name) for row in self.rows)

    @property
    def proactive_percent(self) -> int | None:
        """The share of helped cases that were found, in whole percent; None while nobody was helped."""
        helped = self.total("helped")
        found = sum(row.helped for row in self.rows if row.is_proactive)
        return round(100 * found / helped) if helped else None


def channel_figures(*, region: str, since: date, until: date) -> ChannelFigures:
    """Return the figures of cases applied or found, and of reports received, from `since` to `until`, both counted.

    `region` is the prefix of the divisions counted ("" for all). Two queries.
    """
    delivered = NeedItem.objects.filter(need__case=OuterRef("pk"), fulfilled__gt=0)
    cases = (
        CaseRecord.objects.filter(region__code__startswith=region, applied_on__range=(since, until))
        .exclude(state=CaseState.SUPERSEDED)
        .annotate(got=Exists(delivered))
        .values("channel")
        .annotate(
            cases=Count("pk"),
            verified=Count("pk", filter=Q(need__verified_at__isnull=False)),
            helped=Count("pk", filter=Q(got=True)),
        )
    )
    reports = Counter(
        NeedReport.objects.filter(
            region__code__startswith=region, received_at__date__range=(since, until)
        ).values_list("channel", flat=True)
    )
    return tally({row["channel"]: row for row in cases}, reports)


def tally(cases: Mapping[str, Mapping[str, Any]], reports: Mapping[str, int]) -> ChannelFigures:
    """Return the figures of every channel from the counts of those that brought something."""
    nothing: Mapping[str, Any] = {}
    rows = [
        ChannelRow(
            channel=channel,
            reports=reports.get(channel, 0),
            cases=cases.get(channel, nothing).get("cases", 0),
            verified=cases.get(channel, nothing).get("verified", 0),
            helped=cases.get(channel, nothing).get("helped", 0),
        )
        for channel in DiscoveryChannel
    ]
    return ChannelFigures(tuple(sorted(rows, key=lambda row: (-row.cases, -row.reports, row.channel))))
