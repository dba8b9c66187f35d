"""The idle-money report as pages and tables show it, for a fund's holder and for civil affairs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext

from cms import places
from cms.exports import csv_response, yuan_text
from cms.wording import FAILED
from donors.idle import IdleMoney, Kept
from donors.models import Fund
from jiujinan.codes import TIER_LABELS, Tier
from jiujinan.regions.models import Region

ROWS_SHOWN = 60


@dataclass(frozen=True)
class KeptRow:
    """One line of the table: which restriction kept how much away, of which tier, where."""

    rule: str
    tier: str
    place: str
    items: int
    gap_fen: int
    alone_fen: int


@dataclass(frozen=True)
class RuleBar:
    """One bar of the picture: all that one restriction keeps away."""

    rule: str
    gap_fen: int
    alone_fen: int


def shown(idle: IdleMoney) -> dict[str, object]:
    """Return what the template `components/idle.html` draws of one fund's report, besides `idle` itself."""
    rows, bars = kept_rows(idle), rule_bars(idle)
    return {
        "rows": rows[:ROWS_SHOWN],
        "row_count": len(rows),
        "bars": bars,
        "longest": max((bar.gap_fen for bar in bars), default=0),
        "relaxation": relaxation_words(idle),
        "percent": None if idle.carry_over_permille is None else idle.carry_over_permille / 10,
    }


def kept_rows(idle: IdleMoney) -> list[KeptRow]:
    """Return what was kept away, the most first, with places by name."""
    names = place_names(kept.region for kept in idle.kept)
    return [_row(kept, names) for kept in idle.kept]


def rule_bars(idle: IdleMoney) -> list[RuleBar]:
    """Return one bar for each restriction, the longest first."""
    sums: dict[str, tuple[int, int]] = {}
    for kept in idle.kept:
        gap_fen, alone_fen = sums.get(kept.rule, (0, 0))
        sums[kept.rule] = (gap_fen + kept.gap_fen, alone_fen + kept.alone_fen)
    bars = [RuleBar(rule_words(rule), *fen) for rule, fen in sums.items()]
    return sorted(bars, key=lambda bar: (-bar.gap_fen, bar.rule))


def relaxation_words(idle: IdleMoney) -> str:
    """Return the smallest relaxation in words, '' if nothing is stranded or nothing helps."""
    found = idle.smallest_relaxation
    return "; ".join(rule_words(rule) for rule in found.rules) if found else ""


def rule_words(rule: str) -> str:
    """Return a restriction in words."""
    return gettext(FAILED.get(str(rule), str(rule)))


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the name of each division with the one above it, in one query."""
    regions = Region.objects.filter(code__in=set(codes)).select_related("parent")
    return {one.code: places.path_text(one) for one in regions}


def idle_csv(name: str, report: Iterable[tuple[Fund, IdleMoney]]) -> HttpResponse:
    """Return the whole report as one table: a line for each fund, restriction, tier and place."""
    header = ["fund", "holder", "idle_yuan", "spent_year_yuan", "carry_over_permille", "restriction", "tier",
              "region", "items", "kept_away_yuan", "by_it_alone_yuan"]  # fmt: skip
    return csv_response(name, header, _lines(list(report)))


def _lines(report: list[tuple[Fund, IdleMoney]]) -> Iterable[list[object]]:
    names = place_names(kept.region for _, idle in report for kept in idle.kept)
    for fund, idle in report:
        of_fund: list[object] = [
            fund.name,
            fund.holder.name,
            yuan_text(idle.idle_fen),
            yuan_text(idle.spent_fen),
            "" if idle.carry_over_permille is None else idle.carry_over_permille,
        ]
        rows = [_row(kept, names) for kept in idle.kept]
        for row in rows:
            amounts = [row.items, yuan_text(row.gap_fen), yuan_text(row.alone_fen)]
            yield [*of_fund, row.rule, row.tier, row.place, *amounts]
        if not rows:
            yield [*of_fund, "", "", "", 0, yuan_text(0), yuan_text(0)]


def _row(kept: Kept, names: dict[str, str]) -> KeptRow:
    return KeptRow(
        rule_words(kept.rule),
        gettext(TIER_LABELS[Tier(kept.tier)]),
        names.get(kept.region, kept.region),
        kept.items,
        kept.gap_fen,
        kept.alone_fen,
    )
