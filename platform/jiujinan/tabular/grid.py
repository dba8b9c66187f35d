"""A sheet before its meaning is known: numbered rows of cells, and what is odd about some cells."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from jiujinan.tabular.schema import Column


class Mark(Enum):
    """Stands in place of a content that no column takes; the value is the message's code."""

    FORMULA = "formula"
    ERROR = "error_cell"


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Cells that were merged, 1-based and inclusive."""

    ref: str
    rows: tuple[int, int]
    columns: tuple[int, int]


Rows = Iterator[tuple[int, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as it stands; `open_rows` starts again from the top at each call.

    `find_rows` yields the rows of those numbers, in order, faster than all of them, where the form knows a way.
    """

    title: str
    open_rows: Callable[[], Rows]
    find_merged: Callable[[], list[MergedRange]]
    find_rows: Callable[[Collection[int]], Rows] | None = None

    def pick(self, wanted: Collection[int]) -> Rows:
        """Return the rows of those numbers, in order."""
        if self.find_rows is not None:
            return self.find_rows(wanted)
        return ((number, cells) for number, cells in self.open_rows() if number in wanted)


class MergedIndex:
    """Which merged range touches a row in one of the declared columns."""

    _TALL = 100

    def __init__(self, ranges: list[MergedRange], columns: dict[int, Column]) -> None:
        self._by_row: dict[int, tuple[MergedRange, Column]] = {}
        self._tall: list[tuple[MergedRange, Column]] = []
        for merged in ranges:
            left, right = merged.columns
            touched = min((i for i in columns if left <= i + 1 <= right), default=None)
            if touched is not None:
                self._add(merged, columns[touched])

    def find(self, row: int) -> tuple[MergedRange, Column] | None:
        """Return a range that touches the row and the first column that it touches, or None."""
        found = self._by_row.get(row)
        if found is None and self._tall:
            found = next((t for t in self._tall if t[0].rows[0] <= row <= t[0].rows[1]), None)
        return found

    def _add(self, merged: MergedRange, column: Column) -> None:
        top, bottom = merged.rows
        if bottom - top > self._TALL:
            self._tall.append((merged, column))
        else:
            self._by_row.update(dict.fromkeys(range(top, bottom + 1), (merged, column)))
