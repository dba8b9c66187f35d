"""Compiled inner loops without caps: shortest augmenting paths between nodes and pools, in order of rank.

A node draws from any pool on its way up the region tree, as much as it likes. What it draws is kept as a *draw* (node,
pool, fen); a pool knows its *holders*, the nodes that draw from it. A pool's label is a lower bound of how many other
pools have to make way before money is found (Ahuja and Orlin 1991); pools with money start at the height of their
region, so that money bound to a place goes before money that could help anybody. `reach` is a lower bound of the least
label on a node's way up. Labels only grow. When one has no pool left, all above it are cut off from money: closed for
good, at the level being served (gap rule: Cherkassky and Goldberg 1997); so is a node's reach that holds no money.
"""

from __future__ import annotations

from matching.engine.ascent_tables import (
    ARCS,
    CLOSED,
    CUTS,
    DRAWS,
    FIRST_ARC,
    FIRST_HOLDER,
    HEIGHTS,
    HELD,
    HOLDER_PLACES,
    HOLDERS,
    LOW,
    PARENT,
    PATHS,
    POINTER,
    PRICE,
    RAISED,
    SHUT,
    STEP_DRAW,
    STEP_NODE,
    STEP_POOL,
    State,
    find,
    use_path,
)
from matching.engine.columns import Int64
from matching.engine.compiled import compiled, inlined

PATIENCE = 4
"""After raising one label for every so many pools in vain, a search looks whether there is money in reach at all."""


@inlined
def close(state: State, pool: int, level: int) -> None:
    """Take a pool that is cut off from money out of the search, at the price of this level."""
    state.label_count[state.label[pool]] -= 1
    state.label[pool] = CLOSED
    state.pools[pool, PRICE] = level
    state.counters[SHUT] += 1


@inlined
def lift(state: State, pool: int, level: int) -> None:
    """Raise a pool's label to one more than the least that its holders reach; close what that cuts off."""
    old = state.label[pool]
    new = state.pools[pool, LOW] + 1
    state.counters[RAISED] += 1
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
    state.counters[CUTS] += 1
    mark = state.counters[CUTS]
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
            node = state.nodes[node, PARENT]
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
    draws: int = state.counters[DRAWS] + pools
    holders: int = state.counters[HOLDER_PLACES] + 2 * state.counters[HELD] + 6 * pools
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
    closed = state.counters[SHUT]
    slack = state.counters[RAISED] - state.counters[PATHS] // 2 + len(state.pools) // 4
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
        if state.counters[SHUT] > closed or state.counters[RAISED] > state.counters[PATHS] // 2 + slack:
            return False
        covered[node] += total
    return True
