"""Compiled inner loops without caps: shortest augmenting paths between nodes and pools, in order of rank.

A node draws from any pool on its way up the region tree, as much as it likes. What it draws is kept as a *draw* (node,
pool, fen); a pool knows its *holders*, the nodes that draw from it. A pool's label is a lower bound of how many other
pools have to make way before money is found (Ahuja and Orlin 1991); pools with money start at the height of their
region, so that money bound to a place goes before money that could help anybody. `reach` is a lower bound of the least
label on a node's way up. Labels only grow. When one has no pool left, all above it are cut off from money: closed for
good, at the level being served (gap rule: Cherkassky and Goldberg 1997); so is a node's reach that holds no money.
"""

from __future__ import annotations

from typing import NamedTuple

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled, inlined

CLOSED = 1 << 30
PATIENCE = 4
HEIGHTS = 4
"""Labels that pools with money can have: county, prefecture, province, nation."""


class State(NamedTuple):
    """Tables with one row per node, pool, draw and holder; all int32 but `money`, `fen` and `counters`.

    `arcs` lists the pools of each node's own region, `holders` has (node, draw). `steps` are (node, pool, draw) of a
    path. `label_count` counts pools. `counters`: 0 draws, 1 places for holders taken, 2 holders, 3 paths, 4 labels
    raised, 5 pools closed, 6 searches for a cut.
    """

    way: Integers
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


PARENT, LEAST = range(2)  # columns of `way`
FIRST_ARC, ARCS, NODE_POINTER, FIRST_DRAW = range(4)  # columns of `nodes`
FIRST_HOLDER, HOLDERS, ROOM, POINTER, LOW, PRICE = range(6)  # columns of `pools`
DRAW_POOL, NEXT_DRAW = range(2)  # columns of `draws`
STEP_NODE, STEP_POOL, STEP_DRAW = range(3)  # columns of `steps`


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
        low = state.way[node, LEAST]
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
            state.way[node, LEAST] = low
        state.climb[height, 0] = node
        state.climb[height, 1] = low
        height += 1
        node = state.way[node, PARENT]
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
        new = state.counters[1]
        for place in range(size):
            state.holders[new + place, 0] = state.holders[old + place, 0]
            state.holders[new + place, 1] = state.holders[old + place, 1]
        state.pools[pool, FIRST_HOLDER] = new
        state.pools[pool, ROOM] = max(4, 2 * size)
        state.counters[1] += max(4, 2 * size)
    place = state.pools[pool, FIRST_HOLDER] + size
    state.holders[place, 0] = node
    state.holders[place, 1] = draw
    state.pools[pool, HOLDERS] = size + 1
    state.counters[2] += 1


@inlined
def grow(state: State, node: int, pool: int, amount: int) -> None:
    """Add to what a node draws from a pool."""
    draw = state.nodes[node, FIRST_DRAW]
    while draw >= 0 and state.draws[draw, DRAW_POOL] != pool:
        draw = state.draws[draw, NEXT_DRAW]
    if draw < 0:
        draw = state.counters[0]
        state.counters[0] += 1
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
        state.counters[2] -= 1
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
    state.counters[3] += 1
    return amount


@inlined
def close(state: State, pool: int, level: int) -> None:
    """Take a pool that is cut off from money out of the search, at the price of this level."""
    state.label_count[state.label[pool]] -= 1
    state.label[pool] = CLOSED
    state.pools[pool, PRICE] = level
    state.counters[5] += 1


@inlined
def lift(state: State, pool: int, level: int) -> None:
    """Raise a pool's label to one more than the least that its holders reach; close what that cuts off."""
    old = state.label[pool]
    new = state.pools[pool, LOW] + 1
    state.counters[4] += 1
    if new >= len(state.label_count):
        close(state, pool, level)
    else:
        state.label_count[old] -= 1
        state.label_count[new] += 1
        state.label[pool] = new
    state.pools[pool, LOW] = CLOSED
    state.pools[pool, POINTER] = 0
    if state.label_count[old] == 0 and old >= HEIGHTS - 1:
        for other in range(len(state.pools)):
            if old < state.label[other] < CLOSED:
                close(state, other, level)


@inlined
def next_step(state: State, pool: int) -> int:
    """Return where a holder of an empty pool could draw instead, one label lower, or -1; the pointer stays at it."""
    wanted = state.label[pool] - 1
    first = state.pools[pool, FIRST_HOLDER]
    place = state.pools[pool, POINTER]
    low = state.pools[pool, LOW]
    found = -1
    while place < state.pools[pool, HOLDERS]:
        node = state.holders[first + place, 0]
        if state.reach[node] <= wanted:
            found = find(state, node, wanted)
            if found >= 0:
                break
        low = min(low, state.reach[node])
        place += 1
    state.pools[pool, LOW] = low
    state.pools[pool, POINTER] = place
    return found


