"""
Reads a case file whole: cells by `schema`, then what only several cells or rows can tell.

Pure: the division table and today are arguments. Bad rows never sink good ones: a bad household row
rejects its case; a bad member row that member; a bad item row that item, and the case only if no
item is left.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

from jiujinan.regions.lookup import RegionLookup
from jiujinan.tabular.limits import DEFAULT, Limits
from jiujinan.tabular.outcome import Rejection, Row
from needs.intake.checks import MisfitError, case_misfits, county, holds_item, item_of, member_of
from needs.intake.halves import outcomes
from needs.intake.messages import TEXTS
from needs.intake.rows import CaseFile, CaseRow, ItemRow, MemberRow
from needs.intake.schema import CASES, ITEMS, MEMBERS, SHEETS

_SHEETS = {sheet.name: sheet for sheet in SHEETS}
_CASE_PLACES = {column.name: place for place, column in enumerate(CASES.columns)}
_PLACES = {sheet.name: place for place, sheet in enumerate(SHEETS)}
DEFAULTS: Mapping[str, object] = {
    "source": "civil_affairs",
    "version": 1,
    "channel": "application",
    "economic_check": "pending",
    "government_status": "not_applied",
}
_ZEROES = ("monthly_income_fen", "medical_expense_fen", "schooling_expense_fen", "other_expense_fen")
_EMPTIES = ("circle", "sensitive_kind", "phone", "address", "account")


def read_case_file(
    path: Path,
    *,
    regions: RegionLookup,
    today: date,
    limits: Limits = DEFAULT,
    defaults: Mapping[str, object] = DEFAULTS,
) -> CaseFile:
    """Return the cases of an .xlsx or .csv file and every rejection, ordered by sheet and row.

    `defaults` say what an empty cell means: of which source the file is, how its cases were discovered.
    """
    return sort_out(outcomes(path, limits=limits), regions=regions, today=today, defaults=defaults)


def sort_out(
    outcomes: Iterable[Row | Rejection],
    *,
    regions: RegionLookup,
    today: date,
    defaults: Mapping[str, object] = DEFAULTS,
) -> CaseFile:
    """Return the cases of rows that were read already, from whatever form, and every rejection."""
    reader = _Reader(regions, today, {**DEFAULTS, **defaults})
    reader.take(outcomes)
    return reader.finish()


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a person stands already."""

    case: str
    sheet: str
    row: int
    name: str


