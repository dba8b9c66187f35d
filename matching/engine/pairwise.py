"""Exact cash matching over all eligible pairs by min-cost flow: for small instances, and as the oracle in tests.

The network is source → fund → (household of the fund) → need → sink, with the per-case cap on the pair and the
household cap on the middle arc. Coverage vectors of such a network form a polymatroid (Edmonds 1970; Megiddo 1974),
so any strictly decreasing weights by rank give the lexicographic optimum: no big-M, and no overflow.
"""

from __future__ import annotations

import numpy as np

from matching.engine.eligibility import NO_CAP, Pairs, region_step
from matching.engine.model import CashInstance, Int64
from matching.engine.ranks import Ranks

LOCALITY = {1: 0, 100: 1, 10_000: 2, 1_000_000: 3}
EXPIRY_DAYS = (30, 90, 365)


class SolverError(RuntimeError):
    """The flow solver did not report an optimum; nothing may be allotted."""


def pair_preference(instance: CashInstance, pairs: Pairs) -> Int64:
    """Return a small cost per pair that only decides among optima: expiring first, local first, whole grants first."""
    funds, today = instance.funds, instance.today
    local = np.full(len(funds), 3, dtype=np.int64)
    for fund in range(len(funds)):
        codes = funds.regions_of(fund).tolist()
        if codes:
            local[fund] = max(LOCALITY[region_step(code)] for code in codes)
    days = np.where(funds.expires_on > 0, funds.expires_on - today, 1 << 30)
    expiry = np.searchsorted(np.array(EXPIRY_DAYS), days).astype(np.int64)
    splits = (pairs.cap_fen < instance.needs.gap_fen[pairs.need]).astype(np.int64)
    preference: Int64 = 4 * expiry[pairs.fund] + 2 * local[pairs.fund] + splits
    return preference


def slices(needs_gap: Int64, ranks: Ranks, parts: int) -> tuple[Int64, Int64, Int64]:
    """Return (need, capacity, order) of the arcs to the sink; equals get their gap in `parts` rising slices.

    So that among equals nobody gets the second tenth before everyone who can has got the first.
    """
    sizes = np.bincount(ranks.level, minlength=1)
    shared = (sizes[ranks.level] > 1) & (parts > 1)
    needs, caps, keys = [], [], []
    for part in range(parts):
        rows = np.flatnonzero(shared) if part else np.arange(len(needs_gap))
        upper = np.where(shared[rows], needs_gap[rows] * (part + 1) // parts, needs_gap[rows])
        lower = np.where(shared[rows], needs_gap[rows] * part // parts, 0)
        needs.append(rows)
        caps.append(upper - lower)
        keys.append(ranks.level[rows] * parts + part)
    flat = np.concatenate(keys)
    return (
        np.concatenate(needs).astype(np.int64),
        np.concatenate(caps).astype(np.int64),
        np.unique(flat, return_inverse=True)[1].astype(np.int64),
    )


def household_nodes(instance: CashInstance, pairs: Pairs) -> tuple[Int64, Int64]:
    """Return per pair the number of its (fund, household) node or -1, and each node's capacity in fen."""
    household = instance.needs.household[pairs.need]
    capped = (pairs.household_left_fen < NO_CAP) & (household != 0)
    node = np.full(len(pairs), -1, dtype=np.int64)
    if not capped.any():
        return node, np.zeros(0, dtype=np.int64)
    number = np.unique(household[capped], return_inverse=True)[1].reshape(-1)
    keys = pairs.fund[capped] * len(number) + number
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    node[capped] = np.asarray(inverse).reshape(-1)
    return node, pairs.household_left_fen[capped][first]


def solve_pairs(instance: CashInstance, pairs: Pairs, ranks: Ranks, *, parts: int = 10) -> Int64:
    """Return the optimal amount of each pair in fen, minimum grants left aside. Raises SolverError."""
    from ortools.graph.python import min_cost_flow

    needs, funds = instance.needs, instance.funds
    if len(pairs) == 0:
        return np.zeros(0, dtype=np.int64)
    node, household_cap = household_nodes(instance, pairs)
    fund_node = np.arange(len(funds))
    middle = len(funds) + np.arange(len(household_cap))
    need_node = len(funds) + len(household_cap)
    source, sink = need_node + len(needs), need_node + len(needs) + 1
    slice_need, slice_cap, slice_rank = slices(needs.gap_fen, ranks, parts)
    preference = pair_preference(instance, pairs)
    step = 2 * min(len(needs), len(funds)) * (int(preference.max()) + 1) + 1
    worst = (int(slice_rank.max()) + 1) * step
    if worst > (1 << 62) // (4 * (sink + 1) * (sink + 1)):
        preference, step = np.zeros_like(preference), 1
        worst = int(slice_rank.max()) + 1
    firsts = np.unique(node, return_index=True)
    node_fund = pairs.fund[firsts[1][firsts[0] >= 0]]
    total = int(needs.gap_fen.sum())
    flow = min_cost_flow.SimpleMinCostFlow()

    def arcs(tail: Int64, head: Int64, capacity: Int64, cost: Int64) -> Int64:
        size = len(head)
        handles = flow.add_arcs_with_capacity_and_unit_cost(
            np.broadcast_to(tail, size).astype(np.int32),
            np.asarray(head).astype(np.int32),
            np.asarray(capacity).astype(np.int64),
            np.broadcast_to(cost, size).astype(np.int64),
        )
        return np.asarray(handles, dtype=np.int64)

    nothing = np.zeros(1, dtype=np.int64)
    pair_tail = np.where(node >= 0, len(funds) + node, pairs.fund)
    handles = arcs(pair_tail, need_node + pairs.need, pairs.cap_fen, preference)
    arcs(np.array([source]), fund_node, funds.available_fen, nothing)
    arcs(node_fund, middle, household_cap, nothing)
    arcs(need_node + slice_need, np.full(len(slice_need), sink), slice_cap, slice_rank * step)
    arcs(np.array([source]), np.array([sink]), np.array([total]), np.array([worst + step]))
    flow.set_nodes_supplies(
        np.array([source, sink], dtype=np.int32), np.array([total, -total], dtype=np.int64)
    )
    if flow.solve() != flow.OPTIMAL:
        raise SolverError("min-cost flow found no optimum")
    return np.asarray(flow.flows(handles), dtype=np.int64)
