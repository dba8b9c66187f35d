"""
Whose money is where: each source's share of a fund, kept apart through everything the book says.

Pure, and written down (docs/decisions/0031): **first in, first out**. Money goes out in the order in which
it came in, whole fen, nothing divided, so that the shares always sum to the book's balances:

* a payment, a fee, a transfer out take the oldest money held;
* a refund takes the oldest money of the source that its reference names, and only then the oldest of all;
* money that comes back (returned, repaid) belongs to the sources of the payments that were made last;
* a reversal undoes exactly what the entry that it names did, or as much of it as is still there;
* reserving and releasing move nothing between sources. A transfer in is a source of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

TRANSFER, UNNAMED = "transfer", "unnamed"
_BOXES = {"disburse": "disbursed", "fee": "fee", "transfer_out": "transferred", "refund": "refunded"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a book, as far as shares need it. `source` is the reference of that name."""

    id: str
    kind: str
    fen: int
    source: str = ""
    reverses: str = ""


@dataclass(kw_only=True)
class Share:
    """One source's part of a fund, in fen. received = held + disbursed + fee + transferred + refunded."""

    source: str
    received_fen: int = 0
    held_fen: int = 0
    disbursed_fen: int = 0
    fee_fen: int = 0
    transferred_fen: int = 0
    refunded_fen: int = 0


def shares_by_source(entries: Iterable[Entry]) -> list[Share]:
    """
    Return each source's share, in the order in which they first gave.

    The entries of one fund, in the order of its book. Raises ValueError where more goes out than is there.
    """
    layers = _Layers()
    for entry in entries:
        layers.apply(entry)
    return layers.shares()


class _Layers:
    """Money as layers (place of coming in, source), oldest first; each place knows how much of it is where."""

    def __init__(self) -> None:
        self.source: list[str] = []
        self.received: list[int] = []
        self.boxes: dict[str, dict[int, int]] = {
            box: {} for box in ("held", "disbursed", "fee", "transferred", "refunded", "undone")
        }
        self.paid: list[tuple[int, int]] = []  # place, fen: in the order of payment
        self.moves: dict[str, tuple[str, str, list[tuple[int, int]]]] = {}

    def apply(self, entry: Entry) -> None:
        """Move the layers as one entry says."""
        if entry.kind in {"receive", "transfer_in"}:
            source = entry.source or (TRANSFER if entry.kind == "transfer_in" else UNNAMED)
            self.source.append(source)
            self.received.append(entry.fen)
            place = len(self.source) - 1
            self.boxes["held"][place] = entry.fen
            self.moves[entry.id] = ("undone", "held", [(place, entry.fen)])
        elif entry.kind in _BOXES:
            parts = self._take("held", entry.fen, self._oldest(entry))
            self._move(entry, "held", _BOXES[entry.kind], parts)
        elif entry.kind == "return":
            parts = self._take("disbursed", entry.fen, self._last_paid())
            self._move(entry, "disbursed", "held", parts)
        elif entry.kind == "reverse":
            self._undo(entry)

    def shares(self) -> list[Share]:
        """Return the sums by source."""
        names = list(dict.fromkeys(self.source))
        found = {name: Share(source=name) for name in names}
        for place, name in enumerate(self.source):
            share = found[name]
            share.received_fen += self.received[place] - self.boxes["undone"].get(place, 0)
            for box in ("held", "disbursed", "fee", "transferred", "refunded"):
                column = f"{box}_fen"
                setattr(share, column, getattr(share, column) + self.boxes[box].get(place, 0))
        return list(found.values())

    def _oldest(self, entry: Entry) -> Sequence[int]:
        places = sorted(self.boxes["held"])
        if entry.kind != "refund" or not entry.source:
            return places
        return sorted(places, key=lambda place: (self.source[place] != entry.source, place))

    def _last_paid(self) -> Sequence[int]:
        return list(dict.fromkeys([place for place, _ in reversed(self.paid)]))

    def _undo(self, entry: Entry) -> None:
        before, after, parts = self.moves[entry.reverses]
        exact = [(place, min(fen, self.boxes[after].get(place, 0))) for place, fen in parts]
        taken = [(place, fen) for place, fen in exact if fen]
        rest = entry.fen - sum(fen for _, fen in taken)
        for place, fen in taken:
            self._add(after, place, -fen)
        taken += self._take(after, rest, sorted(self.boxes[after])) if rest else []
        for place, fen in taken:
            self._add(before, place, fen)

    def _move(self, entry: Entry, before: str, after: str, parts: list[tuple[int, int]]) -> None:
        for place, fen in parts:
            self._add(after, place, fen)
        if after == "disbursed":
            self.paid += parts
        self.moves[entry.id] = (before, after, parts)

    def _take(self, box: str, fen: int, places: Sequence[int]) -> list[tuple[int, int]]:
        parts = []
        for place in places:
            taken = min(fen, self.boxes[box].get(place, 0))
            if taken:
                self._add(box, place, -taken)
                parts.append((place, taken))
                fen -= taken
            if not fen:
                return parts
        raise ValueError(f"more goes out of {box} than is there")

    def _add(self, box: str, place: int, fen: int) -> None:
        left = self.boxes[box].get(place, 0) + fen
        if left:
            self.boxes[box][place] = left
        else:
            self.boxes[box].pop(place, None)


def totals(shares: Iterable[Share]) -> Mapping[str, int]:
    """Return the sums over all sources, by column."""
    columns = ("received_fen", "held_fen", "disbursed_fen", "fee_fen", "transferred_fen", "refunded_fen")
    rows = list(shares)
    return {column: sum(getattr(row, column) for row in rows) for column in columns}
