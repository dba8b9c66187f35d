"""How an entry gets into a book: lock, look for the key, write the legs, write the entry."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from donors.ledger import errors, rules
from donors.ledger.locking import Book, insert_legs
from donors.ledger.models import LedgerTransaction, Reservation

if TYPE_CHECKING:
    from jiujinan.accounts.models import User

_KEY = re.compile(r"[A-Za-z0-9:._/-]{1,110}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_LONGEST_REFERENCE = 200


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An entry before it has its number: what will be posted and under which key."""

    kind: str
    amount_fen: int
    key: str
    body_hash: str
    by: "User | None"
    now: datetime
    refs: Mapping[str, str] = field(default_factory=dict)
    reservation_id: uuid.UUID | None = None
    counterpart_id: uuid.UUID | None = None
    reverses: LedgerTransaction | None = None
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    def legs(self) -> list[tuple[str, int]]:
        """Return (account, fen) for each leg, sorted by account."""
        if self.reverses is None:
            return rules.legs_of(self.kind, self.amount_fen)
        return sorted((leg.account, -leg.amount_fen) for leg in self.reverses.legs.all())


def check_request(*, amount_fen: int | None, key: str, refs: Mapping[str, str] | None, now: datetime) -> None:
    """Raise InvalidAmount, InvalidKey or InvalidReference, or ValueError for a clock without a zone."""
    if amount_fen is not None and not rules.is_valid_amount(amount_fen):
        raise errors.InvalidAmount(amount=repr(amount_fen))
    if not _KEY.fullmatch(key):
        raise errors.InvalidKey(key=key[:120])
    for name, value in (refs or {}).items():
        if not _NAME.fullmatch(name) or not isinstance(value, str) or len(value) > _LONGEST_REFERENCE:
            raise errors.InvalidReference(name=name)
    if now.tzinfo is None:
        raise ValueError("now must carry its time zone")


def body_hash(*, kind: str, fund_id: uuid.UUID, by: "User | None", **body: object) -> str:
    """Return what tells two requests under one key apart; the clock is no part of it."""
    plain = {name: value if isinstance(value, int | dict) else _text(value) for name, value in body.items()}
    return rules.digest({"kind": kind, "fund": str(fund_id), "by": by.pk if by else None, **plain})


def post(*, book: Book, draft: Draft) -> LedgerTransaction:
    """
    Write the draft as the next entry of a locked book, and move the book's row in memory along.

    The legs go in first: the guard on the entry looks at them, and the trigger after it moves the
    balance. An error of the guards is an IntegrityError, which the checks of the services make rare.
    """
    legs = draft.legs()
    entry = LedgerTransaction(
        id=draft.id,
        fund_id=book.fund_id,
        seq=book.last_seq + 1,
        kind=draft.kind,
        amount_fen=draft.amount_fen,
        reservation_id=draft.reservation_id,
        counterpart_id=draft.counterpart_id,
        reverses=draft.reverses,
        refs=dict(draft.refs),
        key=draft.key,
        body_hash=draft.body_hash,
        by=draft.by,
        at=draft.now,
        prev_hash=book.last_hash,
    )
    entry.hash = entry_hash(entry, legs)
    insert_legs(entry.id, legs)
    _insert(entry)
    _follow(book, entry, legs)
    return entry


def entry_hash(entry: LedgerTransaction, legs: list[tuple[str, int]]) -> str:
    """Return the entry's link of the chain; docs/ledger.md writes the format down."""
    return rules.entry_hash(entry_facts(entry), legs)


def entry_facts(entry: LedgerTransaction) -> dict[str, object]:
    """Return the hashed facts of an entry as plain values, all but its legs."""
    return {
        "id": str(entry.id),
        "fund": str(entry.fund_id),
        "seq": entry.seq,
        "kind": entry.kind,
        "amount_fen": entry.amount_fen,
        "reservation": _text(entry.reservation_id),
        "counterpart": _text(entry.counterpart_id),
        "reverses": _text(entry.reverses_id),
        "refs": entry.refs,
        "key": entry.key,
        "body_hash": entry.body_hash,
        "by": entry.by_id,
        "at": rules.timestamp(entry.at),
        "prev_hash": entry.prev_hash,
    }


def open_reservation(*, fund_id: uuid.UUID, draft: Draft, expires_at: datetime | None) -> Reservation:
    """Write the reservation that the draft's entry is about to open."""
    return Reservation.objects.create(
        opening_id=draft.id,
        fund_id=fund_id,
        amount_fen=draft.amount_fen,
        expires_at=expires_at,
        created_at=draft.now,
    )


def _insert(entry: LedgerTransaction) -> None:
    try:
        with transaction.atomic(savepoint=False):
            entry.save(force_insert=True)
    except IntegrityError as error:
        # The same key, at the same moment, on another fund: the book's lock does not order those two.
        if "_key" in str(error) or ".key" in str(error):
            raise errors.KeyReused(key=entry.key) from error
        raise


def _follow(book: Book, entry: LedgerTransaction, legs: list[tuple[str, int]]) -> None:
    for account, amount_fen in legs:
        name = f"{account}_fen"
        setattr(book, name, getattr(book, name) + amount_fen)
    book.last_seq, book.last_hash = entry.seq, entry.hash


def _text(value: object) -> str | None:
    return None if value is None else str(value)
