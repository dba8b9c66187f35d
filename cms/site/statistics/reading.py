"""The latest release, read for the page: charts, tiles, the table of what stands unmet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cms import places
from cms.site.statistics.charts import Bar, Chart, counts_chart, sentence, shown, shown_total
from cms.site.statistics.tiles import Tile, tiles
from cms.wording import FAILED
from jiujinan.accounts.models import KIND_LABELS
from jiujinan.codes import CAUSE_GROUP_LABELS, ITEM_KIND_LABELS, TIER_LABELS
from jiujinan.regions.models import Region
from matching.models import Release

OUTCOMES = {
    "not_eligible": gettext_noop("no resource fits"),
    "exhausted": gettext_noop("every resource that fits is used up"),
    "partly": gettext_noop("helped in part, the rest waits"),
    "capped": gettext_noop("the caps of what fits are reached"),
    "below_minimum": gettext_noop("the rest is under the smallest grant"),
    "held": gettext_noop("kept for more urgent needs"),
    "withheld": gettext_noop("another part of the same need waits"),
}


@dataclass(frozen=True)
class Cell:
    """A published count in words, and whether it is one that is withheld."""

    words: str
    withheld: bool

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Unmet:
    """What stands unmet, ready to be read: reasons as columns, places as rows."""

    reasons: list[str]
    rows: list[tuple[str, list[Cell], Cell]]
    totals: list[Cell]
    total: str


def latest_release() -> Release | None:
    """Return the newest release; None before the first."""
    return Release.objects.first()


def charts(release: Release) -> list[Chart]:
    """Return the page's charts, in their order."""
    tables = release.tables
    projects = _("projects")
    return [
        counts_chart(
            name="tier", title=_("How urgent they are"), table=tables["projects"]["by_tier"],
            labels={**_labels(TIER_LABELS), "": ""}, unit=projects, ordered=True,
        ),
        counts_chart(
            name="cause", title=_("What struck the households"), table=tables["projects"]["by_cause"],
            labels=_labels(CAUSE_GROUP_LABELS), unit=projects,
        ),
        counts_chart(
            name="kind", title=_("What they lack"), table=tables["items"]["by_kind"],
            labels=_labels(ITEM_KIND_LABELS), unit=_("things asked for"),
        ),
        counts_chart(
            name="month", title=_("When they were published"), table=tables["projects"]["by_month"],
            labels=_months(tables["projects"]["by_month"]["cells"]), unit=projects, ordered=True,
        ),
        counts_chart(
            name="forces", title=_("Who takes part"), table=tables["forces"],
            labels={str(kind): str(label) for kind, label in KIND_LABELS.items()}, unit=_("organisations"), exact=True,
        ),
    ]  # fmt: skip


def province_tiles(release: Release) -> list[Tile]:
    """Return the tile grid of the provinces; one query."""
    names = dict(Region.objects.provinces().current().values_list("code", "name"))
    return tiles(release.tables["places"]["provinces"]["cells"], names, in_letters=places.is_english())


def province_rows(release: Release) -> list[tuple[str, str]]:
    """Return the provinces with their counts in words, as the table beside the tiles."""
    cells: Mapping[str, int | None] = release.tables["places"]["provinces"]["cells"]
    names = places.names_of(cells, places.html)
    ordered = sorted(cells, key=lambda code: (-(cells[code] or 0), code))
    return [(names.get(code, code), shown(cells[code])) for code in ordered]


def places_sentence(release: Release) -> str:
    """Return what the tiles show, in words; one query."""
    cells: Mapping[str, int | None] = release.tables["places"]["provinces"]["cells"]
    names = places.names_of(cells)
    bars = [
        Bar(names.get(code, code), shown(count), None if count is None else count)
        for code, count in cells.items()
    ]
    return sentence(bars, shown_total(release.tables["places"]["provinces"]), _("projects"))


def unmet(release: Release) -> Unmet:
    """Return the table of what stands unmet by place and reason."""
    table = release.tables["unmet"]
    reasons = sorted(table["by_reason"], key=lambda reason: -(table["by_reason"][reason] or 0))
    cells = {(cell["region"], cell["reason"]): cell["items"] for cell in table["cells"]}
    names = places.names_of(table["by_region"], places.html)
    rows = [
        (
            names.get(region, region),
            [_cell(cells[region, reason]) for reason in reasons],
            _cell(total),
        )
        for region, total in sorted(table["by_region"].items())
    ]
    totals = [_cell(table["by_reason"][reason]) for reason in reasons]
    return Unmet([reason_words(reason) for reason in reasons], rows, totals, shown(table["total"]))


def _cell(count: int | None) -> Cell:
    return Cell(shown(count), withheld=count is None)


def reason_words(reason: str) -> str:
    """Return a reason's code in words."""
    if reason in FAILED:
        return _(FAILED[reason])
    return _(OUTCOMES[reason]) if reason in OUTCOMES else _("another reason")


def _labels(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): _(label) for code, label in labels.items()}


def _months(cells: Mapping[str, object]) -> dict[str, str]:
    return {
        month: formats.date_format(date.fromisoformat(month), "YEAR_MONTH_FORMAT") for month in sorted(cells)
    }
