"""Minimum grants: the flow ignores them, this module repairs what it gave.

The rule: no grant is below the fund's minimum, even where the need's whole gap is smaller. Deciding this exactly is an
integer programme (fixed charges), so: solve the flow; raise grants that are too small from the same need's other
grants and the fund's rest; forbid the pairs that still fail, best-ranked need last; solve again; at the end drop what
still fails and give what is left in rank order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.eligibility import Pairs
from matching.engine.model import Bool, CashInstance, Int64
from matching.engine.ranks import Ranks

MAX_ROUNDS = 12


def too_small(pairs: Pairs, amount: Int64) -> Bool:
    """Return which grants are below their floor."""
    small: Bool = (amount > 0) & (amount < pairs.floor_fen)
    return small


@dataclass(slots=True)
class Ledger:
    """Running sums over an allocation, so that single grants can be changed within every limit."""

    pairs: Pairs
    amount: Int64
    gap_left: Int64
    balance_left: Int64
    node: Int64
    node_left: Int64

    @classmethod
    def of(cls, instance: CashInstance, pairs: Pairs, amount: Int64, node: Int64, node_cap: Int64) -> Ledger:
        """Return the sums of this allocation; the amounts are copied."""
        gap_left, balance_left, node_left = (
            instance.needs.gap_fen.copy(),
            instance.funds.available_fen.copy(),
            node_cap.copy(),
        )
        np.subtract.at(gap_left, pairs.need, amount)
        np.subtract.at(balance_left, pairs.fund, amount)
        inside = node >= 0
        np.subtract.at(node_left, node[inside], amount[inside])
        return cls(pairs, amount.copy(), gap_left, balance_left, node, node_left)

    def change(self, pair: int, by: int) -> None:
        """Add `by` fen to a grant; the caller has checked the limits."""
        self.amount[pair] += by
        self.gap_left[self.pairs.need[pair]] -= by
        self.balance_left[self.pairs.fund[pair]] -= by
        if self.node[pair] >= 0:
            self.node_left[self.node[pair]] -= by

    def node_full(self) -> Bool:
        """Return which pairs stand under a household limit that is used up."""
        full = np.zeros(len(self.node), dtype=np.bool_)
        inside = self.node >= 0
        full[inside] = self.node_left[self.node[inside]] <= 0
        return full

    def room(self, pair: int, *, in_gap: bool = True) -> int:
        """Return by how much a grant can grow; without `in_gap`, as if the need had other grants to give up."""
        pairs = self.pairs
        limits = [int(pairs.cap_fen[pair] - self.amount[pair]), int(self.balance_left[pairs.fund[pair]])]
        if in_gap:
            limits.append(int(self.gap_left[pairs.need[pair]]))
        if self.node[pair] >= 0:
            limits.append(int(self.node_left[self.node[pair]]))
        return max(0, min(limits))


def _raise_grant(ledger: Ledger, pair: int, siblings: Int64) -> bool:
    """Raise one grant to its floor, taking from the need's other grants where its gap is full; tell whether it did."""
    pairs = ledger.pairs
    short = int(pairs.floor_fen[pair] - ledger.amount[pair])
    if ledger.room(pair, in_gap=False) < short:
        return False
    to_free = short - int(ledger.gap_left[pairs.need[pair]])
    cuts: list[tuple[int, int]] = []
    for other in siblings.tolist():
        if to_free <= 0:
            break
        spare = int(ledger.amount[other] - pairs.floor_fen[other])
        if other != pair and spare > 0:
            cut = min(spare, to_free)
            cuts.append((other, cut))
            to_free -= cut
    if to_free > 0:
        return False
    for other, cut in cuts:
        ledger.change(other, -cut)
    ledger.change(pair, short)
    return True


def repair(
    instance: CashInstance,
    pairs: Pairs,
    ranks: Ranks,
    nodes: tuple[Int64, Int64],
    solve: Callable[[Bool], Int64],
    *,
    rounds: int = MAX_ROUNDS,
) -> Int64:
    """Return amounts that respect every floor; `solve` gives the flow over the pairs that are still allowed."""
    allowed = np.ones(len(pairs), dtype=np.bool_)
    by_rank = np.argsort(ranks.rank[pairs.need], kind="stable")
    starts = np.searchsorted(ranks.rank[pairs.need][by_rank], np.arange(1, len(instance.needs) + 2))
    amount = solve(allowed)
    for last in [False] * (rounds - 1) + [True]:
        ledger = Ledger.of(instance, pairs, amount, *nodes)
        failing = by_rank[too_small(pairs, amount)[by_rank]]
        if not len(failing):
            return amount
        stuck = []
        for pair in failing.tolist():
            rank = int(ranks.rank[pairs.need[pair]])
            if not _raise_grant(ledger, pair, by_rank[starts[rank - 1] : starts[rank]]):
                stuck.append(pair)
        if last or not stuck:
            return _drop_and_fill(ledger, by_rank)
        allowed[stuck] = False
        amount = solve(allowed)
    return amount


def _drop_and_fill(ledger: Ledger, by_rank: Int64) -> Int64:
    """Drop grants below their floor, then give what is left in rank order."""
    for pair in np.flatnonzero(too_small(ledger.pairs, ledger.amount)).tolist():
        ledger.change(pair, -int(ledger.amount[pair]))
    pairs = ledger.pairs
    open_pairs = (ledger.gap_left[pairs.need] > 0) & (ledger.balance_left[pairs.fund] > 0)
    for pair in by_rank[open_pairs[by_rank]].tolist():
        room = ledger.room(pair)
        if room > 0 and ledger.amount[pair] + room >= ledger.pairs.floor_fen[pair]:
            ledger.change(pair, room)
    return ledger.amount
