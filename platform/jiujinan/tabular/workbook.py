"""Sheets of an .xlsx file as grids, row by row, in bounded memory."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from jiujinan.tabular.grid import Grid, Mark, MergedRange
from jiujinan.tabular.limits import MEGABYTE, Limits
from jiujinan.tabular.outcome import FileError

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_OVERLAP = 200
_MARKS = {"f": Mark.FORMULA, "e": Mark.ERROR}
# What a damaged workbook raises, somewhere deep inside the library that parses it.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    InvalidFileException,
    ParseError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
)


@contextmanager
def open_grids(path: Path, limits: Limits) -> Iterator[list[Grid]]:
    """Open the workbook for the time of the block; raise `FileError` if it is damaged."""
    with path.open("rb") as stream:
        with _careful():
            book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        try:
            yield [_grid(path, sheet, limits) for sheet in book.worksheets]
        finally:
            book.close()


def _grid(path: Path, sheet: Any, limits: Limits) -> Grid:
    part = str(sheet._worksheet_path)  # the library has no public name for it
    return Grid(
        title=str(sheet.title),
        open_rows=partial(_rows, sheet, limits),
        find_merged=partial(_merged, path, part),
    )


def _rows(sheet: Any, limits: Limits) -> Iterator[tuple[int, Sequence[object]]]:
    with _careful():
        sheet.reset_dimensions()  # the stated size of a sheet is often wrong
        rows = sheet.iter_rows(max_col=limits.columns)
    for number in range(1, 2**31):
        with _careful():
            row = next(rows, None)
            if row is None:
                return
            cells = [_MARKS.get(cell.data_type, cell.value) for cell in row]
        yield number, cells


def _merged(path: Path, part: str) -> list[MergedRange]:
    """Return the merged ranges, which stand behind the rows in the sheet's part."""
    found: dict[str, None] = {}
    with _careful(), zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as stream:
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
    """Keep the library's remarks on styles silent, and call damage by one name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileError:
        raise
    except _DAMAGED as error:
        raise FileError("unreadable") from error
