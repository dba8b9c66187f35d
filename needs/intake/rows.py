"""
What a case file says, typed: cases with their members and items, and what could not be taken.

Money is integer fen. Who a person is never shows in a `repr`; nothing here may be logged whole.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from jiujinan.tabular.outcome import STOPPING_CODES, Rejection
from needs.intake.lists import GOVERNMENT_DONE


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing lacking; amounts in whole units: fen, pieces or sessions."""

    sheet: str
    row: int
    kind: str
    category: str
    unit: str
    required: int
    government: int
    insurance: int
    note: str = field(repr=False)

    @property
    def lacking(self) -> int:
        """Return required − government − insurance, ≥ 0."""
        return self.required - self.government - self.insurance


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of the household other than its head; `id_number` is empty where there is none."""

    row: int
    relation: str
    sex: str
    groups: tuple[str, ...]
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    born_on: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One household's case: the head on the row itself, further members and items beside it."""

    row: int
    number: str
    source: str
    version: int
    channel: str
    region: str
    applied_on: date
    cause: str
    tier: str
    size: int
    monthly_income_fen: int
    medical_expense_fen: int
    schooling_expense_fen: int
    other_expense_fen: int
    circle: str
    groups: tuple[str, ...]
    economic_check: str
    consent_on: date | None
    consent_withdrawn_on: date | None
    government_status: str
    items: tuple[ItemRow, ...]
    sensitive_kind: str = field(repr=False)
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    account: str = field(repr=False)
    members: tuple[MemberRow, ...] = field(repr=False)

    @property
    def is_government_done(self) -> bool:
        """Return whether government relief was already granted or refused."""
        return self.government_status in GOVERNMENT_DONE

    def canonical(self) -> bytes:
        """Return the content as bytes that do not depend on where it stood in the file; holds secrets."""
        return _canonical(self).encode()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """
    A file read: good cases, rejections, and rows of persons who already stand in an earlier row.

    `rows`, `member_rows` and `item_rows` count the rows that hold anything, good or bad, by sheet.
    """

    cases: tuple[CaseRow, ...] = field(repr=False)
    rejections: tuple[Rejection, ...]
    duplicates: tuple[Rejection, ...]
    rows: int
    member_rows: int
    item_rows: int

    @property
    def is_unreadable(self) -> bool:
        """Return whether nothing could start: no case at all, and a reason that stops the whole file."""
        return not self.cases and any(r.is_of_file or r.code in STOPPING_CODES for r in self.rejections)


_PLACES = frozenset({"row", "sheet", "version"})
Picking = tuple[tuple[str, ...], Callable[[object], Sequence[object]]]


def _picking(kind: type[CaseRow | ItemRow | MemberRow]) -> Picking:
    """Return the names of what counts as a row's content, and what picks it out."""
    names = tuple(sorted(name for name in kind.__slots__ if name not in _PLACES))
    return names, attrgetter(*names)


_CONTENT: Mapping[type, Picking] = {kind: _picking(kind) for kind in (CaseRow, ItemRow, MemberRow)}


def _content(value: object) -> object:
    """Return a row's content without its place, or a day as text, for `json`."""
    found = _CONTENT.get(type(value))
    if found is None:
        return str(value)
    names, pick = found
    return dict(zip(names, pick(value), strict=True))


_canonical = json.JSONEncoder(default=_content, sort_keys=True).encode
