"""Which level may verify a case of this amount and tier (pure): a dated table of each region (Tianlin, Ningguo)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jiujinan.clocks.rules import LEVELS, Level
from jiujinan.regions.dated import holds, nearness


@dataclass(frozen=True)
class Approval:
    """A level verifies cases of a tier ("" for any) up to an amount of fen, or any amount."""

    level: Level
    tier: str
    up_to_fen: int | None
    place: str
    valid_from: date


def required_level(rows: Iterable[Approval], *, region: str, tier: str, amount_fen: int, on: date) -> Level:
    """Return the lowest level that may verify the amount.

    For each level the nearest region's row counts, there that of the tier itself, there the latest. Where a region has
    no table any level may; where its table has no row for so much, the province decides.
    """
    table: dict[Level, Approval] = {}
    for row in rows:
        if row.tier not in {tier, ""} or not holds(row, region=region, on=on):
            continue
        known = table.get(row.level)
        if known is None or _rank(row) >= _rank(known):
            table[row.level] = row
    if not table:
        return Level.TOWNSHIP
    for level in LEVELS:
        found = table.get(level)
        if found is not None and (found.up_to_fen is None or amount_fen <= found.up_to_fen):
            return level
    return Level.PROVINCE


def may_approve(held: Level | None, needed: Level) -> bool:
    """Return whether somebody of this level (None: nowhere) may verify what needs that level."""
    return held is not None and LEVELS.index(held) >= LEVELS.index(needed)


def _rank(row: Approval) -> tuple[int, bool, date]:
    return nearness(row), row.tier != "", row.valid_from
