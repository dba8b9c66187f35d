"""The order in which needs are served: tier, then priority, then id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.model import CashNeeds, Int64
from matching.engine.sorting import distinct, order_and_rank

NEVER = np.int64(1 << 60)
"""The level of money that does not end."""
SMALL = 1 << 40
"""Priorities that spread over more than this are numbered first, lest a tier times the spread be too large."""


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
    levels, level = _levels(needs)
    by_id = None if (needs.id[1:] > needs.id[:-1]).all() else np.argsort(needs.id, kind="stable")
    order, rank = order_and_rank(level, levels, by_id)
    return Ranks(order, rank, level)


def _levels(needs: CashNeeds) -> tuple[int, Int64]:
    """Return how many groups of equals there are, and each need's number among them."""
    top = int(needs.priority.max(initial=0))
    span = top - int(needs.priority.min(initial=0)) + 1
    if span > SMALL:
        pairs = np.stack([needs.tier, np.unique(needs.priority, return_inverse=True)[1].reshape(-1)])
        span = int(pairs[1].max(initial=0)) + 1
        key = pairs[0] * span + (span - 1 - pairs[1])
    else:
        key = needs.tier * span + (top - needs.priority)
    values, level = distinct(key)
    return len(values), level


def need_at_rank(ranks: Ranks, rank: Int64) -> Int64:
    """Return the need positions at these ranks, -1 where the rank is 0. Same shape as `rank`."""
    if len(ranks.order) == 0:
        return np.full(len(rank), -1, dtype=np.int64)
    position: Int64 = np.where(rank > 0, ranks.order[np.maximum(rank, 1) - 1], -1)
    return position
