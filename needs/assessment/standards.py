"""Local standards, dated and sourced: the monthly minimum living allowance (低保标准) of a region, in fen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jiujinan.regions.rules import prefix


@dataclass(frozen=True)
class Standard:
    """One region's standard from a day on. `region` is a six-digit code, or "" for the nation."""

    region: str
    monthly_fen: int
    valid_from: date
    source: str


@cache
def known_standards() -> tuple[Standard, ...]:
    """Return the standards that the installation ships; a region without one falls back to the nation's."""
    path = Path(__file__).parent / "data" / "standards.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Standard(row["region"], row["monthly_fen"], date.fromisoformat(row["valid_from"]), row["source"])
        for row in rows
    )


def standard_for(region: str, on: date, standards: Sequence[Standard]) -> Standard:
    """Return the standard in force: of the nearest region that has one, the latest by date.

    Raises LookupError when not even a national standard was in force on that day.
    """
    in_force = [
        standard
        for standard in standards
        if standard.valid_from <= on and (not standard.region or region.startswith(prefix(standard.region)))
    ]
    if not in_force:
        raise LookupError(f"no living-allowance standard in force for {region} on {on}")
    return max(in_force, key=lambda s: (len(prefix(s.region)) if s.region else 0, s.valid_from))
