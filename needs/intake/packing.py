"""Good cases of a file as one text, between checking and taking in; the text is sealed where it is kept."""

import base64
import json
import zlib
from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from needs.intake.rows import CaseRow, ItemRow, MemberRow

_DATES = frozenset({"applied_on", "consent_on", "consent_withdrawn_on", "born_on"})
_LEVEL = 1  # what counts is time


def pack(cases: Iterable[CaseRow]) -> str:
    """Return the cases as text; holds secrets."""
    text = json.dumps([_values(case) for case in cases], default=_plain, ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode("ascii")


def unpack(text: str) -> list[CaseRow]:
    """Return the cases again, equal to those that were packed."""
    return [_case(values) for values in json.loads(zlib.decompress(base64.b64decode(text)))]


_PICK = {kind: attrgetter(*kind.__slots__) for kind in (CaseRow, ItemRow, MemberRow)}


def _values(row: CaseRow | ItemRow | MemberRow) -> dict[str, Any]:
    return dict(zip(row.__slots__, _PICK[type(row)](row), strict=True))


def _plain(value: object) -> object:
    if isinstance(value, CaseRow | ItemRow | MemberRow):
        return _values(value)
    assert isinstance(value, date)
    return value.isoformat()


def _case(values: dict[str, Any]) -> CaseRow:
    values["items"] = tuple(ItemRow(**item) for item in values["items"])
    values["members"] = tuple(MemberRow(**_typed(member)) for member in values["members"])
    return CaseRow(**_typed(values))


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    values["groups"] = tuple(values["groups"])
    for name in _DATES & values.keys():
        if values[name] is not None:
            values[name] = date.fromisoformat(values[name])
    return values
