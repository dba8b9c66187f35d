"""Figures that hold in a region from a day on (pure): the nearest region that has one, the latest by date."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from jiujinan.regions.rules import is_within, prefix


class Dated(Protocol):
    """A row of a dated table. `place` is a six-digit code, or "" for the whole nation."""

    @property
    def place(self) -> str:
        """Where it holds."""

    @property
    def valid_from(self) -> date:
        """The first day on which it holds."""


Row = TypeVar("Row", bound=Dated)


def holds(row: Dated, *, region: str, on: date) -> bool:
    """Return whether the row holds in that region on that day."""
    return row.valid_from <= on and (not row.place or is_within(region, row.place))


def nearness(row: Dated) -> int:
    """Return how near the row's place is to whoever stands in it: 0 for the nation, 6 for a county."""
    return len(prefix(row.place)) if row.place else 0


def in_force(rows: Iterable[Row], *, region: str, on: date) -> Row | None:
    """Return the row in force; of two alike the later one in the iterable, so that a correction counts."""
    found = None
    for row in rows:
        if holds(row, region=region, on=on) and (found is None or _rank(row) >= _rank(found)):
            found = row
    return found


def _rank(row: Dated) -> tuple[int, date]:
    return nearness(row), row.valid_from
