"""Anchors: the heads of all books, written to a file that the database's owner cannot change."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from donors.ledger import rules
from donors.ledger.models import FundBalance
from donors.ledger.verify import read_anchors, sha256

_START = "0" * 64


def anchor_heads(*, path: Path, now: datetime) -> int:
    """
    Append the head of every book that moved since its last anchor; return how many lines were added.

    Each line carries the hash of the line before it. Keep the file where the database's administrators
    can't write, or publish it. Raises `verify.DoesNotHoldError` if the file itself was changed.
    """
    lines = path.read_text("ascii").splitlines() if path.exists() else []
    anchored = read_anchors(lines)
    previous = sha256(lines[-1]) if lines else _START
    added: list[str] = []
    for fund, seq, head in _heads():
        if (fund, seq) not in anchored:
            facts = {"fund": fund, "seq": seq, "hash": head, "at": rules.timestamp(now), "prev": previous}
            added.append(rules.canonical(facts))
            previous = sha256(added[-1])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in added)
    return len(added)


def _heads() -> Iterator[tuple[str, int, str]]:
    books = FundBalance.objects.filter(last_seq__gt=0).order_by("fund_id")
    for fund_id, seq, head in books.values_list("fund_id", "last_seq", "last_hash").iterator():
        yield str(fund_id), seq, head
