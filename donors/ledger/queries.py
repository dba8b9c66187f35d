"""Reads of the ledger."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q, Sum

from donors.ledger.models import Account, FundBalance, Kind, LedgerTransaction, Leg
from donors.ledger.tracing import Entry, Share, trace
from donors.models import Fund


def balance_of(*, fund: Fund) -> FundBalance:
    """Return the fund's balance as it is now; it may change before you act on it."""
    return FundBalance.objects.get(fund=fund)


def available_fen_of(*, fund_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return fund id → available fen, in one query."""
    rows = FundBalance.objects.filter(fund_id__in=list(fund_ids))
    return dict(rows.values_list("fund_id", "available_fen"))


def replayed(*, fund: Fund) -> Mapping[str, int]:
    """Return account → fen as the entries from the first to the last say; equals the stored balance."""
    legs = Leg.objects.filter(transaction__fund=fund)
    sums = legs.aggregate(
        **{account.value: Sum("amount_fen", filter=Q(account=account), default=0) for account in Account}
    )
    return {account.value: int(sums[account.value]) for account in Account}


def received_by_source(*, fund: Fund) -> dict[str, int]:
    """Return source (reference `source` of the receipts, '' if none) → fen received, reversals left out."""
    received = LedgerTransaction.objects.filter(fund=fund, kind=Kind.RECEIVE, reversed_by=None)
    shares: dict[str, int] = {}
    for refs, amount_fen in received.values_list("refs", "amount_fen"):
        source = refs.get("source", "")
        shares[source] = shares.get(source, 0) + amount_fen
    return shares


def spent_fen_of(*, since: datetime, until: datetime) -> dict[uuid.UUID, int]:
    """Return fund id → fen that went out to needs from `since` up to `until`, less what came back."""
    legs = Leg.objects.filter(
        account=Account.DISBURSED, transaction__at__gte=since, transaction__at__lt=until
    )
    sums = legs.values("transaction__fund_id").annotate(fen=Sum("amount_fen")).order_by()
    return {row["transaction__fund_id"]: int(row["fen"]) for row in sums}


def traced(*, fund: Fund) -> list[Share]:
    """
    Return from which receipts (entries that brought money in) each payment of the fund was paid, in order.

    First in, first out; through transfers to the receipts of the funds that gave. `donors.ledger.tracing` says how.
    """
    entries = LedgerTransaction.objects.filter(fund__in=_connected(fund.pk)).order_by("fund_id", "seq")
    facts = entries.values_list("id", "fund_id", "kind", "amount_fen", "counterpart_id", "reverses_id")
    books = [
        Entry(str(key), str(owner), kind, fen, _text(other), _text(undone))
        for key, owner, kind, fen, other, undone in facts
    ]
    own = {entry.id for entry in books if entry.fund == str(fund.pk)}
    return [share for share in trace(books) if share.payment in own]


def _text(key: uuid.UUID | None) -> str | None:
    return None if key is None else str(key)


def _connected(fund_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the fund and all that money came to it from, directly or through others."""
    found, fresh = {fund_id}, {fund_id}
    while fresh:
        came = LedgerTransaction.objects.filter(fund__in=fresh, kind=Kind.TRANSFER_IN)
        fresh = set(came.values_list("counterpart__fund_id", flat=True)) - found
        found |= fresh
    return found
