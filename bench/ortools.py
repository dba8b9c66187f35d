"""OR-Tools' min-cost flow on the same instances: over all pairs, or on the engine's own compressed network."""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.engine import CashInstance
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, waiting_needs

MOST_PAIRS = 20_000_000
MOST_NEEDS = 1_000_000


def by_ortools(instance: CashInstance, ready: Prepared, *, caps: bool) -> Allocation | None:
    """Solve by OR-Tools: over all pairs with caps, on the compressed network without; None where it does not fit."""
    if caps:
        return _ortools_pairs(instance, ready)
    return _ortools_network(instance, ready) if len(instance.needs) <= MOST_NEEDS else None


def _ortools_pairs(instance: CashInstance, ready: Prepared) -> Allocation | None:
    from matching.engine.eligibility import eligible_pairs
    from matching.engine.pairwise import solve_pairs

    if len(instance.needs) * len(instance.funds) > MOST_PAIRS:
        return None
    pairs = eligible_pairs(instance)
    amount = solve_pairs(instance, pairs, ready.ranks, parts=1)
    return Allocation(pairs.need, pairs.fund, amount, np.zeros(len(instance.funds), dtype=np.int64))


def _ortools_network(instance: CashInstance, ready: Prepared) -> Allocation:
    from ortools.graph.python import min_cost_flow

    network = ready.network
    tails, heads, vertices = _arcs(ready)
    waiting = waiting_needs(instance, ready)
    need, _, gap, level = waiting.by_node.T
    node = np.repeat(np.arange(len(network.parent)), np.diff(waiting.node_offsets))
    source, sink = vertices, vertices + 1
    total = int(gap.sum())
    money = np.zeros(network.pool_count, dtype=np.int64)
    placed = network.fund_pool >= 0
    np.add.at(money, network.fund_pool[placed], instance.funds.available_fen[placed])
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tail: Int64, head: Int64, capacity: Int64, cost: Int64) -> Any:
        columns = (
            tail.astype(np.int32),
            head.astype(np.int32),
            capacity.astype(np.int64),
            cost.astype(np.int64),
        )
        return flow.add_arcs_with_capacity_and_unit_cost(*columns)

    zero = np.zeros(len(heads), dtype=np.int64)
    handles = add(np.full(len(node), source), node, gap, level)
    add(tails, heads, zero + total, zero)
    pools = np.arange(network.pool_count)
    add(len(network.parent) + pools, np.full(len(pools), sink), money, np.zeros(len(pools), dtype=np.int64))
    bypass = np.array([int(ready.ranks.level.max()) + 1])
    add(np.array([source]), np.array([sink]), np.array([total]), bypass)
    flow.set_nodes_supplies(np.array([source, sink], dtype=np.int32), np.array([total, -total]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-Tools found no optimum: {status}")
    amount = np.asarray(flow.flows(handles), dtype=np.int64)
    nowhere = np.zeros(len(amount), dtype=np.int64)
    return Allocation(need, nowhere, amount, np.zeros(len(instance.funds), dtype=np.int64))


def _arcs(ready: Prepared) -> tuple[Int64, Int64, int]:
    """Return the tails and heads of the network's arcs (nodes first, then pools), and the number of vertices."""
    network = ready.network
    nodes, inner = len(network.parent), np.flatnonzero(network.parent >= 0)
    own = np.repeat(np.arange(nodes), np.diff(network.arc_offsets))
    heads = np.concatenate([network.arc_pool + nodes, network.parent[inner]])
    return np.concatenate([own, inner]), heads, nodes + network.pool_count
