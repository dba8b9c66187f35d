"""How much one sender may send: a machine is stopped, a family on one telephone is not."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from needs.discovery import rules


class TooMany(Exception):
    """So many came from this sender, or from everywhere, that this one must wait; the telephone remains."""


def hold_back(rows: QuerySet[Any], *, origin_index: str, phone_index: str, now: datetime) -> None:
    """Raise TooMany where the limits are reached among the rows that came in lately."""

    def full(most: int, span: timedelta, **sender: str) -> bool:
        return rows.filter(received_at__gt=now - span, **sender).count() >= most

    if (
        (origin_index and full(rules.MOST_BY_ORIGIN_AN_HOUR, timedelta(hours=1), origin_index=origin_index))
        or (phone_index and full(rules.MOST_BY_PHONE_A_DAY, timedelta(days=1), phone_index=phone_index))
        or full(rules.MOST_BY_ALL_A_MINUTE, timedelta(minutes=1))
    ):
        raise TooMany
