"""A delimited text file as a grid: UTF-8 with or without mark, UTF-16 with mark, GB18030."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from jiujinan.tabular.grid import Grid, Mark
from jiujinan.tabular.limits import Limits
from jiujinan.tabular.outcome import FileError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;"
_HEAD_LINES = 20
_QUOTED_TEXT = re.compile(r'^="?([^"]*)"?$')  # ="0123": text that a spreadsheet must not turn into a number


def read_grid(path: Path, title: str, limits: Limits) -> Grid:
    """Return the file as one grid; raise `FileError` if its encoding is none of the known ones."""
    text = _decode(path.read_bytes())
    if not text.strip():
        raise FileError("empty_file")
    return Grid(title, partial(_rows, text, _delimiter(text), limits), list)


def _decode(raw: bytes) -> str:
    if raw.startswith(_UTF16_MARKS):
        encodings = ["utf-16"]
    elif b"\x00" in raw:
        raise FileError("unreadable")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("encoding")


def _delimiter(text: str) -> str:
    head = "\n".join(text.splitlines()[:_HEAD_LINES]) if len(text) < 10_000 else text[:10_000]
    return max(_DELIMITERS, key=head.count)


def _rows(text: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, Sequence[object]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, record in enumerate(reader, start=1):
            yield number, [_cell(field) for field in record[: limits.columns]]
    except csv.Error as error:
        raise FileError("unreadable") from error


def _cell(field: str) -> object:
    if not field.startswith("="):
        return field
    found = _QUOTED_TEXT.match(field) if '"' in field else None
    return found.group(1) if found else Mark.FORMULA
