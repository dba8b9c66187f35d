"""Local standards, dated and sourced: the monthly minimum living allowance (低保标准) of a region, in fen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jiujinan.regions.dated import in_force


@dataclass(frozen=True)
class Standard:
    """One region's standard from a day on, and the limits that are multiples of it.

    `region` is a six-digit code, or "" for the nation; temporary relief is at most so many months of the standard a
    person; `expense_permille` is the share of income from which spending makes poor.
    """

    region: str
    monthly_fen: int
    valid_from: date
    source: str
    relief_months: int
    hard_case_months: int
    expense_permille: int

    @property
    def place(self) -> str:
        """Where it holds."""
        return self.region


@cache
def known_standards() -> tuple[Standard, ...]:
    """Return the standards that the installation ships; a region without one falls back to the nation's."""
    path = Path(__file__).parent / "data" / "standards.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Standard(
            row["region"],
            row["monthly_fen"],
            date.fromisoformat(row["valid_from"]),
            row["source"],
            row["relief_months"],
            row["hard_case_months"],
            row["expense_permille"],
        )
        for row in rows
    )


def standard_for(region: str, on: date, standards: Iterable[Standard]) -> Standard:
    """Return the standard in force: of the nearest region that has one, the latest by date.

    Raises LookupError when not even a national standard was in force on that day.
    """
    found = in_force(standards, region=region, on=on)
    if found is None:
        raise LookupError(f"no living-allowance standard in force for {region} on {on}")
    return found
