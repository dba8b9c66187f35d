"""Columns of whole numbers from a CSV file; what is wrong is named by file, line, column and value."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.engine.columns import InstanceError, Int64
from matching.engine.model import MAX_AMOUNT_FEN

AMOUNT = (0, MAX_AMOUNT_FEN)
FLAG = (0, 1)
MASK = (0, (1 << 63) - 1)
ANY = (-(1 << 63), (1 << 63) - 1)
LIMITS = {
    "gap_fen": AMOUNT, "required_fen": AMOUNT, "region": (0, 999_999), "category": (0, 62), "tier": (0, 7),
    "groups": (0, (1 << 32) - 1), "government_done": FLAG, "available_fen": AMOUNT, "categories": MASK, "tiers": MASK,
    "government_first": FLAG, "minimum_grant_fen": AMOUNT, "per_case_cap_fen": AMOUNT, "share_cap_permille": (0, 1000),
    "per_household_cap_fen": AMOUNT, "opens_on": (0, 3_652_059), "expires_on": (0, 3_652_059), "amount_fen": AMOUNT,
}  # fmt: skip
"""The least and the greatest value of a column; ids, households and priorities may be any int64."""


LEAST_CODE = 100_000
"""A code of a place has six digits, and the first is not 0."""


def whole(text: str) -> int:
    """Return a number written in digits 0-9 alone, with or without a sign. Raises ValueError."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return int(text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file as text, with the line on which each row ends."""

    file: str
    lines: list[int]
    texts: dict[str, list[str]]

    def fault(self, row: int, column: str, wanted: str) -> InstanceError:
        """Return the error for one cell."""
        text = self.texts[column][row]
        return InstanceError(
            f"{self.file}, line {self.lines[row]}, column {column}: {wanted}, not {text[:40]!r}"
        )

    def numbers(self, column: str) -> Int64:
        """Return a column of whole numbers within its limits; an empty cell is 0."""
        least, most = LIMITS.get(column, ANY)
        found = []
        for row, text in enumerate(self.texts[column]):
            try:
                number = whole(text) if text.strip() else 0
            except ValueError:
                raise self.fault(row, column, "a whole number is wanted") from None
            if column == "region" and 0 < number < LEAST_CODE:
                raise self.fault(row, column, "a six-digit code or 0 is wanted")
            if not least <= number <= most:
                raise self.fault(row, column, f"a number from {least} to {most} is wanted")
            found.append(number)
        return np.array(found, dtype=np.int64)

    def check_filled(self, column: str) -> None:
        """Raise InstanceError for the first empty cell."""
        for row, text in enumerate(self.texts[column]):
            if not text.strip():
                raise self.fault(row, column, "a value is wanted")

    def check_unique(self, column: str) -> None:
        """Raise InstanceError for the first number that stood further up."""
        seen: dict[int, int] = {}
        for row, text in enumerate(self.texts[column]):
            first = seen.setdefault(whole(text), row)
            if first != row:
                raise self.fault(row, column, f"line {self.lines[first]} has the same; another is wanted")


def read_sheet(path: Path, required: set[str], optional: set[str]) -> Sheet:
    """Return the file; required columns are filled. Raises InstanceError, or OSError if it cannot be opened."""
    names, rows, lines = _read(path, required, optional)
    sheet = Sheet(path.name, lines, {name: [row[place] for row in rows] for place, name in enumerate(names)})
    for name in sorted(required):
        sheet.check_filled(name)
    return sheet


def _read(path: Path, required: set[str], optional: set[str]) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the names of the columns, the rows, and the line on which each row ends."""
    rows, lines = [], []
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.reader(handle)
        try:
            names = [name.strip() for name in next(reader, [])]
            _check_names(path.name, names, required, optional)
            for row in reader:
                if not row:
                    continue
                if len(row) != len(names):
                    wanted = f"{len(names)} values are wanted, not {len(row)}"
                    raise InstanceError(f"{path.name}, line {reader.line_num}: {wanted}")
                rows.append(row)
                lines.append(reader.line_num)
        except UnicodeDecodeError:
            raise _not_utf8(path) from None
        except csv.Error as error:
            raise InstanceError(f"{path.name}, line {reader.line_num}: {error}") from None
    return names, rows, lines


def _not_utf8(path: Path) -> InstanceError:
    """Return the error for the first byte that is not UTF-8."""
    content = path.read_bytes()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return InstanceError(
            f"{path.name}, line {line}: UTF-8 is wanted, not the byte 0x{content[error.start]:02x}"
        )
    return InstanceError(f"{path.name} has changed while it was read")


def _check_names(file: str, names: list[str], required: set[str], optional: set[str]) -> None:
    if len(set(names)) < len(names):
        raise InstanceError(f"{file}, line 1: a column stands twice among {names}")
    if required - set(names):
        raise InstanceError(f"{file}, line 1: the columns {sorted(required - set(names))} are missing")
    if set(names) - required - optional:
        unknown, known = sorted(set(names) - required - optional), sorted(required | optional)
        raise InstanceError(f"{file}, line 1: unknown columns {unknown}; known are {known}")
