"""Reads of the supply side that more than one caller needs."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from donors.idle import IdleMoney, idle_money
from donors.ledger.models import FundBalance
from donors.ledger.queries import spent_fen_of
from donors.models import Fund, FundCharter, FundState
from donors.rules import Subject


def current_charter(*, fund: Fund) -> FundCharter:
    """Return the charter in force: the highest version."""
    return FundCharter.objects.filter(fund=fund).latest("version")


def current_charters(*, fund_ids: Iterable[uuid.UUID] | None = None) -> QuerySet[FundCharter]:
    """Return the charter in force of each of these funds, or of all funds, in one query."""
    newest = (
        FundCharter.objects.filter(fund_id=OuterRef("fund_id")).order_by("-version").values("version")[:1]
    )
    charters = FundCharter.objects.filter(version=Subquery(newest)).select_related("fund")
    return charters if fund_ids is None else charters.filter(fund_id__in=list(fund_ids))


def funds_with_money() -> QuerySet[Fund]:
    """Return the open funds that have something available, with their balances."""
    return Fund.objects.open().filter(balance__available_fen__gt=0).select_related("balance", "holder")


def idle_report(*, subjects: Sequence[Subject], now: datetime) -> list[tuple[Fund, IdleMoney]]:
    """
    Return each open fund with what keeps its money from these open need items, the most stranded first.

    What it spent is what it paid in the year before `now`, less what came back.
    """
    books = {book.fund_id: book for book in FundBalance.objects.all()}
    spent = spent_fen_of(since=now - timedelta(days=365), until=now)
    rows = [
        (
            charter.fund,
            idle_money(
                charter,
                available_fen=books[charter.fund_id].available_fen,
                spent_fen=max(spent.get(charter.fund_id, 0), 0),
                subjects=subjects,
            ),
        )
        for charter in current_charters().filter(fund__state=FundState.OPEN)
    ]
    return sorted(rows, key=lambda row: (-row[1].stranded_fen, row[0].name))
