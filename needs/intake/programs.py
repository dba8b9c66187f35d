"""Cases that a program sends as JSON, by the same schema and the same rules as a file; one request has one effect."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from jiujinan.regions.services import load_lookup
from jiujinan.tabular.grid import Grid
from jiujinan.tabular.outcome import Rejection
from jiujinan.tabular.reading import read_grids
from jiujinan.tabular.schema import Sheet
from needs.intake.deciding import Decided
from needs.intake.models import IntakeReceipt
from needs.intake.reading import sort_out
from needs.intake.schema import CASES, ITEMS, MEMBERS, SHEETS
from needs.intake.services import PART, import_part

MOST = 500  # cases of one request, which is one transaction
Case = Mapping[str, Any]
Cells = dict[str, object]


class KeyReused(ValueError):
    """The key was used for another body before."""


class TooMany(ValueError):
    """More cases than one request may carry."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet's rows, and where each stood in the request: the case's place, and the pointer (RFC 6901)."""

    rows: list[Cells]
    places: list[tuple[int, str]]


@transaction.atomic
def take_json(
    *, cases: Sequence[Case], source: str, channel: str, key: str, by: User, now: datetime
) -> dict[str, Any]:
    """
    Take the cases in, and return counts and, for each case in its order, what became of it.

    The same key with the same body returns the same answer and changes nothing; with another body it raises KeyReused.
    Raises NotAllowed for whoever may bring no case files, TooMany above 500 cases.
    """
    if not can_import(by):
        raise NotAllowed("only a case officer, a supervisor or a program of theirs brings cases")
    if len(cases) > MOST:
        raise TooMany(str(MOST))
    body = _digest(cases, source, channel)
    receipt, is_first = IntakeReceipt.objects.select_for_update().get_or_create(
        caller=by, key=key, defaults={"body_digest": body, "at": now}
    )
    if not is_first:
        if receipt.body_digest != body:
            raise KeyReused(key)
        return dict(receipt.answer)
    receipt.answer = _take(cases, source, channel, by, now, batch=f"api-{receipt.pk}")
    receipt.save(update_fields=["answer"])
    return dict(receipt.answer)


def _take(
    cases: Sequence[Case], source: str, channel: str, by: User, now: datetime, *, batch: str
) -> dict[str, Any]:
    tables = _tables(cases)
    grids = {sheet.name: _grid(sheet, tables[sheet.name]) for sheet in SHEETS if tables[sheet.name].rows}
    file = sort_out(
        read_grids(grids, SHEETS),
        regions=load_lookup(),
        today=timezone.localtime(now).date(),
        defaults={"source": source, "channel": channel},
    )
    decided: list[Decided] = []
    for start in range(0, len(file.cases), PART):
        decided += import_part(cases=file.cases[start : start + PART], by=by, now=now, batch=batch)
    rejections = [*file.rejections, *file.duplicates, *(one.rejection for one in decided if one.rejection)]
    return _answer(cases, tables, decided, rejections)


def _tables(cases: Sequence[Case]) -> dict[str, _Table]:
    """Lay the nested cases out as the three sheets of a file."""
    tables = {sheet.name: _Table([], []) for sheet in SHEETS}
    for place, case in enumerate(cases):
        nested = {MEMBERS.name, ITEMS.name}
        _lay(tables[CASES.name], {n: v for n, v in case.items() if n not in nested}, place, f"/cases/{place}")
        for name in sorted(nested):
            for index, row in enumerate(case.get(name) or ()):
                cells = {**row, "number": case.get("number")}
                _lay(tables[name], cells, place, f"/cases/{place}/{name}/{index}")
    return tables


def _lay(table: _Table, cells: Mapping[str, object], place: int, pointer: str) -> None:
    table.rows.append(dict(cells))
    table.places.append((place, pointer))


def _grid(sheet: Sheet, table: _Table) -> Grid:
    return Grid(sheet.name, partial(_grid_rows, sheet, table), list)


def _grid_rows(sheet: Sheet, table: _Table) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the header as row 0, so that the n-th row of the request is row n."""
    names = [column.name for column in sheet.columns]
    yield 0, names
    for number, row in enumerate(table.rows, start=1):
        yield number, [_cell(row.get(name)) for name in names]


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    return value


def _answer(
    cases: Sequence[Case],
    tables: Mapping[str, _Table],
    decided: Sequence[Decided],
    rejections: Sequence[Rejection],
) -> dict[str, Any]:
    outcomes = {tables[CASES.name].places[one.row.row - 1][0]: str(one.outcome) for one in decided}
    errors: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for one in rejections:
        place, told = _told(one, tables)
        errors[place].append(told)
    results = [
        {
            "index": place,
            "number": str(case.get("number") or "")[:60],
            "outcome": outcomes.get(place, "refused"),
            "errors": errors.get(place, []),
        }
        for place, case in enumerate(cases)
    ]
    counts: defaultdict[str, int] = defaultdict(int)
    for result in results:
        counts[str(result["outcome"])] += 1
    return {"counts": dict(counts), "results": results, "errors": errors.get(-1, [])}


def _told(one: Rejection, tables: Mapping[str, _Table]) -> tuple[int, dict[str, str]]:
    """Return the case's place (-1: the request as a whole) and the error with the pointer to its value."""
    place, pointer = -1, ""
    sheet = next((sheet for sheet in SHEETS if sheet.name == one.sheet_name), None)
    if sheet is not None and 0 < one.row <= len(tables[sheet.name].places):
        place, pointer = tables[sheet.name].places[one.row - 1]
        column = next((column.name for column in sheet.columns if column.name_zh == one.column), "")
        pointer = f"{pointer}/{column}" if column else pointer
    return place, {"pointer": pointer, "code": one.code, "message": one.message, "message_en": one.message_en}


def _digest(cases: Sequence[Case], source: str, channel: str) -> str:
    text = json.dumps([cases, source, channel], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
