"""
Every movement of money. One call is one database transaction under the lock of the fund's book.

`key` names the caller's intention: the same key with the same request returns the first entry again,
with another request it raises KeyReused. `by` is the person who acts, None for a clock. `refs` are
short texts (`project`, `payment`, `donor`, `receipt`, `bank_line` …) that go into the hash chain.
Errors are in `donors.ledger.errors`; a refused call leaves nothing behind.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from donors.ledger import errors, posting, rules
from donors.ledger.locking import Book, find_posted, lock_books
from donors.ledger.models import FundBalance, Kind, LedgerTransaction, Reservation
from donors.ledger.posting import Draft
from donors.models import Fund, FundCharter, FundState
from jiujinan.accounts.models import User

Refs = Mapping[str, str]


@transaction.atomic
def open_book(*, fund: Fund) -> FundBalance:
    """Give a new fund its empty book; `donors.services.create_fund` does this."""
    return FundBalance.objects.create(fund=fund, last_hash=rules.genesis_hash(str(fund.pk)))


@transaction.atomic
def receive(
    *, fund: Fund, amount_fen: int, key: str, by: User | None, now: datetime, refs: Refs | None = None
) -> LedgerTransaction:
    """Take in money from outside. Raises FundClosed."""
    draft, book, posted = _begin(Kind.RECEIVE, fund.pk, amount_fen, key, by, now, refs)
    if posted:
        return posted
    _require_open(book)
    return posting.post(book=book, draft=draft)


@transaction.atomic
def refund(
    *, fund: Fund, amount_fen: int, key: str, by: User | None, now: datetime, refs: Refs | None = None
) -> LedgerTransaction:
    """Give money back to the donor, from a closed fund too. Raises InsufficientFunds."""
    draft, book, posted = _begin(Kind.REFUND, fund.pk, amount_fen, key, by, now, refs)
    if posted:
        return posted
    _require_available(book, amount_fen)
    return posting.post(book=book, draft=draft)


@transaction.atomic
def reserve(
    *,
    fund: Fund,
    amount_fen: int,
    key: str,
    by: User | None,
    now: datetime,
    expires_at: datetime | None = None,
    refs: Refs | None = None,
) -> Reservation:
    """
    Set money aside, above the reserve that the charter keeps, until posted, released or expired.

    Raises FundClosed, OutsidePeriod, InsufficientFunds.
    """
    draft, book, posted = _begin(Kind.RESERVE, fund.pk, amount_fen, key, by, now, refs, expires_at=expires_at)
    if posted:
        return posted.opened
    _require_open(book)
    charter = _charter_in_force(fund.pk, now)
    _require_available(book, amount_fen, keep_fen=charter.reserve_fen)
    draft = _with_reservation(draft, draft.id)
    reservation = posting.open_reservation(fund_id=fund.pk, draft=draft, expires_at=expires_at)
    posting.post(book=book, draft=draft)
    return reservation


@transaction.atomic
def release(
    *,
    reservation: Reservation,
    key: str,
    by: User | None,
    now: datetime,
    amount_fen: int | None = None,
    refs: Refs | None = None,
) -> LedgerTransaction:
    """
    Give reserved money back to the fund: the amount, or all that is outstanding.

    Raises ExceedsReservation, also when nothing is outstanding.
    """
    return _end(Kind.RELEASE, reservation, amount_fen, key, by, now, refs)


@transaction.atomic
def disburse(
    *,
    reservation: Reservation,
    key: str,
    by: User | None,
    now: datetime,
    amount_fen: int | None = None,
    refs: Refs | None = None,
) -> LedgerTransaction:
    """
    Record that reserved money was paid: the amount, or all that is outstanding. A closed fund pays too.

    Raises ExceedsReservation, also when nothing is outstanding.
    """
    return _end(Kind.DISBURSE, reservation, amount_fen, key, by, now, refs)


@transaction.atomic
def return_(
    *, fund: Fund, amount_fen: int, key: str, by: User | None, now: datetime, refs: Refs | None = None
) -> LedgerTransaction:
    """
    Take back paid money: a failed or unneeded payment, or relief that repays a revolving fund.

    Raises ExceedsDisbursed.
    """
    draft, book, posted = _begin(Kind.RETURN, fund.pk, amount_fen, key, by, now, refs)
    if posted:
        return posted
    if amount_fen > book.disbursed_fen:
        raise errors.ExceedsDisbursed(disbursed_fen=book.disbursed_fen)
    return posting.post(book=book, draft=draft)


@transaction.atomic
def charge_fee(
    *, fund: Fund, amount_fen: int, key: str, by: User | None, now: datetime, refs: Refs | None = None
) -> LedgerTransaction:
    """
    Take a management fee, within the share of what was received that the charter allows.

    Raises FundClosed, OutsidePeriod, InsufficientFunds, FeeAboveCap.
    """
    draft, book, posted = _begin(Kind.FEE, fund.pk, amount_fen, key, by, now, refs)
    if posted:
        return posted
    _require_open(book)
    cap_fen = -book.external_fen * _charter_in_force(fund.pk, now).fee_cap_permille // 1000
    if book.fee_fen + amount_fen > cap_fen:
        raise errors.FeeAboveCap(cap_fen=cap_fen, charged_fen=book.fee_fen)
    _require_available(book, amount_fen)
    return posting.post(book=book, draft=draft)


@transaction.atomic
def transfer(
    *,
    fund: Fund,
    to_fund: Fund,
    amount_fen: int,
    key: str,
    by: User | None,
    now: datetime,
    refs: Refs | None = None,
) -> LedgerTransaction:
    """
    Move money between two funds whose charters allow it, as one entry in each book; return the giving one.

    Raises TransferNotAllowed, FundClosed (of the taker), InsufficientFunds.
    """
    posting.check_request(amount_fen=amount_fen, key=key, refs=refs, now=now)
    if fund.pk == to_fund.pk:
        raise errors.TransferNotAllowed(reason="one fund")
    body = posting.body_hash(
        kind=Kind.TRANSFER_OUT,
        fund_id=fund.pk,
        by=by,
        to=to_fund.pk,
        amount_fen=amount_fen,
        refs=dict(refs or {}),
    )
    books = lock_books([fund.pk, to_fund.pk])
    if posted := find_posted(key=key, body_hash=body):
        return posted
    if not _newest_charter(fund.pk).transfers_out or not _newest_charter(to_fund.pk).transfers_in:
        raise errors.TransferNotAllowed(fund=str(fund.pk), to_fund=str(to_fund.pk))
    _require_open(books[to_fund.pk])
    _require_available(books[fund.pk], amount_fen)
    given, taken = _two_sides(amount_fen, key, body, by, now, refs or {})
    entry = posting.post(book=books[fund.pk], draft=given)
    posting.post(book=books[to_fund.pk], draft=taken)
    return entry


@transaction.atomic
def reverse(
    *, entry: LedgerTransaction, key: str, by: User | None, now: datetime, refs: Refs | None = None
) -> LedgerTransaction:
    """
    Undo an entry that was wrong, once, by an entry with its legs turned round.

    A reservation is undone by `release`, a transfer by a transfer back. Raises NotReversible,
    InsufficientFunds (the money has moved on), ExceedsDisbursed.
    """
    draft, book, posted = _begin(
        Kind.REVERSE, entry.fund_id, entry.amount_fen, key, by, now, refs, reverses=entry.pk
    )
    if posted:
        return posted
    if entry.kind not in rules.REVERSIBLE_KINDS:
        raise errors.NotReversible(kind=entry.kind)
    if LedgerTransaction.objects.filter(reverses=entry).exists():
        raise errors.NotReversible(entry=str(entry.pk))
    draft = _with_reservation(draft, entry.reservation_id, reverses=entry)
    for account, amount_fen in draft.legs():
        _require_left(book, account, amount_fen)
    return posting.post(book=book, draft=draft)


def expire_reservations(*, now: datetime, limit: int = 1000) -> list[LedgerTransaction]:
    """Release what is outstanding of reservations whose time is over, each in its own transaction."""
    expired = Reservation.objects.expired(now).order_by("expires_at")[:limit]
    released = []
    for reservation in expired:
        try:
            released.append(
                release(
                    reservation=reservation,
                    key=f"expire:{reservation.pk}",
                    by=None,
                    now=now,
                    refs={"reason": "expired"},
                )
            )
        except errors.ExceedsReservation:
            continue  # somebody posted or released it while we were on our way
    return released


def _begin(
    kind: Kind,
    fund_id: uuid.UUID,
    amount_fen: int | None,
    key: str,
    by: User | None,
    now: datetime,
    refs: Refs | None,
    **body: object,
) -> tuple[Draft, Book, LedgerTransaction | None]:
    """Check the request, lock the book, and look whether the key was posted before."""
    posting.check_request(amount_fen=amount_fen, key=key, refs=refs, now=now)
    plain = dict(refs or {})
    hashed = posting.body_hash(kind=kind, fund_id=fund_id, by=by, amount_fen=amount_fen, refs=plain, **body)
    book = lock_books([fund_id])[fund_id]
    posted = find_posted(key=key, body_hash=hashed)
    draft = Draft(
        kind=kind, amount_fen=amount_fen or 0, key=key, body_hash=hashed, by=by, now=now, refs=plain
    )
    return draft, book, posted


def _end(
    kind: Kind,
    reservation: Reservation,
    amount_fen: int | None,
    key: str,
    by: User | None,
    now: datetime,
    refs: Refs | None,
) -> LedgerTransaction:
    draft, book, posted = _begin(
        kind, reservation.fund_id, amount_fen, key, by, now, refs, reservation=reservation.pk
    )
    if posted:
        return posted
    reservation.refresh_from_db(fields=["posted_fen", "released_fen"])
    outstanding_fen = reservation.outstanding_fen
    wanted_fen = outstanding_fen if amount_fen is None else amount_fen
    if not 0 < wanted_fen <= outstanding_fen:
        raise errors.ExceedsReservation(outstanding_fen=outstanding_fen)
    entry = posting.post(book=book, draft=_with_reservation(draft, reservation.pk, amount_fen=wanted_fen))
    reservation.refresh_from_db(fields=["posted_fen", "released_fen"])
    return entry


def _with_reservation(draft: Draft, reservation_id: uuid.UUID | None, **changes: object) -> Draft:
    values = {**draft.__dict__, "reservation_id": reservation_id, **changes}
    return Draft(**values)


def _two_sides(
    amount_fen: int, key: str, body: str, by: User | None, now: datetime, refs: Refs
) -> tuple[Draft, Draft]:
    """Return the giving and the taking entry of a transfer; the taking one's key ends in `#in`."""
    giving, taking = uuid.uuid4(), uuid.uuid4()

    def side(kind: Kind, own_key: str, own: uuid.UUID, other: uuid.UUID) -> Draft:
        return Draft(
            kind=kind,
            amount_fen=amount_fen,
            key=own_key,
            body_hash=body,
            by=by,
            now=now,
            refs=refs,
            counterpart_id=other,
            id=own,
        )

    return (
        side(Kind.TRANSFER_OUT, key, giving, taking),
        side(Kind.TRANSFER_IN, f"{key}#in", taking, giving),
    )


