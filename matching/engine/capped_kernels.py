"""Compiled inner loops for caps: shortest augmenting paths over pairs that are never listed.

A need may draw from every live fund of every pool on its way up the region tree, at most its cap from each. A fund's
label is a lower bound on the number of other funds that have to be asked to make way before money is found: 0 while it
has money left. A lacking need turns to a fund of the least label; if that is full, one of its needs must turn to a
fund of a label less by one, and so on (shortest augmenting paths with distance labels: Ahuja and Orlin 1991). Labels
only grow. When some label has no fund left, all funds above it are cut off from money for good: a tight set, closed
and priced (the gap heuristic of Cherkassky and Goldberg 1997). Grants are records in linked lists, one per need and
one per fund.

How a need finds a fund to turn to, also by way of its household, is in `capped_ways`.
"""

from __future__ import annotations

from matching.engine.capped_tables import (
    AMOUNT,
    ARCS,
    CLOSED,
    COUNTS,
    FIRST_ARC,
    FIRST_SLOT,
    FUND_HEAD,
    FUND_POINTER,
    GAP,
    LABEL,
    LABELS,
    LACKING,
    MONEY,
    NEED,
    NEXT_OF_FUND,
    NODE,
    PARENT,
    PATHS,
    PLACE,
    POOL,
    POOL_LEAST,
    PRICE,
    RAISED,
    RECORDS,
    SHUT,
    SLOTS,
    STACK_FIRST,
    STACK_FUND,
    STACK_NEED,
    STACK_RECORD,
    STACK_WITHIN,
    State,
    grow,
    own_room,
    pair_cap,
    room,
    stamp_records,
)
from matching.engine.capped_ways import find_fund, find_way
from matching.engine.columns import Int64
from matching.engine.compiled import compiled


@compiled
def close(state: State, fund: int, level: int) -> None:
    """Take a fund of a tight set out of all lists and price it."""
    pool = state.funds[fund, POOL]
    last = state.pools[pool, FIRST_SLOT] + state.pools[pool, SLOTS] - 1
    place = state.funds[fund, PLACE]
    other = state.lists[last]
    state.lists[place] = other
    state.funds[other, PLACE] = place
    state.lists[last] = fund
    state.funds[fund, PLACE] = last
    state.pools[pool, SLOTS] -= 1
    if state.funds[fund, LABEL] < CLOSED:
        state.counters[COUNTS + state.funds[fund, LABEL]] -= 1
    state.funds[fund, LABEL] = CLOSED
    state.funds[fund, PRICE] = level
    state.counters[SHUT] += 1


@compiled
def raise_label(state: State, fund: int, label: int, level: int) -> None:
    """Give a fund a higher label; close every fund above a label that nobody has any more."""
    old = state.funds[fund, LABEL]
    if COUNTS + label >= len(state.counters):
        close(state, fund, level)
    else:
        state.counters[COUNTS + old] -= 1
        state.counters[COUNTS + label] += 1
        state.funds[fund, LABEL] = label
        state.counters[LABELS] = max(state.counters[LABELS], label + 1)
        state.counters[RAISED] += 1
    if state.counters[COUNTS + old] == 0:
        for other in range(len(state.funds)):
            if old < state.funds[other, LABEL] < CLOSED:
                close(state, other, level)


@compiled
def next_holder(state: State, fund: int, depth: int) -> int:
    """Find a need of this fund that can turn to a fund of a label less by one; return the stack's last row, or -1."""
    wanted = state.funds[fund, LABEL] - 1
    record = state.funds[fund, FUND_POINTER]
    end = -1
    while record >= 0:
        if state.records[record, AMOUNT] > 0:
            state.stack[depth, STACK_RECORD] = record
            end = find_way(state, state.records[record, NEED], wanted, depth, fund)
            if end >= 0:
                break
        record = state.records[record, NEXT_OF_FUND]
    state.funds[fund, FUND_POINTER] = record
    return end


