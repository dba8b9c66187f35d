"""The order in which needs are served: tier, then priority, then id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.model import CashNeeds, Int64
from matching.engine.sorting import stable_order

NEVER = np.int64(1 << 60)
"""The level of money that does not end."""
SMALL = 1 << 40
"""Priorities that spread over no more than this are sorted digit by digit."""


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
    order = _order(needs)
    rank = np.empty(len(needs), dtype=np.int64)
    rank[order] = np.arange(1, len(needs) + 1)
    tier, priority = needs.tier[order], needs.priority[order]
    steps = np.zeros(len(needs), dtype=np.int64)
    steps[1:] = (tier[1:] != tier[:-1]) | (priority[1:] != priority[:-1])
    level = np.empty(len(needs), dtype=np.int64)
    level[order] = np.cumsum(steps)
    return Ranks(order, rank, level)


def _order(needs: CashNeeds) -> Int64:
    """Return the need positions by tier, falling priority and id."""
    by_id = np.arange(len(needs))
    if not (needs.id[1:] > needs.id[:-1]).all():
        by_id = np.argsort(needs.id, kind="stable")
    top = int(needs.priority.max(initial=0))
    span = top - int(needs.priority.min(initial=0)) + 1
    if span > SMALL:
        return np.lexsort((needs.id, -needs.priority, needs.tier)).astype(np.int64)
    order: Int64 = by_id[stable_order((needs.tier * span + (top - needs.priority))[by_id])]
    return order


def need_at_rank(ranks: Ranks, rank: Int64) -> Int64:
    """Return the need positions at these ranks, -1 where the rank is 0. Same shape as `rank`."""
    if len(ranks.order) == 0:
        return np.full(len(rank), -1, dtype=np.int64)
    position: Int64 = np.where(rank > 0, ranks.order[np.maximum(rank, 1) - 1], -1)
    return position