def _require_open(book: Book) -> None:
    if book.state != FundState.OPEN:
        raise errors.FundClosed(fund=str(book.fund_id))


def _require_available(book: Book, amount_fen: int, *, keep_fen: int = 0) -> None:
    free_fen = max(book.available_fen - keep_fen, 0)
    if amount_fen > free_fen:
        raise errors.InsufficientFunds(available_fen=free_fen)


def _require_left(book: Book, account: str, change_fen: int) -> None:
    if account == "available" and book.available_fen + change_fen < 0:
        raise errors.InsufficientFunds(available_fen=book.available_fen)
    if account == "disbursed" and book.disbursed_fen + change_fen < 0:
        raise errors.ExceedsDisbursed(disbursed_fen=book.disbursed_fen)


def _newest_charter(fund_id: uuid.UUID) -> FundCharter:
    return FundCharter.objects.filter(fund_id=fund_id).latest("version")


def _charter_in_force(fund_id: uuid.UUID, now: datetime) -> FundCharter:
    """Return the newest charter; raise OutsidePeriod unless today, in the platform's zone, is within it."""
    charter = _newest_charter(fund_id)
    today = timezone.localdate(now, timezone.get_default_timezone())
    if today < charter.starts_on or (charter.ends_on is not None and today > charter.ends_on):
        raise errors.OutsidePeriod(today=today.isoformat())
    return charter
