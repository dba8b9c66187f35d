"""Sheets of an .xlsx file as grids, row by row, in bounded memory."""

import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # declarations are refused beforehand

from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel

from jiujinan.tabular.grid import Grid, Mark, MergedRange
from jiujinan.tabular.limits import MEGABYTE, Limits
from jiujinan.tabular.outcome import FileError
from jiujinan.tabular.package import Package, elements, open_package, plain_text
from jiujinan.tabular.picking import picked
from jiujinan.tabular.windows import NotPlain, windows

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_OVERLAP = 200
_DIGITS = "0123456789"
# What a damaged archive or part raises while it is taken apart.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    StopIteration,
    TypeError,
    ValueError,
)


@contextmanager
def open_grids(path: Path, limits: Limits) -> Iterator[list[Grid]]:
    """Open the workbook for the time of the block; raise `FileError` if it is damaged."""
    with _careful():
        archive = zipfile.ZipFile(path)
    with archive:
        with _careful():
            package = open_package(archive)
        yield [
            Grid(
                title=sheet.title,
                open_rows=partial(_rows, archive, sheet.part, package, limits),
                find_merged=partial(_merged, archive, sheet.part),
                find_rows=partial(_picked, archive, sheet.part, package, limits),
            )
            for sheet in package.sheets
        ]


def _rows(
    archive: zipfile.ZipFile, part: str, package: Package, limits: Limits
) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows that the part has, each with its number; rows that it leaves out are blank."""
    places: dict[str, int] = {}
    number = 0
    rows = _elements(archive, part)
    while True:
        with _careful():
            row = next(rows, None)
            if row is None:
                return
            number = int(row.get("r") or number + 1)
            cells = _cells(row, places, package, limits.columns)
        yield number, cells


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[Element]:
    """Yield the elements of the rows: many parsed at once or, from where that is not sure, one after the other."""
    done = 0
    try:
        for window in windows(archive, part):
            for row in window.rows():
                yield row
                done += 1
    except NotPlain:
        yield from islice(elements(archive, part, "row"), done, None)


def _picked(
    archive: zipfile.ZipFile, part: str, package: Package, limits: Limits, wanted: Collection[int]
) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows of those numbers, or look at all where the part is written in an unusual way."""
    places: dict[str, int] = {}
    with _careful():
        try:
            found: list[tuple[int, Sequence[object]]] = [
                (number, _cells(row, places, package, limits.columns))
                for number, row in picked(archive, part, wanted)
            ]
        except NotPlain:
            found = [row for row in _rows(archive, part, package, limits) if row[0] in wanted]
    yield from found


def _cells(row: Element, places: dict[str, int], package: Package, width: int) -> list[object]:
    cells: list[object] = []
    index = -1
    for cell in row:
        reference = cell.get("r")
        if reference is None:
            index += 1
        else:
            letters = reference.rstrip(_DIGITS)
            known = places.get(letters)
            index = places[letters] = column_index_from_string(letters) - 1 if known is None else known
        if index >= width:
            break
        if len(cell):
            value = _value(cell, package)
            if value is not None:
                cells.extend([None] * (index + 1 - len(cells)))
                cells[index] = value
    return cells


def _value(cell: Element, package: Package) -> object:
    kind, text = cell.get("t"), None
    for child in cell:
        tag = child.tag
        if tag.endswith("}v"):
            text = child.text
        elif tag.endswith("}f"):
            return Mark.FORMULA
        elif tag.endswith("}is"):
            return plain_text(child)
    if text is None:
        return None
    if kind == "s":
        return package.texts[int(text)]
    if kind is None or kind == "n":
        return _number(text, cell.get("s") in package.date_styles, package.epoch)
    return _OTHER_KINDS.get(kind, str)(text)


def _number(text: str, is_date: bool, epoch: datetime) -> object:
    try:
        value: int | float = int(text)
    except ValueError:
        value = float(text)
    if not is_date:
        return value
    try:
        moment: Any = from_excel(value, epoch)
    except (OverflowError, ValueError):
        return Mark.ERROR
    return moment


_OTHER_KINDS: dict[str, Any] = {
    "str": str,
    "b": lambda text: text == "1",
    "e": lambda text: Mark.ERROR,
    "d": datetime.fromisoformat,
}


def _merged(archive: zipfile.ZipFile, part: str) -> list[MergedRange]:
    """Return the merged ranges, which stand behind the rows in the sheet's part."""
    found: dict[str, None] = {}
    with _careful(), archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(MEGABYTE):
            window = rest + chunk
            found.update((ref.decode("ascii"), None) for ref in _MERGED.findall(window))
            rest = window[-_OVERLAP:]
    return [_range(ref) for ref in found]


def _range(ref: str) -> MergedRange:
    left, top, right, bottom = range_boundaries(ref)
    return MergedRange(ref, (top, bottom), (left, right))


@contextmanager
def _careful() -> Iterator[None]:
    """Call whatever a damaged file raises by one name."""
    try:
        yield
    except FileError:
        raise
    except _DAMAGED as error:
        raise FileError("unreadable") from error
