"""The exact optimum without caps: augmentation on the compressed network, need by need in order of rank.

Coverage vectors form a polymatroid, so serving needs in order of rank with re-routing gives the first k levels
together all that they can take, for every k (Edmonds 1970; Megiddo 1974). Distance labels stay valid from need to
need, since money only shrinks; what can no longer reach money is closed for good (see `ascent_kernels`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Int64
from matching.engine.network import Network


@dataclass(frozen=True, slots=True)
class Arcs:
    """The network as one arc list, sorted by tail; nodes first, then pools. `head_offsets` count the arcs into each."""

    nodes: int
    vertices: int
    tail_offsets: Int64
    head: Int64
    tail: Int64
    head_offsets: Int64

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
        head_offsets = np.concatenate([[0], np.cumsum(np.bincount(head, minlength=vertices))]).astype(
            np.int64
        )
        return cls(nodes, vertices, tail_offsets, head, tail, head_offsets)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Ascent:
    """The optimum on the network. `critical` is the level at which a vertex was closed; `levels` means never."""

    flow: Int64
    """Fen on each arc."""
    covered: Int64
    """Fen that each node's needs receive, in order of rank. Shape (V,)."""
    money_left: Int64
    """Shape (P,)."""
    critical: Int64
    """Shape (V + P,)."""


def ascend(arcs: Arcs, pool_money: Int64, node: Int64, level: Int64, gap: Int64, levels: int) -> Ascent:
    """Return the lexicographic optimum; `node`, `level` and `gap` are of the needs in order of rank."""
    from matching.engine import ascent_kernels

    money_left, covered = pool_money.copy(), np.zeros(arcs.nodes, dtype=np.int64)
    flow = np.zeros(len(arcs.head), dtype=np.int64)
    label = np.ones(arcs.vertices, dtype=np.int32)
    label[arcs.nodes :][money_left > 0] = 0
    label_count = np.zeros(arcs.vertices + 2, dtype=np.int64)
    label_count[:2] = np.bincount(label, minlength=2)
    critical = np.full(arcs.vertices, levels, dtype=np.int64)
    pointer, path = np.zeros(arcs.vertices, dtype=np.int32), np.zeros(arcs.vertices + 2, dtype=np.int32)
    holders = np.zeros(arcs.vertices, dtype=np.int32)
    holder_arc, holder_tail = (
        np.zeros(len(arcs.head), dtype=np.int32),
        np.zeros(len(arcs.head), dtype=np.int32),
    )
    ascent_kernels.ascend(
        node, level, gap, covered, money_left, arcs.nodes, label, label_count, critical, arcs.tail_offsets, arcs.head,
        arcs.tail, arcs.head_offsets, holders, holder_arc, holder_tail, flow, pointer, path,
        np.zeros(arcs.vertices + 2, dtype=np.int64),
    )  # fmt: skip
    return Ascent(flow, covered, money_left, critical)
