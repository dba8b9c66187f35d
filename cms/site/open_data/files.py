"""Writing rows as files, a part at a time: no file is ever held in memory whole."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from cms.site.open_data.rows import Row

_MARK = "\ufeff"  # so that a spreadsheet reads the file as UTF-8
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take the cell for a formula


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def as_csv(rows: Iterable[Row], columns: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a comma-separated file (RFC 4180)."""
    names = list(columns)
    writer = csv.writer(_Echo())
    yield _MARK + writer.writerow(names)
    for row in rows:
        yield writer.writerow([_cell(row.get(name)) for name in names])


def as_json(rows: Iterable[Row], *, around: dict[str, Any], within: str) -> Iterator[str]:
    """Yield a JSON object that holds the rows as a list called `within`, after what stands `around` it."""
    head = json.dumps(around, ensure_ascii=False)
    yield f"{head[:-1]}{', ' if around else ''}{json.dumps(within)}: ["
    first = True
    for row in rows:
        yield ("\n" if first else ",\n") + json.dumps(row, ensure_ascii=False)
        first = False
    yield "\n]}\n"


def flattened(row: Row, name: str = "") -> Row:
    """Return a row without depth: `{"a": [{"b": 1}]}` becomes `{"a/0/b": 1}`, as 360Giving's spreadsheets have it."""
    flat: Row = {}
    for key, value in row.items():
        at = f"{name}{key}"
        pairs = (
            enumerate(value)
            if isinstance(value, list)
            else value.items()
            if isinstance(value, dict)
            else None
        )
        if pairs is None:
            flat[at] = value
        else:
            flat |= flattened({str(inner): one for inner, one in pairs}, f"{at}/")
    return flat


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
