"""Numbers that people take home and ask by later; they lead on through a change of keys.

A number follows from the form that was filled in and the index key of that day, so that the same form sent twice gets
the same number. It is kept sealed: rotation alone opens it, to find it under the new key as well.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import QuerySet

from jiujinan.sealing.blind_index import blind_indexes
from needs.discovery import numbers
from needs.discovery.models import Complaint, NeedReport

Kept = TypeVar("Kept", NeedReport, Complaint)


@dataclass(frozen=True)
class Receipt:
    """What the reporter takes home."""

    number: str
    due_at: datetime | None


def new_number(token: str) -> str:
    """Return the number of a form that was not sent before."""
    return _number(token, settings.BLIND_INDEX_KEY)


def sent_before(rows: QuerySet[Kept], token: str) -> Receipt | None:
    """Return the receipt of the same form sent before, under the key in use or a retired one."""
    for key in (settings.BLIND_INDEX_KEY, *settings.RETIRED_INDEX_KEYS):
        number = _number(token, key)
        known = tracked(rows, number).first()
        if known is not None:
            return Receipt(number, known.due_at)
    return None


def tracked(rows: QuerySet[Kept], number: str) -> QuerySet[Kept]:
    """Return the row of the number, if it leads anywhere."""
    return rows.filter(tracking_index__in=blind_indexes(number, kind="tracking"))


def _number(token: str, key: str) -> str:
    return numbers.number_for(token, key=bytes.fromhex(key))
