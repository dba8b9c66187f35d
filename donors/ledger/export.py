"""The whole ledger as lines of text that `donors.ledger.verify` can check anywhere."""

import itertools
import uuid
from collections.abc import Iterator
from typing import TextIO

from django.db import connection, transaction

from donors.ledger import rules
from donors.ledger.models import Account, FundBalance, LedgerTransaction, Leg
from donors.ledger.verify import HEADER

_CHUNK = 5_000
_FACTS = (
    "id",
    "fund_id",
    "seq",
    "kind",
    "amount_fen",
    "reservation_id",
    "counterpart_id",
    "reverses_id",
    "refs",
    "key",
    "body_hash",
    "by_id",
    "at",
    "prev_hash",
    "hash",
)


def export_to(*, file: TextIO) -> int:
    """
    Write the export to a file, from one snapshot of the database, and return the number of entries.

    Its lines: a header; each entry as its hash, a blank and the canonical JSON that was hashed, fund by fund in
    sequence; each balance as `=` and its JSON; `#end` with the number of entries.
    """
    with transaction.atomic():
        _freeze()
        file.write(f"{HEADER}\n")
        count = 0
        for count, line in enumerate(_entry_lines(), start=1):  # noqa: B007 - the last count is used
            file.write(line)
        file.writelines(_balance_lines())
        file.write(f"#end {count}\n")
    return count


def _freeze() -> None:
    """Let the transaction see one moment only; SQLite's does by itself."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _entry_lines() -> Iterator[str]:
    entries = LedgerTransaction.objects.order_by("fund_id", "seq").values(*_FACTS).iterator(_CHUNK)
    legs = (
        Leg.objects.order_by("transaction__fund_id", "transaction__seq", "account")
        .values_list("transaction_id", "account", "amount_fen")
        .iterator(_CHUNK)
    )
    grouped = itertools.groupby(legs, key=lambda leg: leg[0])
    waiting: tuple[uuid.UUID, list[list[object]]] | None = None
    for entry in entries:
        if waiting is None:
            waiting = next(((owner, [[a, fen] for _, a, fen in of]) for owner, of in grouped), None)
        own = waiting[1] if waiting is not None and waiting[0] == entry["id"] else []
        if own:
            waiting = None
        yield _entry_line(entry, own)


def _entry_line(entry: dict[str, object], legs: list[list[object]]) -> str:
    facts = {name.removesuffix("_id"): value for name, value in entry.items() if name != "hash"}
    for name in ("id", "fund", "reservation", "counterpart", "reverses"):
        facts[name] = None if facts[name] is None else str(facts[name])
    facts["at"] = rules.timestamp(entry["at"])  # type: ignore[arg-type] # a DateTimeField
    return f"{entry['hash']} {rules.canonical({**facts, 'legs': legs})}\n"


def _balance_lines() -> Iterator[str]:
    for book in FundBalance.objects.order_by("fund_id").iterator(_CHUNK):
        sums = {account.value: getattr(book, f"{account.value}_fen") for account in Account}
        head = {"fund": str(book.fund_id), "seq": book.last_seq, "hash": book.last_hash}
        yield f"={rules.canonical({**head, **sums})}\n"