@compiled
def cut_off(state: State, root: int, level: int) -> bool:
    """Close all pools within a node's reach if none has money; return whether it was so."""
    state.counters[6] += 1
    mark = state.counters[6]
    filled = 0
    front = 0
    node = root
    place = 0
    size = 0
    first = 0
    while True:
        while node >= 0 and state.node_mark[node] != mark:
            state.node_mark[node] = mark
            begin = state.nodes[node, FIRST_ARC]
            for arc in range(begin, begin + state.nodes[node, ARCS]):
                pool = state.arcs[arc]
                if state.pool_mark[pool] != mark and state.label[pool] < CLOSED:
                    if state.money[pool] > 0:
                        return False
                    state.pool_mark[pool] = mark
                    state.queue[filled] = pool
                    filled += 1
            node = state.way[node, PARENT]
        while place == size and front < filled:
            first = state.pools[state.queue[front], FIRST_HOLDER]
            size = state.pools[state.queue[front], HOLDERS]
            place = 0
            front += 1
        if place == size:
            break
        node = state.holders[first + place, 0]
        place += 1
    for position in range(filled):
        close(state, state.queue[position], level)
    return True


@inlined
def cover(state: State, root: int, gap: int, level: int) -> int:
    """Cover a node's gap as far as money can be found; return what is left of it.

    A search that has raised many labels in vain looks whether there is any money at all within reach.
    """
    lacking = gap
    raised = 0
    patience = len(state.pools) // PATIENCE
    while lacking > 0 and state.reach[root] < CLOSED:
        pool = find(state, root, state.reach[root])
        if pool < 0:
            continue
        depth = 0
        state.steps[0, STEP_NODE] = root
        while True:
            state.steps[depth, STEP_POOL] = pool
            if state.money[pool] > 0:
                lacking -= use_path(state, depth, lacking)
                raised = 0
                break
            following = next_step(state, pool)
            if following >= 0:
                depth += 1
                place = state.pools[pool, FIRST_HOLDER] + state.pools[pool, POINTER]
                state.steps[depth, STEP_NODE] = state.holders[place, 0]
                state.steps[depth, STEP_DRAW] = state.holders[place, 1]
                pool = following
                continue
            raised += 1
            if raised >= patience:
                patience *= 2
                if cut_off(state, root, level):
                    break
            lift(state, pool, level)
            if depth == 0:
                break
            depth -= 1
            pool = state.steps[depth, STEP_POOL]
            if state.label[pool] >= CLOSED:
                break
    return lacking


@inlined
def has_room(state: State) -> bool:
    """Return whether the longest path would find place for its draws and holders."""
    pools = len(state.pools)
    draws: int = state.counters[0] + pools
    holders: int = state.counters[1] + 2 * state.counters[2] + 6 * pools
    return draws < len(state.draws) and holders < len(state.holders)


@compiled
def line_up(
    order: Int64,
    level: Int64,
    need_node: Int64,
    gap: Int64,
    node_offsets: Int64,
    by_rank: Int64,
    by_node: Int64,
) -> None:
    """Write the needs that have a node by rank (node, gap, level) and by node (need, place by rank, gap, level)."""
    fresh = node_offsets[:-1].copy()
    place = 0
    for turn in range(len(order)):
        need = order[turn]
        node = need_node[need]
        if node < 0:
            continue
        by_rank[place, 0] = node
        by_rank[place, 1] = gap[need]
        by_rank[place, 2] = level[need]
        row = fresh[node]
        fresh[node] += 1
        by_node[row, 0] = need
        by_node[row, 1] = place
        by_node[row, 2] = gap[need]
        by_node[row, 3] = level[need]
        place += 1


@compiled
def serve(state: State, by_rank: Int64, covered: Int64, start: int, end: int) -> int:
    """Serve needs (node, gap, level) in order of rank; return `end`, or where more room is wanted."""
    for turn in range(start, end):
        if not has_room(state):
            return turn
        root = by_rank[turn, 0]
        if state.reach[root] < CLOSED:
            gap = by_rank[turn, 1]
            covered[root] += gap - cover(state, root, gap, by_rank[turn, 2])
    return end


@compiled
def serve_together(
    state: State, node_offsets: Int64, done: Int64, by_node: Int64, covered: Int64, end: int
) -> bool:
    """Serve all needs before place `end` node by node; False as soon as it is not plain that they can be covered.

    Rows of `by_node` are (need, place in order of rank, gap, level). Up to the row `done` a node's needs are served.
    Not plain is what closes a pool, or raises many labels for the paths that it finds.
    """
    closed = state.counters[5]
    slack = state.counters[4] - state.counters[3] // 2 + len(state.pools) // 4
    for node in range(len(covered)):
        total = 0
        row = done[node]
        while row < node_offsets[node + 1] and by_node[row, 1] < end:
            total += by_node[row, 2]
            row += 1
        done[node] = row
        if total == 0:
            continue
        if not has_room(state) or cover(state, node, total, 0) > 0:
            return False
        if state.counters[5] > closed or state.counters[4] > state.counters[3] // 2 + slack:
            return False
        covered[node] += total
    return True
