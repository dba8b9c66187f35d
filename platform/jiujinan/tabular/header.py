"""Finds the header row of a sheet and what stands in which column."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from jiujinan.tabular.grid import Grid
from jiujinan.tabular.limits import Limits
from jiujinan.tabular.outcome import Rejection
from jiujinan.tabular.schema import Column, Kind, Sheet, label_key

_MANY = frozenset({Kind.CODES, Kind.TEXTS})


@dataclass(frozen=True, slots=True)
class Header:
    """The header row's number, its columns by 0-based index, and what is wrong with it."""

    number: int
    columns: dict[int, Column]
    texts: Mapping[int, object]
    defaults: Mapping[str, Any]
    problems: tuple[Rejection, ...]

    @property
    def is_complete(self) -> bool:
        """Return whether every required column stands there once."""
        return not self.problems


def find_header(sheet: Sheet, grid: Grid, limits: Limits) -> Header:
    """Return the row, among the first few, that names the most columns of the sheet."""
    best: tuple[int, Sequence[object]] = (1, ())
    best_count = 0
    rows = takewhile(lambda row: row[0] <= limits.header_within, grid.open_rows())
    for number, cells in rows:
        count = len(set(_match(sheet, cells).values()))
        if count > best_count:
            best, best_count = (number, cells), count
    return _header(sheet, grid.title, *best)


def _match(sheet: Sheet, cells: Sequence[object]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for index, cell in enumerate(cells):
        column = sheet.by_header.get(label_key(cell)) if isinstance(cell, str) else None
        if column is not None:
            found[index] = column
    return found


def _header(sheet: Sheet, title: str, number: int, cells: Sequence[object]) -> Header:
    columns = _match(sheet, cells)
    times = Counter(columns.values())
    problems = [
        Rejection(title, number, column.name_zh, "duplicate_column", {"column": column.name_zh})
        for column, count in times.items()
        if count > 1
    ]
    problems += [
        Rejection(title, number, column.name_zh, "missing_column", {"column": column.name_zh})
        for column in sheet.columns
        if column.required and column not in times
    ]
    defaults = {c.name: () if c.kind in _MANY else None for c in sheet.columns}
    texts = dict(enumerate(cells))
    return Header(number, columns, texts, defaults, tuple(problems))