@compiled
def use_path(state: State, root: int, depth: int, end: int, level: int) -> None:
    """Move as much as the path allows from its end to the root."""
    last_need = state.stack[depth, STACK_NEED]
    stamp_records(state, last_need)
    amount = min(state.needs[root, LACKING], state.funds[end, MONEY], room(state, last_need, end))
    for step in range(depth):
        stamp_records(state, state.stack[step, STACK_NEED])
        if state.stack[step, STACK_WITHIN]:
            space = own_room(state, state.stack[step, STACK_NEED], state.stack[step, STACK_FUND])
        else:
            space = room(state, state.stack[step, STACK_NEED], state.stack[step, STACK_FUND])
        amount = min(amount, space, state.records[state.stack[step + 1, STACK_RECORD], AMOUNT])
    stamp_records(state, last_need)
    grow(state, last_need, end, amount)
    for step in range(depth):
        state.records[state.stack[step + 1, STACK_RECORD], AMOUNT] -= amount
        stamp_records(state, state.stack[step, STACK_NEED])
        grow(state, state.stack[step, STACK_NEED], state.stack[step, STACK_FUND], amount)
    state.needs[root, LACKING] -= amount
    state.funds[end, MONEY] -= amount
    state.counters[PATHS] += 1
    if state.funds[end, MONEY] == 0:
        state.funds[end, FUND_POINTER] = state.funds[end, FUND_HEAD]
        raise_label(state, end, 1, level)


@compiled
def cover(state: State, root: int, level: int) -> bool:
    """Cover one need as far as money can be found for it; False if there was no place for records."""
    wanted = 0
    while state.needs[root, LACKING] > 0:
        if state.counters[RECORDS] + len(state.stack) >= len(state.records):
            return False
        depth = find_way(state, root, wanted, 0, -1)
        if depth < 0:
            wanted += 1
            if wanted >= state.counters[LABELS]:
                return True
            continue
        while True:
            fund = state.stack[depth, STACK_FUND]
            if state.funds[fund, LABEL] == 0:
                use_path(state, root, depth, fund, level)
                break
            if state.funds[fund, LABEL] >= CLOSED:
                break
            end = next_holder(state, fund, depth + 1)
            if end >= 0:
                depth = end
                continue
            state.funds[fund, FUND_POINTER] = state.funds[fund, FUND_HEAD]
            raise_label(state, fund, state.funds[fund, LABEL] + 1, level)
            depth = state.stack[depth, STACK_FIRST] - 1
            if depth < 0:
                break
    return True


@compiled
def serve(state: State, order: Int64, level: Int64, start: int) -> int:
    """Serve needs in this order; return -1 when done, else where to go on with more records."""
    for place in range(start, len(order)):
        need = order[place]
        if state.needs[need, NODE] >= 0 and not cover(state, need, level[need]):
            return place
    return -1


@compiled
def serve_without_rerouting(state: State, order: Int64, level: Int64) -> None:
    """Give each need in this order what funds have left, and never move a grant: for comparison."""
    for place in range(len(order)):
        root = order[place]
        if state.needs[root, NODE] < 0:
            continue
        state.stack[0, STACK_NEED] = root
        while state.needs[root, LACKING] > 0 and state.counters[RECORDS] + 1 < len(state.records):
            stamp_records(state, root)
            fund = find_fund(state, root, 0)
            if fund < 0:
                break
            use_path(state, root, 0, fund, level[root])


@compiled
def place_whole(state: State, order: Int64, placed: Int64) -> None:
    """Place needs whole, in this order, each with the fund that has most left; POOL_LEAST bounds a pool's most."""
    for position in range(len(order)):
        need = order[position]
        wanted = state.needs[need, GAP]
        node = state.needs[need, NODE]
        if state.needs[need, LACKING] <= 0 or node < 0:
            continue
        chosen = -1
        most = wanted - 1
        while node >= 0:
            for arc in range(
                state.nodes[node, FIRST_ARC], state.nodes[node, FIRST_ARC] + state.nodes[node, ARCS]
            ):
                pool = state.lists[arc]
                if state.pools[pool, POOL_LEAST] <= most:
                    continue
                start = state.pools[pool, FIRST_SLOT]
                richest = 0
                for slot in range(start, start + state.pools[pool, SLOTS]):
                    fund = state.lists[slot]
                    money = state.funds[fund, MONEY]
                    richest = max(richest, money)
                    if money > most and pair_cap(state, need, fund, 0) >= wanted:
                        chosen = fund
                        most = money
                state.pools[pool, POOL_LEAST] = richest
            node = state.nodes[node, PARENT]
        if chosen >= 0:
            placed[need] = chosen
            state.funds[chosen, MONEY] -= wanted
