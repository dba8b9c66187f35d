"""Reads of the supply side that more than one caller needs."""

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from donors.idle import IdleMoney, gathered, idle_money
from donors.ledger.models import FundBalance, Kind, LedgerTransaction
from donors.ledger.queries import spent_fen_of
from donors.models import EndingState, Fund, FundCharter, FundEnding, FundState, Pairing
from donors.rules import Subject
from donors.sources import Entry, Share, shares_by_source

Given = Callable[[FundCharter, Sequence[Subject]], Sequence[Subject]]
_INTO = frozenset({Kind.RECEIVE, Kind.TRANSFER_IN})


def current_charter(*, fund: Fund) -> FundCharter:
    """Return the charter in force: the highest version."""
    return FundCharter.objects.filter(fund=fund).latest("version")


def current_charters(*, fund_ids: Iterable[uuid.UUID] | None = None) -> QuerySet[FundCharter]:
    """Return the charter in force of each of these funds, or of all funds, in one query."""
    newest = (
        FundCharter.objects.filter(fund_id=OuterRef("fund_id")).order_by("-version").values("version")[:1]
    )
    charters = FundCharter.objects.filter(version=Subquery(newest)).select_related("fund__holder")
    return charters if fund_ids is None else charters.filter(fund_id__in=list(fund_ids))


def paired_regions(
    *, today: date, organisation_ids: Collection[int] | None = None
) -> dict[int, tuple[str, ...]]:
    """
    Return the divisions of the pairings in force, for each paired partner (or these); whoever is not paired is missing.

    A partner whose pairings are over or not yet begun stands there with no division: it gives nowhere. One whose
    pairing names no division gives everywhere and is left out.
    """
    rows = Pairing.objects.filter(active=True)
    if organisation_ids is not None:
        rows = rows.filter(partner__in=list(organisation_ids))
    found: dict[int, set[str]] = {}
    everywhere: set[int] = set()
    for partner, regions, starts_on, ends_on in rows.values_list(
        "partner_id", "regions", "starts_on", "ends_on"
    ):
        bound = found.setdefault(partner, set())
        if starts_on <= today and (ends_on is None or today <= ends_on):
            bound.update(regions)
            everywhere |= set() if regions else {partner}
    return {key: tuple(sorted(bound)) for key, bound in found.items() if key not in everywhere}


def book_entries(*, fund: Fund, by_receipt: bool = False) -> list[Entry]:
    """
    Return the fund's book as `donors.sources` reads it, in its order.

    With `by_receipt` every receipt is a source of its own, named by its entry's id.
    """
    rows = LedgerTransaction.objects.filter(fund=fund).order_by("seq")
    columns = ("id", "kind", "amount_fen", "refs", "reverses_id")
    return [
        Entry(
            id=str(key),
            kind=kind,
            fen=fen,
            source=str(key) if by_receipt and kind in _INTO else _named_source(refs, by_receipt),
            reverses=str(reverses) if reverses else "",
        )
        for key, kind, fen, refs, reverses in rows.values_list(*columns)
    ]


def source_shares(*, fund: Fund) -> list[Share]:
    """Return each source's part of the fund: received, held, paid, fee, moved on, given back (fen)."""
    return shares_by_source(book_entries(fund=fund))


def published_endings() -> QuerySet[FundEnding]:
    """Return the ended funds whose rest went to a like purpose, the latest first: the law has it told to everybody."""
    done = FundEnding.objects.filter(state=EndingState.DONE, to_fund__isnull=False, rest_fen__gt=0)
    return done.select_related("fund__holder", "to_fund__holder").order_by("-approved_at", "pk")


def _named_source(refs: dict[str, str], by_receipt: bool) -> str:
    return refs.get("receipt_entry", "") if by_receipt else refs.get("source", "")


def funds_with_money() -> QuerySet[Fund]:
    """Return the open funds that have something available, with their balances."""
    return Fund.objects.open().filter(balance__available_fen__gt=0).select_related("balance", "holder")


def idle_report(
    *,
    subjects: Sequence[Subject],
    now: datetime,
    fund_ids: Collection[uuid.UUID] | None = None,
    given: Given | None = None,
) -> list[tuple[Fund, IdleMoney]]:
    """
    Return each open fund (or these) with what keeps its money from these open need items, the most stranded first.

    What it spent is what it paid in the year before `now`, less what came back. `given` turns the subjects
    into what one charter's fund has already done for them; without it nothing was given before.
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
                subjects=gathered(charter, given(charter, subjects) if given else subjects),
            ),
        )
        for charter in current_charters(fund_ids=fund_ids).filter(fund__state=FundState.OPEN)
    ]
    return sorted(rows, key=lambda row: (-row[1].stranded_fen, row[0].name))
