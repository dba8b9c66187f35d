"""
From which receipts each paid fen came, through transfers and returns. Pure.

First in, first out: the n-th fen that leaves a fund is the n-th that came in. What was reversed never happened. Money
that came over from another fund is what that fund gave; money that a payee paid back is what was paid, first in,
first out, so that a revolving fund's fen still has its donor.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

INCOMING = frozenset({"receive", "return", "transfer_in"})
OUTGOING = frozenset({"disburse", "refund", "fee", "transfer_out"})


@dataclass(frozen=True)
class Entry:
    """What matters here of an entry of some fund's book; amounts in fen."""

    id: str
    fund: str
    kind: str
    fen: int
    counterpart: str | None = None
    reverses: str | None = None


@dataclass(frozen=True)
class Share:
    """So much of a payment (or of another way out) came from that receipt."""

    payment: str
    receipt: str
    fen: int


def trace(entries: Iterable[Entry]) -> list[Share]:
    """
    Return the shares of every payment, in the order given; those of one payment sum to what was paid.

    `entries` are the books, each in its own order, of all funds that money was transferred between. Raises
    ValueError if more goes out than came in, which the ledger's guards don't let happen.
    """
    known = list(entries)
    undone = {entry.reverses for entry in known if entry.reverses}
    standing = [entry for entry in known if entry.id not in undone]
    books: dict[str, _Book] = {}
    givers = {entry.id: entry.fund for entry in standing if entry.kind == "transfer_out"}
    for entry in standing:
        books.setdefault(entry.fund, _Book(books, givers)).add(entry)
    payments = [entry for entry in standing if entry.kind == "disburse"]
    return [share for entry in payments for share in books[entry.fund].shares_of(entry.id)]


class _Book:
    """One fund: what came in, what went out, and how far the two have been paired."""

    def __init__(self, books: "dict[str, _Book]", givers: Mapping[str, str]) -> None:
        self.books, self.givers = books, givers
        self.incoming: list[Entry] = []
        self.outgoing: deque[Entry] = deque()
        self.lots = self._lots()
        self.lot, self.left = "", 0
        self.shares: dict[str, list[Share]] = {}
        self.paid: deque[tuple[str, int]] = deque()

    def add(self, entry: Entry) -> None:
        if entry.kind in INCOMING:
            self.incoming.append(entry)
        elif entry.kind in OUTGOING:
            self.outgoing.append(entry)

    def shares_of(self, entry_id: str) -> list[Share]:
        while entry_id not in self.shares:
            self._pair(self.outgoing.popleft())
        return self.shares[entry_id]

    def _pair(self, entry: Entry) -> None:
        shares: list[Share] = []
        wanted = entry.fen
        while wanted:
            if not self.left:
                self._open_lot(entry)
            taken = min(self.left, wanted)
            self.left, wanted = self.left - taken, wanted - taken
            shares.append(Share(entry.id, self.lot, taken))
            if entry.kind == "disburse":
                self.paid.append((self.lot, taken))
        self.shares[entry.id] = shares

    def _open_lot(self, entry: Entry) -> None:
        try:
            self.lot, self.left = next(self.lots)
        except StopIteration:
            raise ValueError(f"{entry.id}: more goes out than came in") from None

    def _lots(self) -> Iterator[tuple[str, int]]:
        """Yield (receipt, fen) in the order in which the money came; `incoming` is whole before this begins."""
        for entry in self.incoming:
            if entry.kind == "return":
                yield from self._paid_before(entry)
            elif entry.kind == "transfer_in":
                yield from self._given_by_the_other(entry)
            else:
                yield entry.id, entry.fen

    def _paid_before(self, entry: Entry) -> Iterator[tuple[str, int]]:
        wanted = entry.fen
        while wanted and self.paid:
            lot, fen = self.paid.popleft()
            taken = min(fen, wanted)
            if taken < fen:
                self.paid.appendleft((lot, fen - taken))
            wanted -= taken
            yield lot, taken
        if wanted:  # a wrong payment was undone after it had come back
            yield entry.id, wanted

    def _given_by_the_other(self, entry: Entry) -> Iterator[tuple[str, int]]:
        giver = self.givers.get(entry.counterpart or "")
        if giver is None:  # the other fund's book was not given
            yield entry.id, entry.fen
            return
        yield from (
            (share.receipt, share.fen) for share in self.books[giver].shares_of(str(entry.counterpart))
        )
