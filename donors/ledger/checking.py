"""
Verifying the books where they stand: the entries by the offline program itself, and what no export carries.

An export holds entries and balances. Reservations, legs without an entry and the guards themselves are the
database's own, and are looked at here.
"""

from collections.abc import Iterable
from pathlib import Path

from django.db import connection

from donors.ledger import guards
from donors.ledger.export import export_lines, frozen
from donors.ledger.guards.conditions import ENTRY, LEG, POSTED, RELEASED, RESERVATION
from donors.ledger.verify import DoesNotHoldError, verify

# ruff: noqa: S608 - the texts are constants of this package; nothing from outside goes into them

# What is wrong → query for (fund, number) of the rows that are so. NEW is a reservation, as in the guards' own sums.
_STRAY = {
    "legs without an entry": (
        f"SELECT NULL, 0 FROM {LEG} l WHERE NOT EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.id = l.transaction_id)"
    ),
    "its reservation is gone": (
        f"SELECT e.fund_id, e.seq FROM {ENTRY} e WHERE e.reservation_id IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {RESERVATION} r WHERE r.opening_id = e.reservation_id) ORDER BY e.fund_id, e.seq"
    ),
    "a reservation without the entry that opened it": (
        f"SELECT r.fund_id, 0 FROM {RESERVATION} r WHERE NOT EXISTS (SELECT 1 FROM {ENTRY} e "
        "WHERE e.id = r.opening_id AND e.kind = 'reserve' AND e.fund_id = r.fund_id AND e.amount_fen = r.amount_fen)"
    ),
    "its reservation says other than its entries": (
        f"SELECT o.fund_id, o.seq FROM {RESERVATION} NEW JOIN {ENTRY} o ON o.id = NEW.opening_id "
        f"WHERE NEW.posted_fen <> {POSTED} OR NEW.released_fen <> {RELEASED} ORDER BY o.fund_id, o.seq"
    ),
}


def check_books(*, anchors: Iterable[str] = ()) -> int:
    """
    Return the number of entries if everything holds; raise `DoesNotHoldError` at the first that doesn't.

    `anchors` are the lines of the anchor file. All is read as of one moment; on PostgreSQL nobody waits
    for it, SQLite's writers do.
    """
    with frozen():
        count = verify(export_lines(), anchors)
        _nothing_astray()
    return count


def check_guards() -> None:
    """Raise `DoesNotHoldError` if the database lacks a guard, or one is disabled."""
    if lacking := guards.missing(connection):
        raise DoesNotHoldError("-", 0, f"guards are missing: {', '.join(lacking)}")


def anchor_lines(path: Path) -> list[str]:
    """Return the lines of an anchor file."""
    return path.read_text("ascii").splitlines()


def _nothing_astray() -> None:
    with connection.cursor() as cursor:
        for reason, query in _STRAY.items():
            cursor.execute(f"{query} LIMIT 1")
            if row := cursor.fetchone():
                raise DoesNotHoldError(str(row[0] or "-"), row[1], reason)
