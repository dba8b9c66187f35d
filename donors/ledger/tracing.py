"""Which receipts each payment was paid from: first in, first out. Pure."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Movement:
    """Money in (positive) or out (negative) of a fund, in the order of the book."""

    id: str
    fen: int


@dataclass(frozen=True)
class Share:
    """So much of a payment came from that receipt."""

    payment: str
    receipt: str
    fen: int


def trace(movements: Iterable[Movement]) -> list[Share]:
    """
    Return the shares of every payment, in order; they sum to what was paid.

    Raises ValueError if more goes out than came in, which the ledger's guards don't let happen.
    """
    purse: deque[tuple[str, int]] = deque()
    shares: list[Share] = []
    for movement in movements:
        if movement.fen > 0:
            purse.append((movement.id, movement.fen))
        else:
            shares += _take(purse, movement.id, -movement.fen)
    return shares


def _take(purse: deque[tuple[str, int]], payment: str, fen: int) -> list[Share]:
    shares: list[Share] = []
    while fen:
        if not purse:
            raise ValueError(f"{payment}: more goes out than came in")
        receipt, left = purse.popleft()
        taken = min(left, fen)
        shares.append(Share(payment, receipt, taken))
        fen -= taken
        if taken < left:
            purse.appendleft((receipt, left - taken))
    return shares
