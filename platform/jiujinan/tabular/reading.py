"""Reads a file by a declared schema: every row becomes a typed `Row`, or rejections that name it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiujinan.tabular import cells as cell_rules
from jiujinan.tabular.container import Format, examine
from jiujinan.tabular.delimited import read_grid
from jiujinan.tabular.grid import Grid, Mark, MergedIndex
from jiujinan.tabular.header import Header, find_header
from jiujinan.tabular.limits import DEFAULT, Limits
from jiujinan.tabular.outcome import CellError, FileError, Rejection, Row
from jiujinan.tabular.schema import Column, Sheet
from jiujinan.tabular.workbook import open_grids

_REMARKS = ("注:", "注：", "备注", "说明", "填表", "合计", "总计", "制表", "审核")


def read_rows(
    path: Path, sheets: Sequence[Sheet], *, limits: Limits = DEFAULT, only: Collection[str] = ()
) -> Iterator[Row | Rejection]:
    """
    Yield a `Row` for each good row and a `Rejection` for each bad cell, sheet by sheet as declared.

    A file that cannot be read yields one rejection with row 0. A delimited file is the first sheet.
    Unknown sheets and columns are passed over; the order of columns is free. `only` names the sheets to yield.
    """
    try:
        with _open(path, sheets, limits) as grids:
            for sheet, grid in _assign(sheets, grids, limits):
                if only and sheet.name not in only:
                    continue
                if grid is not None:
                    yield from _read_sheet(sheet, grid, limits)
                elif sheet.required:
                    yield Rejection("", 0, "", "missing_sheet", {"sheet": sheet.name_zh})
    except FileError as error:
        yield Rejection("", 0, "", error.code, error.params)


def read_grids(
    grids: Mapping[str, Grid], sheets: Sequence[Sheet], *, limits: Limits = DEFAULT
) -> Iterator[Row | Rejection]:
    """Yield the same for tables that did not come as a file; `grids` by the declared sheet's name."""
    for sheet in sheets:
        if sheet.name in grids:
            yield from _read_sheet(sheet, grids[sheet.name], limits)
        elif sheet.required:
            yield Rejection("", 0, "", "missing_sheet", {"sheet": sheet.name_zh})


def raw_rows(
    path: Path, sheets: Sequence[Sheet], wanted: Mapping[str, Collection[int]], *, limits: Limits = DEFAULT
) -> Iterator[tuple[Sheet, int, dict[str, object]]]:
    """Yield sheet, row number and the declared cells as they stand, by column name, of the wanted rows by sheet name.

    What no column takes (a formula, an error) is None. For giving bad rows back to whoever sent them.
    """
    try:
        with _open(path, sheets, limits) as grids:
            for sheet, grid in _assign(sheets, grids, limits):
                numbers = wanted.get(sheet.name, ())
                if grid is not None and numbers:
                    yield from _raw_rows(sheet, grid, numbers, limits)
    except FileError:
        return


def _raw_rows(
    sheet: Sheet, grid: Grid, numbers: Collection[int], limits: Limits
) -> Iterator[tuple[Sheet, int, dict[str, object]]]:
    columns = find_header(sheet, grid, limits).columns
    for number, cells in grid.pick(numbers):
        found = {column.name: cells[index] for index, column in columns.items() if index < len(cells)}
        yield (
            sheet,
            number,
            {n: cell for n, cell in found.items() if cell is not None and not isinstance(cell, Mark)},
        )


@contextmanager
def _open(path: Path, sheets: Sequence[Sheet], limits: Limits) -> Iterator[list[Grid]]:
    if examine(path, limits) is Format.XLSX:
        with open_grids(path, limits) as grids:
            yield grids
    else:
        yield [read_grid(path, sheets[0].name_zh, limits)]


def _assign(sheets: Sequence[Sheet], grids: list[Grid], limits: Limits) -> list[tuple[Sheet, Grid | None]]:
    """Pair each declared sheet with the grid of its title or, failing that, of its headers."""
    left = list(grids)
    pairs: list[tuple[Sheet, Grid | None]] = []
    for sheet in sheets:
        found = next((grid for grid in left if sheet.is_called(grid.title)), None)
        pairs.append((sheet, found))
        if found is not None:
            left.remove(found)
    for place, (sheet, found) in enumerate(pairs):
        if found is None:
            found = next((grid for grid in left if find_header(sheet, grid, limits).is_complete), None)
            pairs[place] = (sheet, found)
            if found is not None:
                left.remove(found)
    return pairs


def _read_sheet(sheet: Sheet, grid: Grid, limits: Limits) -> Iterator[Row | Rejection]:
    header = find_header(sheet, grid, limits)
    if header.problems:
        if sheet.required or header.columns:
            yield from header.problems
        return
    count = 0
    for outcome in _Table(sheet, grid, header, limits).read():
        count += 1
        yield outcome
    if count == 0 and sheet.required:
        yield Rejection(grid.title, header.number, "", "no_rows")


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    grid: Grid
    header: Header
    limits: Limits

    def read(self) -> Iterator[Row | Rejection]:
        merged = MergedIndex(self.grid.find_merged(), self.header.columns)
        blank = count = 0
        for number, cells in self.grid.open_rows():
            if number <= self.header.number:
                continue
            if self._is_blank(cells):
                blank += 1
                if blank > self.limits.blank_run:
                    yield self._stop(number - blank + 1, "blank_run", self.limits.blank_run)
                    return
                continue
            blank = 0
            if self._is_remark(cells):
                continue
            count += 1
            if count > self.limits.rows:
                yield self._stop(number, "too_many_rows", self.limits.rows)
                return
            yield from self._read_row(number, cells, merged)

    def _read_row(
        self, number: int, cells: Sequence[object], merged: MergedIndex
    ) -> Iterator[Row | Rejection]:
        values: dict[str, Any] = dict(self.header.defaults)
        errors: list[tuple[Column, CellError]] = []
        width = len(cells)
        for index, column in self.header.columns.items():
            cell = cells[index] if index < width else None
            try:
                values[column.name] = self._value(cell, column)
            except CellError as error:
                errors.append((column, error))
        touched = merged.find(number)
        if touched is not None:
            errors = [(touched[1], CellError("merged", range=touched[0].ref))]
        if not errors:
            yield Row(self.sheet.name, self.grid.title, number, values)
        key = values.get(self.sheet.key)
        for column, misfit in errors:
            yield Rejection(
                sheet=self.grid.title,
                row=number,
                column=column.name_zh,
                code=misfit.code,
                params=misfit.params,
                key=str(key or ""),
                sheet_name=self.sheet.name,
            )

    def _value(self, cell: object, column: Column) -> Any:
        if isinstance(cell, Mark):
            raise CellError(cell.value)
        if not cell_rules.is_blank(cell):
            return cell_rules.parse(cell, column)
        if column.required:
            raise CellError("required")
        return self.header.defaults[column.name]

    def _is_blank(self, cells: Sequence[object]) -> bool:
        return all(cell is None or cell_rules.is_blank(cell) for cell in cells)

    def _is_remark(self, cells: Sequence[object]) -> bool:
        """Return whether the row is a note under the table, or the header printed again."""
        filled = [(i, cell) for i, cell in enumerate(cells) if not cell_rules.is_blank(cell)]
        first = filled[0][1]
        if len(filled) == 1:
            return isinstance(first, str) and first.strip().startswith(_REMARKS)
        return all(self.header.texts.get(i) == cell for i, cell in filled)

    def _stop(self, number: int, code: str, limit: int) -> Rejection:
        return Rejection(self.grid.title, number, "", code, {"limit": limit})
