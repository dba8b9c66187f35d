"""
Building the next part's rows in another process while this one writes the last: digests, blind indexes, seals.

What it returns are new rows as `records.build` makes them, already sealed. It knows nothing of what the database
knows; what is decided about a case, and whether its rows are written at all, is decided here.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any
from uuid import UUID

from jiujinan.aside import Alone, Aside
from jiujinan.bulk import flat, revived
from jiujinan.sealing.redaction import remember
from needs.intake import records
from needs.intake.packing import unpack
from needs.intake.records import Records
from needs.intake.rows import CaseRow
from needs.models import CaseRecord, Household, Need, NeedItem, Person

LEAST_PARTS = 4  # fewer are written before another process has begun
Built = tuple[str, Records]  # a case's digest, and its new rows
_Flat = tuple[str, dict[str, Any], list[dict[str, Any]], dict[str, Any], dict[str, Any], list[dict[str, Any]]]


class Ahead:
    """Who builds the next part; does nothing where so few parts wait that it is not worth it. A context manager."""

    def __init__(self, *, parts: int) -> None:
        is_worth_it = parts >= LEAST_PARTS
        self._aside = (
            Aside("needs.intake.ahead:build_flat", rooms=("jiujinan.", "needs.")) if is_worth_it else None
        )
        self._coming: dict[UUID, Future[list[Built]]] = {}

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *exception: object) -> None:
        if self._aside is not None:
            self._aside.__exit__(*exception)

    def begin(self, part: UUID, text: str, now: datetime) -> None:
        """Let the part be built, unless it is already."""
        if self._aside is not None and part not in self._coming:
            self._coming[part] = self._aside.ask(text, now, then=_all_revived)

    def built(self, part: UUID, cases: Sequence[CaseRow]) -> list[Built] | None:
        """Return the part's rows, in the order of its cases; None where this process builds them itself."""
        coming = self._coming.pop(part, None)
        if coming is None:
            return None
        try:
            found = coming.result()
        except Alone:
            return None
        for row in cases:
            for text in (row.name, row.address, *(member.name for member in row.members)):
                remember(text)  # sealed elsewhere, so that this process would not mask them
        return found


def build_flat(text: str, now: datetime) -> list[_Flat]:
    """Return the new rows of a packed part, sealed and without what ties them together; the other process calls it."""
    return [_flat(row, now) for row in unpack(text)]


def _flat(row: CaseRow, now: datetime) -> _Flat:
    content = records.digest(row)
    made = records.build(row, content=content, now=now)
    people = [flat(person) for person in (made.head, *made.members)]
    return (
        content,
        flat(made.household),
        people,
        flat(made.case),
        flat(made.need),
        list(map(flat, made.items)),
    )


def _all_revived(part: list[_Flat]) -> list[Built]:
    return [_revived(one) for one in part]


def _revived(one: _Flat) -> Built:
    content, home, people, case, need, items = one
    household = revived(Household, home)
    head, *members = [revived(Person, person, household=household) for person in people]
    record = revived(CaseRecord, case, household=household)
    asked = revived(Need, need, case=record)
    things = [revived(NeedItem, item, need=asked) for item in items]
    return content, Records(household, head, members, record, asked, things)