class _Slim(Mapping[str, Any]):
    """A row's values as a tuple beside names that all rows share: a third of what a mapping of each own takes."""

    __slots__ = ("_cells", "_places")

    def __init__(self, places: Mapping[str, int], values: Mapping[str, Any]) -> None:
        self._places = places
        self._cells = tuple(values[name] for name in places)

    def __getitem__(self, name: str) -> Any:
        return self._cells[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(slots=True)
class _Draft:
    """A case whose own row is good, and what has come to it since."""

    row: Row
    region: str
    members: list[MemberRow] = field(default_factory=list)
    items: dict[tuple[object, ...], ItemRow] = field(default_factory=dict)


class _Reader:
    def __init__(self, regions: RegionLookup, today: date, defaults: Mapping[str, object]) -> None:
        self._defaults = defaults
        self._regions = regions
        self._today = today
        self._drafts: dict[str, _Draft] = {}
        self._refused: set[str] = set()  # numbers of cases that the file holds but that were not taken
        self._people: dict[str, _Standing] = {}
        self._rows: dict[str, set[int]] = defaultdict(set)
        self._titles: dict[str, str] = {}
        self._rejections: list[Rejection] = []
        self._duplicates: list[Rejection] = []

    def take(self, outcomes: Iterable[Row | Rejection]) -> None:
        """Sort every outcome to the sheet that it belongs to."""
        steps = {CASES.name: self._take_case, MEMBERS.name: self._take_member, ITEMS.name: self._take_item}
        for outcome in outcomes:
            if isinstance(outcome, Rejection):
                self._take_rejection(outcome)
                continue
            self._rows[outcome.sheet].add(outcome.number)
            self._titles[outcome.sheet] = outcome.title
            try:
                steps[outcome.sheet](outcome)
            except MisfitError as misfit:
                self._reject(outcome, misfit)

    def finish(self) -> CaseFile:
        """Decide who stands in which case, heads before members, and join the cases that are left."""
        taken = [draft for draft in self._drafts.values() if self._is_whole(draft)]
        taken = [draft for draft in taken if self._is_first(draft.row)]
        self._drafts.clear()
        cases = tuple(self._case_rows(taken))
        by_place = sorted(self._rejections, key=lambda r: (_PLACES.get(r.sheet_name, -1), r.row))
        return CaseFile(
            cases=cases,
            rejections=tuple(by_place),
            duplicates=tuple(self._duplicates),
            rows=len(self._rows[CASES.name]),
            member_rows=len(self._rows[MEMBERS.name]),
            item_rows=len(self._rows[ITEMS.name]),
        )

    def _case_rows(self, taken: list[_Draft]) -> Iterator[CaseRow]:
        """Yield the cases of the drafts, letting go of each: both at once would be too much to hold."""
        taken.reverse()
        while taken:
            draft = taken.pop()
            yield _case_row(draft, self._first_members(draft), self._defaults)

    def _take_rejection(self, rejection: Rejection) -> None:
        self._rejections.append(rejection)
        if rejection.sheet_name:
            self._rows[rejection.sheet_name].add(rejection.row)
        if rejection.sheet_name == CASES.name and rejection.key:
            self._refused.add(rejection.key)

    def _take_case(self, row: Row) -> None:
        values, number = row.values, row.values["number"]
        if number in self._drafts:
            self._take_further_item(self._drafts[number], row)
            return
        self._refused.add(number)  # until everything about it is found good
        misfits = list(case_misfits(values, self._today))
        try:
            region = county(values["region"], self._regions, self._today)
        except MisfitError as misfit:
            misfits.append(misfit)
        if misfits:
            for found in misfits:
                self._reject(row, found)
            return
        self._refused.discard(number)
        self._drafts[number] = _Draft(replace(row, values=_Slim(_CASE_PLACES, values)), region)
        if holds_item(values):
            self._add_item(self._drafts[number], row)

    def _take_further_item(self, draft: _Draft, row: Row) -> None:
        """Take a second row of one case, which a flat file has for each further item."""
        first = draft.row
        if row.values["id_number"] != first.values["id_number"]:
            raise MisfitError("number", "duplicate_case_number", other=first.number)
        if not holds_item(row.values):
            code = "extra_row" if holds_item(first.values) else "duplicate_row"
            raise MisfitError("number", code, other=first.number)
        self._add_item(draft, row)

    def _take_item(self, row: Row) -> None:
        draft = self._draft_of(row)
        if draft is not None:
            self._add_item(draft, row)

    def _take_member(self, row: Row) -> None:
        draft = self._draft_of(row)
        if draft is None:
            return
        member = member_of(row, self._today)
        if not self._is_own_head(draft, member):  # whom some list again among the members
            draft.members.append(member)

    def _is_own_head(self, draft: _Draft, member: MemberRow) -> bool:
        head = draft.row.values
        return (member.id_number, member.name) == (head["id_number"], head["name"])

    def _draft_of(self, row: Row) -> _Draft | None:
        """Return the case that the row belongs to, None if that was refused and has had its answer."""
        number = row.values["number"]
        if number in self._drafts:
            return self._drafts[number]
        if number in self._refused or not self._rows[CASES.name]:
            return None
        raise MisfitError("number", "unknown_case", value=number)

    def _add_item(self, draft: _Draft, row: Row) -> None:
        item = item_of(row)
        identity = (item.kind, item.category, item.required, item.government, item.insurance, item.note)
        first = draft.items.setdefault(identity, item)
        if first is not item:
            raise MisfitError("number", "duplicate_item", other=first.row)

    def _is_whole(self, draft: _Draft) -> bool:
        """Return whether the case has an item and is as large as the people that it lists, or reject it."""
        size, head = draft.row.values["size"], draft.row.values["id_number"]
        listed = len({head, *(member.id_number or member.row for member in draft.members)})
        if listed > size:
            self._reject(draft.row, MisfitError("size", "size_too_small", size=size, listed=listed))
        elif not draft.items:
            self._reject(draft.row, MisfitError("number", "no_items"))
        return listed <= size and bool(draft.items)

    def _first_members(self, draft: _Draft) -> tuple[MemberRow, ...]:
        """Return the members who stand nowhere before."""
        title, number = self._titles.get(MEMBERS.name, ""), draft.row.values["number"]
        found = []
        for member in draft.members:
            values = {"number": number, "name": member.name, "id_number": member.id_number}
            if not member.id_number or self._is_first(Row(MEMBERS.name, title, member.row, values)):
                found.append(member)
        return tuple(found)

    def _is_first(self, row: Row) -> bool:
        """Note the person of the row; where the person stands before, say so and return False."""
        values = row.values
        here = _Standing(values["number"], row.title, row.number, values["name"])
        first = self._people.setdefault(values["id_number"], here)
        if first is here:
            return True
        if first.name != here.name:
            self._reject(row, MisfitError("id_number", "id_of_another", other=first.row))
        elif first.case == here.case:
            self._reject(row, MisfitError("id_number", "duplicate_row", other=first.row))
        else:
            code = "person_in_two_cases" if row.sheet == CASES.name else "member_in_two_cases"
            misfit = MisfitError("id_number", code, other=first.row, sheet=first.sheet)
            self._duplicates.append(self._rejection(row, misfit))
        return False

    def _reject(self, row: Row, misfit: MisfitError) -> None:
        self._rejections.append(self._rejection(row, misfit))

    def _rejection(self, row: Row, misfit: MisfitError) -> Rejection:
        return Rejection(
            sheet=row.title,
            row=row.number,
            column=_SHEETS[row.sheet].column(misfit.column).name_zh,
            code=misfit.code,
            params=misfit.params,
            key=row.values["number"],
            sheet_name=row.sheet,
            texts=TEXTS[misfit.code],
        )


def _case_row(draft: _Draft, members: tuple[MemberRow, ...], defaults: Mapping[str, object]) -> CaseRow:
    values = dict(draft.row.values)
    values.update((name, value) for name, value in defaults.items() if values[name] is None)
    values.update((name, 0) for name in _ZEROES if values[name] is None)
    values.update((name, "") for name in _EMPTIES if values[name] is None)
    own = {name: value for name, value in values.items() if not name.startswith("item_")}
    own["region"] = draft.region
    return CaseRow(
        row=draft.row.number,
        items=tuple(sorted(draft.items.values(), key=attrgetter("row"))),
        members=members,
        **own,
    )
