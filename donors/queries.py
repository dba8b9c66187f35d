"""Reads of the supply side that more than one caller needs."""

import uuid
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from donors.models import Fund, FundCharter


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
