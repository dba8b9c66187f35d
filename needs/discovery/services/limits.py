"""How much one sender may send: a machine is stopped, a family on one telephone is not."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from jiujinan.sealing.blind_index import blind_indexes
from needs.discovery import rules


class TooMany(Exception):
    """So many came from this sender, or from everywhere, that this one must wait; the telephone remains."""


def hold_back(rows: QuerySet[Any], *, origin: str, phone: str, now: datetime) -> None:
    """Raise TooMany where the limits are reached among the rows that came in lately, under whatever key they stand."""
    origins = blind_indexes(origin, kind="origin") if origin else []
    phones = blind_indexes(phone, kind="phone") if phone else []

    def full(most: int, span: timedelta, **sender: list[str]) -> bool:
        return rows.filter(received_at__gt=now - span, **sender).count() >= most

    if (
        (origins and full(rules.MOST_BY_ORIGIN_AN_HOUR, timedelta(hours=1), origin_index__in=origins))
        or (phones and full(rules.MOST_BY_PHONE_A_DAY, timedelta(days=1), phone_index__in=phones))
        or full(rules.MOST_BY_ALL_A_MINUTE, timedelta(minutes=1))
    ):
        raise TooMany
