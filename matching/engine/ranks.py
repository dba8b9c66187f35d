"""The order in which needs are served: tier, then priority, then id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.model import CashNeeds, Int64

NEVER = np.int64(1 << 60)
"""The level of money that does not end."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Positions of needs in the order of service; all arrays have shape (n,)."""

    order: Int64
    """Need positions, first served first."""
    rank: Int64
    """1 for the first need, n for the last; unique."""
    level: Int64
    """0 for the first group of equals (same tier and priority), counting up."""


def rank_needs(needs: CashNeeds) -> Ranks:
    """Return the order of service: lower tier first, then higher priority, then lower id."""
    order = np.lexsort((needs.id, -needs.priority, needs.tier)).astype(np.int64)
    rank = np.empty(len(needs), dtype=np.int64)
    rank[order] = np.arange(1, len(needs) + 1)
    tier, priority = needs.tier[order], needs.priority[order]
    steps = np.zeros(len(needs), dtype=np.int64)
    steps[1:] = (tier[1:] != tier[:-1]) | (priority[1:] != priority[:-1])
    level = np.empty(len(needs), dtype=np.int64)
    level[order] = np.cumsum(steps)
    return Ranks(order, rank, level)


def need_at_rank(ranks: Ranks, rank: Int64) -> Int64:
    """Return the need positions at these ranks, -1 where the rank is 0. Same shape as `rank`."""
    if len(ranks.order) == 0:
        return np.full(len(rank), -1, dtype=np.int64)
    position: Int64 = np.where(rank > 0, ranks.order[np.maximum(rank, 1) - 1], -1)
    return position
