"""The exact optimum without caps: bisection on the critical level of every part of the network at once.

Let f(k) be the money that needs of the first k levels can take together. Coverage vectors form a polymatroid, so the
lexicographic optimum takes f(k) - f(k-1) at each level (Edmonds 1970). A part of the network is served in full up to
its critical level and not beyond. All parts bisect on that level at once with one maximum flow a round (the
decomposition of Fujishige 1980 and Megiddo 1974): vertices that a short node can reach are short at the middle level
and have their critical level below; the rest have it above. No money flows between the two sides, so arcs between
them are dropped, and the flow found stays as the start of the next round. After log2(levels) rounds it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Int64
from matching.engine.network import Network


@dataclass(frozen=True, slots=True)
class Arcs:
    """The network as one arc list with adjacency both ways; nodes first, then pools."""

    nodes: int
    vertices: int
    tail_offsets: Int64
    head: Int64
    tail: Int64
    head_offsets: Int64
    head_arc: Int64

    @classmethod
    def of(cls, network: Network) -> Arcs:
        """Return the arcs of a network: each node's pools, then the node above it."""
        nodes = len(network.parent)
        has_parent = network.parent >= 0
        counts = np.diff(network.arc_offsets) + has_parent
        tail_offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        head = np.empty(int(tail_offsets[-1]), dtype=np.int32)
        pool_place = np.repeat(tail_offsets[:-1] - network.arc_offsets[:-1], np.diff(network.arc_offsets))
        head[pool_place + np.arange(len(network.arc_pool))] = network.arc_pool + nodes
        head[tail_offsets[1:][has_parent] - 1] = network.parent[has_parent]
        tail = np.repeat(np.arange(nodes), counts).astype(np.int32)
        vertices = nodes + network.pool_count
        head_arc = np.argsort(head, kind="stable").astype(np.int32)
        head_offsets = np.concatenate([[0], np.cumsum(np.bincount(head, minlength=vertices))]).astype(
            np.int64
        )
        return cls(nodes, vertices, tail_offsets, head, tail, head_offsets, head_arc)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The optimum on the network. `critical` is the level at which money ends at a vertex; `levels` means never."""

    arcs: Arcs
    flow: Int64
    covered: Int64
    """Fen that each node's needs receive, in order of level. Shape (V,)."""
    money_left: Int64
    """Shape (P,)."""
    critical: Int64
    """Shape (V + P,)."""
    rounds: int


def decompose(
    arcs: Arcs, pool_money: Int64, node_offsets: Int64, need_level: Int64, need_gap: Int64, levels: int
) -> Decomposition:
    """Return the lexicographic optimum. Needs are grouped by node (`node_offsets`) and sorted by level within it."""
    from matching.engine import kernels

    running = np.cumsum(need_gap)
    before = np.concatenate([[0], running])[node_offsets[:-1]]
    need_sum = running - np.repeat(before, np.diff(node_offsets))
    flow = np.zeros(len(arcs.head), dtype=np.int64)
    money_left = pool_money.copy()
    covered = np.zeros(arcs.nodes, dtype=np.int64)
    demand = np.zeros(arcs.nodes, dtype=np.int64)
    low = np.full(arcs.vertices, -1, dtype=np.int64)
    high = np.full(arcs.vertices, levels, dtype=np.int64)
    part = np.zeros(arcs.vertices, dtype=np.int64)
    label, queue, pointer = (np.empty(arcs.vertices, dtype=np.int32) for _ in range(3))
    path, way = np.empty(arcs.vertices + 1, dtype=np.int32), np.empty(arcs.vertices + 1, dtype=np.int64)
    seen = np.zeros(arcs.vertices, dtype=np.bool_)
    descending = np.arange(arcs.nodes)
    rounds = 0
    while True:
        open_parts = high - low > 1
        last_round = not open_parts.any()
        goal = np.where(open_parts, (low + high) // 2, np.minimum(high, levels - 1))
        kernels.demand_up_to(goal[: arcs.nodes], node_offsets, need_level, need_sum, demand)
        excess = np.maximum(covered - demand, 0)
        covered -= excess
        kernels.trim(descending, arcs.tail_offsets, arcs.head, flow, excess, money_left, arcs.nodes)
        lacking = demand - covered
        if not last_round:
            lacking[~open_parts[: arcs.nodes]] = 0
        wanted = lacking.copy()
        while kernels.distances(
            label, part, lacking, money_left, arcs.tail_offsets, arcs.head, arcs.head_offsets, arcs.head_arc,
            arcs.tail, flow, arcs.nodes, queue,
        ):  # fmt: skip
            kernels.augment(
                label, part, lacking, money_left, arcs.tail_offsets, arcs.head, arcs.head_offsets, arcs.head_arc,
                arcs.tail, flow, arcs.nodes, pointer, path, way,
            )  # fmt: skip
        covered += wanted - lacking
        rounds += 1
        if last_round:
            return Decomposition(arcs, flow, covered, money_left, high, rounds)
        kernels.reachable(
            seen, part, lacking, arcs.tail_offsets, arcs.head, arcs.head_offsets, arcs.head_arc, arcs.tail, flow,
            arcs.nodes, queue,
        )  # fmt: skip
        high = np.where(open_parts & seen, goal, high)
        low = np.where(open_parts & ~seen, goal, low)
        part = low * (levels + 2) + high
