"""
Taking the books of funds, looking a key up, writing legs: what every posting does in plain SQL.

Compiling these three through the ORM cost more than all of the rest of a posting
(`bench/ledger.py` measures it).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, models

from donors.ledger import errors
from donors.ledger.models import LedgerTransaction

_COLUMNS = (
    "b.external_fen, b.available_fen, b.reserved_fen, b.disbursed_fen, b.fee_fen, b.transit_fen, "
    "b.last_seq, b.last_hash, f.state"
)
_BOOKS = (
    f"SELECT b.fund_id, {_COLUMNS} FROM ledger_fundbalance b JOIN donors_fund f ON f.id = b.fund_id "  # noqa: S608 - constants
    "WHERE b.fund_id IN ({marks}) ORDER BY b.fund_id"
)
# SQLite needs no row locks: its transactions begin IMMEDIATE. Foreign keys to the fund don't wait for these.
_LOCK = {"postgresql": " FOR NO KEY UPDATE OF b, f", "sqlite": ""}
_LEGS = "INSERT INTO ledger_leg (transaction_id, account, amount_fen) VALUES "
_UUID = models.UUIDField()
_KEY = "SELECT id, body_hash FROM ledger_ledgertransaction WHERE key = %s"


@dataclass(slots=True)
class Book:
    """A fund's book while its row is locked: the sums in fen, the head of the chain, the fund's state."""

    fund_id: uuid.UUID
    external_fen: int
    available_fen: int
    reserved_fen: int
    disbursed_fen: int
    fee_fen: int
    transit_fen: int
    last_seq: int
    last_hash: str
    state: str


def lock_books(fund_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Book]:
    """Take the rows of these funds' books and of the funds, always in the same order. Raises UnknownBook."""
    wanted = sorted(set(fund_ids))
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        adapted = [_UUID.get_db_prep_value(fund_id, connection) for fund_id in wanted]
        cursor.execute(_BOOKS.format(marks=marks) + _LOCK[connection.vendor], adapted)
        books = [Book(uuid.UUID(str(row[0])), *row[1:]) for row in cursor.fetchall()]
    found = {book.fund_id: book for book in books}
    for fund_id in wanted:
        if fund_id not in found:
            raise errors.UnknownBook(fund=str(fund_id))
    return found


def find_posted(*, key: str, body_hash: str) -> LedgerTransaction | None:
    """Return the entry of an earlier request with this key; raise KeyReused if that was another request."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY, [key])
        row = cursor.fetchone()
    if row is None:
        return None
    if row[1] != body_hash:
        raise errors.KeyReused(key=key)
    return LedgerTransaction.objects.get(pk=uuid.UUID(str(row[0])))


def insert_legs(entry_id: uuid.UUID, legs: list[tuple[str, int]]) -> None:
    """Write the legs of an entry that is about to be written."""
    own = _UUID.get_db_prep_value(entry_id, connection)
    marks = ", ".join(["(%s, %s, %s)"] * len(legs))
    values = [value for account, amount_fen in legs for value in (own, account, amount_fen)]
    with connection.cursor() as cursor:
        cursor.execute(_LEGS + marks, values)
