"""The tables of the search without caps, and the compiled functions that read and change one entry of them."""

from __future__ import annotations

from typing import NamedTuple

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, inlined

CLOSED = 1 << 30
HEIGHTS = 4
"""Labels that pools with money can have: county, prefecture, province, nation."""


class State(NamedTuple):
    """Tables with one row per node, pool, draw and holder; all int32 but `money`, `fen` and `counters`.

    `arcs` lists the pools of each node's own region, `holders` has (node, draw). `steps` are (node, pool, draw) of a
    path. `label_count` counts pools.
    """

    nodes: Integers
    label: Integers
    pools: Integers
    arcs: Integers
    money: Int64
    draws: Integers
    fen: Int64
    holders: Integers
    reach: Integers
    climb: Integers
    label_count: Integers
    steps: Integers
    node_mark: Integers
    pool_mark: Integers
    queue: Integers
    counters: Int64


PARENT, LEAST, FIRST_ARC, ARCS, NODE_POINTER, FIRST_DRAW = range(6)  # columns of `nodes`
NODE_COLUMNS = 8
"""Two more than are used, so that a row fills half a cache line and never lies across two."""
FIRST_HOLDER, HOLDERS, ROOM, POINTER, LOW, PRICE = range(6)  # columns of `pools`
DRAW_POOL, NEXT_DRAW = range(2)  # columns of `draws`
STEP_NODE, STEP_POOL, STEP_DRAW = range(3)  # columns of `steps`
DRAWS, HOLDER_PLACES, HELD, PATHS, RAISED, SHUT, CUTS = range(
    7
)  # `counters`: of all draws, places for holders taken,
# holders, paths, labels raised, pools closed, searches for a cut


@inlined
def find(state: State, start: int, most: int) -> int:
    """Return a pool with a label of at most `most` on a node's way up, nearest first, or -1; note what was seen."""
    node = start
    height = 0
    found = -1
    least = CLOSED
    while node >= 0:
        if height > 0 and state.reach[node] > most:
            least = state.reach[node]
            break
        low = state.nodes[node, LEAST]
        if low <= most:
            first = state.nodes[node, FIRST_ARC]
            count = state.nodes[node, ARCS]
            begin = state.nodes[node, NODE_POINTER]
            low = CLOSED
            place = begin
            while place < count:
                label = state.label[state.arcs[first + place]]
                if label <= most:
                    found = state.arcs[first + place]
                    break
                low = min(low, label)
                place += 1
            if found < 0:
                place = 0
                while place < begin:
                    label = state.label[state.arcs[first + place]]
                    if label <= most:
                        found = state.arcs[first + place]
                        break
                    low = min(low, label)
                    place += 1
            if found >= 0:
                state.nodes[node, NODE_POINTER] = place
                break
            state.nodes[node, LEAST] = low
        state.climb[height, 0] = node
        state.climb[height, 1] = low
        height += 1
        node = state.nodes[node, PARENT]
    if found < 0:
        for step in range(height - 1, -1, -1):
            least = min(least, state.climb[step, 1])
            state.reach[state.climb[step, 0]] = least
    return found


@inlined
def hold(state: State, pool: int, node: int, draw: int) -> None:
    """Enter a node among the holders of a pool, behind the others; a full list moves to twice the room."""
    size = state.pools[pool, HOLDERS]
    if size == state.pools[pool, ROOM]:
        old = state.pools[pool, FIRST_HOLDER]
        new = state.counters[HOLDER_PLACES]
        for place in range(size):
            state.holders[new + place, 0] = state.holders[old + place, 0]
            state.holders[new + place, 1] = state.holders[old + place, 1]
        state.pools[pool, FIRST_HOLDER] = new
        state.pools[pool, ROOM] = max(4, 2 * size)
        state.counters[HOLDER_PLACES] += max(4, 2 * size)
    place = state.pools[pool, FIRST_HOLDER] + size
    state.holders[place, 0] = node
    state.holders[place, 1] = draw
    state.pools[pool, HOLDERS] = size + 1
    state.counters[HELD] += 1


@inlined
def grow(state: State, node: int, pool: int, amount: int) -> None:
    """Add to what a node draws from a pool."""
    draw = state.nodes[node, FIRST_DRAW]
    while draw >= 0 and state.draws[draw, DRAW_POOL] != pool:
        draw = state.draws[draw, NEXT_DRAW]
    if draw < 0:
        draw = state.counters[DRAWS]
        state.counters[DRAWS] += 1
        state.draws[draw, DRAW_POOL] = pool
        state.draws[draw, NEXT_DRAW] = state.nodes[node, FIRST_DRAW]
        state.nodes[node, FIRST_DRAW] = draw
        state.fen[draw] = 0
    if state.fen[draw] == 0:
        hold(state, pool, node, draw)
    state.fen[draw] += amount
    state.pools[pool, LOW] = min(state.pools[pool, LOW], state.label[pool])


@inlined
def shrink(state: State, pool: int, draw: int, amount: int) -> None:
    """Take from a draw of the holder at the pool's pointer; if nothing is left, the last holder takes its place."""
    state.fen[draw] -= amount
    if state.fen[draw] == 0:
        state.pools[pool, HOLDERS] -= 1
        state.counters[HELD] -= 1
        place = state.pools[pool, FIRST_HOLDER] + state.pools[pool, POINTER]
        last = state.pools[pool, FIRST_HOLDER] + state.pools[pool, HOLDERS]
        state.holders[place, 0] = state.holders[last, 0]
        state.holders[place, 1] = state.holders[last, 1]


@inlined
def use_path(state: State, depth: int, lacking: int) -> int:
    """Move as much as is lacking and a path of so many detours allows; return how much."""
    end = state.steps[depth, STEP_POOL]
    amount: int = min(lacking, state.money[end])
    for step in range(1, depth + 1):
        amount = min(amount, state.fen[state.steps[step, STEP_DRAW]])
    for step in range(1, depth + 1):
        shrink(state, state.steps[step - 1, STEP_POOL], state.steps[step, STEP_DRAW], amount)
    for step in range(depth + 1):
        grow(state, state.steps[step, STEP_NODE], state.steps[step, STEP_POOL], amount)
    state.money[end] -= amount
    state.counters[PATHS] += 1
    return amount
