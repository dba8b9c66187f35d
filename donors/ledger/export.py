"""The whole ledger as lines of text that `donors.ledger.verify` can check anywhere."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from donors.ledger import rules
from donors.ledger.models import Account, FundBalance, LedgerTransaction, Leg
from donors.ledger.verify import HEADER

Row = dict[str, Any]

_CHUNK = 2_000
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
    with frozen():
        file.writelines(export_lines())
        return LedgerTransaction.objects.count()


def export_lines() -> Iterator[str]:
    """Yield the lines of the export; whoever wants one moment only asks for them within `frozen`."""
    yield f"{HEADER}\n"
    count = 0
    for count, line in enumerate(_entry_lines(), start=1):  # noqa: B007 - the last count is used
        yield line
    yield from _balance_lines()
    yield f"#end {count}\n"


@contextmanager
def frozen() -> Iterator[None]:
    """Let everything that is read within be of one moment."""
    with transaction.atomic():
        _freeze()
        yield


def _freeze() -> None:
    """Let the transaction see one moment only; SQLite's does by itself."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _entry_lines() -> Iterator[str]:
    """Page by the place of the last entry, so that nothing is left open if the reader stops half-way."""
    page = list(_entries()[:_CHUNK])
    while page:
        legs = _legs_of(page)
        for entry in page:
            yield _entry_line(entry, legs.get(entry["id"], []))
        fund_id, seq = page[-1]["fund_id"], page[-1]["seq"]
        later = Q(fund_id__gt=fund_id) | Q(fund_id=fund_id, seq__gt=seq)
        page = list(_entries().filter(later, fund_id__gte=fund_id)[:_CHUNK])


def _entries() -> QuerySet[LedgerTransaction, Row]:
    rows: QuerySet[LedgerTransaction, Row] = LedgerTransaction.objects.order_by("fund_id", "seq").values(
        *_FACTS
    )
    return rows


def _legs_of(entries: list[Row]) -> dict[uuid.UUID, list[list[object]]]:
    legs: dict[uuid.UUID, list[list[object]]] = {}
    rows = Leg.objects.filter(transaction_id__in=[entry["id"] for entry in entries]).order_by("account")
    for owner, account, fen in rows.values_list("transaction_id", "account", "amount_fen"):
        legs.setdefault(owner, []).append([account, fen])
    return legs


def _entry_line(entry: Row, legs: list[list[object]]) -> str:
    facts = {name.removesuffix("_id"): value for name, value in entry.items() if name != "hash"}
    for name in ("id", "fund", "reservation", "counterpart", "reverses"):
        facts[name] = None if facts[name] is None else str(facts[name])
    facts["at"] = rules.timestamp(entry["at"])
    return f"{entry['hash']} {rules.canonical({**facts, 'legs': legs})}\n"


def _balance_lines() -> Iterator[str]:
    for book in FundBalance.objects.order_by("fund_id"):
        sums = {account.value: getattr(book, f"{account.value}_fen") for account in Account}
        head = {"fund": str(book.fund_id), "seq": book.last_seq, "hash": book.last_hash}
        yield f"={rules.canonical({**head, **sums})}\n"
