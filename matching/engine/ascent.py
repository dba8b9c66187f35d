"""The exact optimum without caps: augmentation on the compressed network in order of rank.

Coverage vectors form a polymatroid, so serving needs in order of rank with re-routing gives the first k levels
together all that they can take, for every k (Edmonds 1970; Megiddo 1974). Distance labels stay valid from need to
need, since money only shrinks; what can no longer reach money is closed for good (see `ascent_kernels`).

As long as money is plenty the order does not matter: if a whole stretch of needs can be covered, then so can every part
of it, whoever came first. So needs are served node by node in stretches that take at most half of the money left; a
stretch that does not come out whole is taken back, and from there on needs are served one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Int64
from matching.engine.network import Network
from matching.engine.ranks import Ranks

if TYPE_CHECKING:
    from matching.engine.ascent_tables import State
    from matching.engine.compiled import Integers

SHORT_STRETCH = 64
"""Stretches of fewer than one in so many of all needs are not worth trying."""
DRAWS_PER_NODE = 2
"""Places for draws to begin with; more are made when they run out."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The needs that some fund admits, twice: in order of rank, and by node (in it by rank)."""

    by_rank: Int64
    """Node, gap and level. Shape (n, 3)."""
    node_offsets: Int64
    by_node: Int64
    """Position in the instance, place in order of rank, gap and level. Shape (n, 4)."""

    @classmethod
    def of(cls, ranks: Ranks, need_node: Int64, gap_fen: Int64, nodes: int) -> Waiting:
        """Return the needs that have a node."""
        from matching.engine import ascent_kernels as kernels

        placed = need_node >= 0
        count = int(np.count_nonzero(placed))
        sizes = np.bincount(need_node if count == len(placed) else need_node[placed], minlength=nodes)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        by_rank, by_node = np.empty((count, 3), dtype=np.int64), np.empty((count, 4), dtype=np.int64)
        kernels.line_up(ranks.order, ranks.level, need_node, gap_fen, offsets, by_rank, by_node)
        return cls(by_rank, offsets, by_node)


@dataclass(frozen=True, slots=True)
class Ascent:
    """The optimum on the network. `price` is the level at which a pool was closed; `levels` means never."""

    first_draw: Integers
    """Each node's first draw, or -1. Shape (V,)."""
    draws: Integers
    """Pool, and the node's next draw or -1. Shape (D, 2)."""
    fen: Int64
    """Shape (D,)."""
    covered: Int64
    """Fen that each node's needs receive, in order of rank. Shape (V,)."""
    price: Int64
    """Shape (P,)."""


def ascend(network: Network, pool_money: Int64, waiting: Waiting, levels: int) -> Ascent:
    """Return the lexicographic optimum."""
    from matching.engine import ascent_kernels as kernels
    from matching.engine import ascent_tables as tables

    state = _start(network, pool_money, levels)
    covered = np.zeros(len(network.parent), dtype=np.int64)
    start = _serve_stretches(state, waiting, covered)
    end = len(waiting.by_rank)
    while start < end:
        start = kernels.serve(state, waiting.by_rank, covered, start, end)
        state = _with_more_room(state) if start < end else state
    used = int(state.counters[tables.DRAWS])
    price = state.pools[:, tables.PRICE].astype(np.int64)
    return Ascent(
        state.nodes[:, tables.FIRST_DRAW].copy(), state.draws[:used], state.fen[:used], covered, price
    )


def _serve_stretches(state: State, waiting: Waiting, covered: Int64) -> int:
    """Serve needs in stretches as long as that goes well; return where to go on one by one."""
    from matching.engine import ascent_kernels as kernels

    running, start = np.cumsum(waiting.by_rank[:, 1]), 0
    done = waiting.node_offsets[:-1].copy()
    while start < len(running):
        served = int(running[start - 1]) if start else 0
        end = int(np.searchsorted(running, served + int(state.money.sum()) // 2))
        if (end - start) * SHORT_STRETCH < len(running):
            break
        before, covered_before = _saved(state), covered.copy()
        if not kernels.serve_together(state, waiting.node_offsets, done, waiting.by_node, covered, end):
            _restore(state, before)
            covered[:] = covered_before
            return start
        start = end
    return start


def _start(network: Network, pool_money: Int64, levels: int) -> State:
    from matching.engine import ascent_tables as tables

    nodes, pools = len(network.parent), network.pool_count
    height = np.zeros(pools, dtype=np.int32)
    np.maximum.at(height, network.pool_row_pool, (network.pool_row_region % 4).astype(np.int32))
    label = np.where(pool_money > 0, height, 0).astype(np.int32)
    node_table = np.zeros((nodes, tables.NODE_COLUMNS), dtype=np.int32)
    pool_table = np.zeros((pools, 6), dtype=np.int32)
    node_table[:, tables.PARENT] = network.parent
    node_table[:, tables.FIRST_ARC] = network.arc_offsets[:-1]
    node_table[:, tables.ARCS] = np.diff(network.arc_offsets)
    node_table[:, tables.FIRST_DRAW] = -1
    pool_table[:, tables.LOW] = tables.CLOSED
    pool_table[:, tables.PRICE] = levels
    label_count = np.zeros(pools + tables.HEIGHTS + 2, dtype=np.int32)
    label_count[: tables.HEIGHTS] = np.bincount(label, minlength=tables.HEIGHTS)
    room = DRAWS_PER_NODE * nodes + 8 * pools + 8
    return tables.State(
        nodes=node_table, label=label, pools=pool_table,
        arcs=network.arc_pool.astype(np.int32), money=pool_money.copy(),
        draws=np.empty((room, 2), dtype=np.int32), fen=np.empty(room, dtype=np.int64),
        holders=np.empty((4 * room + 8 * pools, 2), dtype=np.int32), reach=np.zeros(nodes, dtype=np.int32),
        climb=np.zeros((tables.HEIGHTS, 2), dtype=np.int32), label_count=label_count,
        steps=np.zeros((pools + 2, 3), dtype=np.int32),
        node_mark=np.zeros(nodes, dtype=np.int32), pool_mark=np.zeros(pools, dtype=np.int32),
        queue=np.zeros(pools + 1, dtype=np.int32), counters=np.zeros(7, dtype=np.int64),
    )  # fmt: skip


def _with_more_room(state: State) -> State:
    """Return the state with twice the room for draws and holders."""
    twice = {name: np.concatenate([getattr(state, name)] * 2) for name in ("draws", "fen", "holders")}
    return state._replace(**twice)


def _saved(state: State) -> dict[str, npt.NDArray[Any]]:
    """Return copies of all that changes and is in use."""
    from matching.engine import ascent_tables as tables

    draws, places = int(state.counters[tables.DRAWS]), int(state.counters[tables.HOLDER_PLACES])
    used = {"draws": draws, "fen": draws, "holders": places}
    changing = (
        "nodes",
        "label",
        "pools",
        "money",
        "draws",
        "fen",
        "holders",
        "reach",
        "label_count",
        "counters",
    )
    return {name: getattr(state, name)[: used.get(name)].copy() for name in changing}


def _restore(state: State, saved: dict[str, npt.NDArray[Any]]) -> None:
    """Bring back what was saved; marks and the number of the search that made them stay, so that none returns."""
    from matching.engine import ascent_tables as tables

    saved["counters"][tables.CUTS] = state.counters[tables.CUTS]
    for name, values in saved.items():
        getattr(state, name)[: len(values)] = values
