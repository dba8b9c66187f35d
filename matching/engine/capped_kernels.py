"""Compiled inner loops for caps: shortest augmenting paths over pairs that are never listed.

A need may draw from every live fund of every pool on its way up the region tree, at most its cap from each. A fund's
label is a lower bound on the number of other funds that have to be asked to make way before money is found: 0 while it
has money left. A lacking need turns to a fund of the least label; if that is full, one of its needs must turn to a
fund of a label less by one, and so on (shortest augmenting paths with distance labels: Ahuja and Orlin 1991). Labels
only grow. When some label has no fund left, all funds above it are cut off from money for good: a tight set, closed
and priced (the gap heuristic of Cherkassky and Goldberg 1997). Grants are records in linked lists, one per need and
one per fund.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import njit

NO_LEVEL = 1 << 60
CLOSED = 1 << 30

State = namedtuple(  # noqa: PYI024 - compiled code takes plain named tuples of arrays
    "State",
    "need_node gap required lacking household_permille need_head "  # per need
    "parent arc_offsets arcs arc_count node_least node_pointer "  # per node
    "pool_offsets slots slot_count pool_least "  # per pool
    "fund_pool place label money case_cap share_cap household_cap minimum available price_level "  # per fund
    "fund_head fund_pointer stamp stamp_record "
    "record_need record_fund record_amount record_base record_need_next record_fund_next "
    "label_count counters stack_need stack_fund stack_in",
)
"""`counters`: 0 records in use, 1 paths used, 2 labels raised, 3 funds closed, 4 one more than the highest label."""


@njit(cache=True)
def pair_cap(state, need, fund):  # type: ignore[no-untyped-def]
    """Return how much this fund may give to this need in all; 0 if that is below the minimum."""
    cap = state.gap[need]
    if state.case_cap[fund] > 0:
        cap = min(cap, state.case_cap[fund])
    if state.share_cap[fund] > 0:
        cap = min(cap, state.required[need] * state.share_cap[fund] // 1000)
    if state.household_cap[fund] > 0:
        cap = min(cap, state.household_cap[fund] * state.household_permille[need] // 1000)
    floor = min(state.minimum[fund], state.gap[need])
    if cap < floor or state.available[fund] < floor:
        return 0
    return cap


@njit(cache=True)
def stamp_records(state, need):  # type: ignore[no-untyped-def]
    """Note for each fund of this need which record it has, until another need is stamped over it."""
    record = state.need_head[need]
    while record >= 0:
        fund = state.record_fund[record]
        state.stamp[fund] = need
        state.stamp_record[fund] = record
        record = state.record_need_next[record]


@njit(cache=True)
def room(state, need, fund):  # type: ignore[no-untyped-def]
    """Return by how much the stamped need's grant from this fund may grow."""
    cap = pair_cap(state, need, fund)
    if cap > 0 and state.stamp[fund] == need:
        record = state.stamp_record[fund]
        cap -= state.record_amount[record] + state.record_base[record]
    return cap


@njit(cache=True)
def grow(state, need, fund, amount):  # type: ignore[no-untyped-def]
    """Add an amount to the stamped need's grant from this fund, in a new record if it has none."""
    if state.stamp[fund] == need:
        record = state.stamp_record[fund]
    else:
        record = state.counters[0]
        state.counters[0] += 1
        state.record_need[record] = need
        state.record_fund[record] = fund
        state.record_amount[record] = 0
        state.record_base[record] = 0
        state.record_need_next[record] = state.need_head[need]
        state.need_head[need] = record
        state.record_fund_next[record] = state.fund_head[fund]
        state.fund_head[fund] = record
        state.stamp[fund] = need
        state.stamp_record[fund] = record
    state.record_amount[record] += amount
    return record


@njit(cache=True)
def find_in_pool(state, need, pool, most):  # type: ignore[no-untyped-def]
    """Return a fund of label at most `most` with room, or -1; note the least label of a pool seen whole."""
    start = state.pool_offsets[pool]
    least = CLOSED
    for slot in range(start, start + state.slot_count[pool]):
        fund = state.slots[slot]
        label = state.label[fund]
        least = min(least, label)
        if label <= most and room(state, need, fund) > 0:
            other = state.slots[start]
            state.slots[slot] = other
            state.place[other] = slot
            state.slots[start] = fund
            state.place[fund] = start
            return fund
    state.pool_least[pool] = least
    return -1


@njit(cache=True)
def find_fund(state, need, most):  # type: ignore[no-untyped-def]
    """Return a fund of label at most `most` with room for the stamped need, nearest region first, or -1."""
    node = state.need_node[need]
    while node >= 0:
        if state.node_least[node] <= most:
            first = state.arc_offsets[node]
            pointer = state.node_pointer[node]
            wrapped = False
            least = CLOSED
            step = 0
            while step < state.arc_count[node]:
                if pointer >= state.arc_count[node]:
                    pointer = 0
                    wrapped = True
                pool = state.arcs[first + pointer]
                if state.slot_count[pool] == 0 and not wrapped:  # after it, `last` would be an arc already seen
                    last = first + state.arc_count[node] - 1
                    state.arcs[first + pointer] = state.arcs[last]
                    state.arcs[last] = pool
                    state.arc_count[node] -= 1
                    continue
                if state.pool_least[pool] <= most:
                    fund = find_in_pool(state, need, pool, most)
                    if fund >= 0:
                        state.node_pointer[node] = pointer
                        return fund
                least = min(least, state.pool_least[pool])
                pointer += 1
                step += 1
            state.node_least[node] = least
        node = state.parent[node]
    return -1


@njit(cache=True)
def close(state, fund, level):  # type: ignore[no-untyped-def]
    """Take a fund of a tight set out of all lists and price it."""
    pool = state.fund_pool[fund]
    last = state.pool_offsets[pool] + state.slot_count[pool] - 1
    place = state.place[fund]
    other = state.slots[last]
    state.slots[place] = other
    state.place[other] = place
    state.slots[last] = fund
    state.place[fund] = last
    state.slot_count[pool] -= 1
    if state.label[fund] < CLOSED:
        state.label_count[state.label[fund]] -= 1
    state.label[fund] = CLOSED
    state.price_level[fund] = level
    state.counters[3] += 1


@njit(cache=True)
def raise_label(state, fund, label, level):  # type: ignore[no-untyped-def]
    """Give a fund a higher label; close every fund above a label that nobody has any more."""
    old = state.label[fund]
    if label >= len(state.label_count):
        close(state, fund, level)
    else:
        state.label_count[old] -= 1
        state.label_count[label] += 1
        state.label[fund] = label
        state.counters[4] = max(state.counters[4], label + 1)
        state.counters[2] += 1
    if state.label_count[old] == 0:
        for other in range(len(state.label)):
            if old < state.label[other] < CLOSED:
                close(state, other, level)


@njit(cache=True)
def next_holder(state, fund):  # type: ignore[no-untyped-def]
    """Return the record of a need of this fund that can turn to a fund of a label less by one, or -1."""
    wanted = state.label[fund] - 1
    record = state.fund_pointer[fund]
    while record >= 0:
        if state.record_amount[record] > 0:
            holder = state.record_need[record]
            stamp_records(state, holder)
            if find_fund(state, holder, wanted) >= 0:
                break
        record = state.record_fund_next[record]
    state.fund_pointer[fund] = record
    return record


@njit(cache=True)
def use_path(state, root, depth, end, level):  # type: ignore[no-untyped-def]
    """Move as much as the path allows from its end to the root."""
    last_need = state.stack_need[depth]
    stamp_records(state, last_need)
    amount = min(state.lacking[root], state.money[end], room(state, last_need, end))
    for step in range(depth):
        stamp_records(state, state.stack_need[step])
        space = room(state, state.stack_need[step], state.stack_fund[step])
        amount = min(amount, space, state.record_amount[state.stack_in[step + 1]])
    stamp_records(state, last_need)
    grow(state, last_need, end, amount)
    for step in range(depth):
        state.record_amount[state.stack_in[step + 1]] -= amount
        stamp_records(state, state.stack_need[step])
        grow(state, state.stack_need[step], state.stack_fund[step], amount)
    state.lacking[root] -= amount
    state.money[end] -= amount
    state.counters[1] += 1
    if state.money[end] == 0:
        state.fund_pointer[end] = state.fund_head[end]
        raise_label(state, end, 1, level)


@njit(cache=True)
def cover(state, root, level):  # type: ignore[no-untyped-def]
    """Cover one need as far as money can be found for it; False if there was no place for records."""
    wanted = 0
    while state.lacking[root] > 0:
        if state.counters[0] + len(state.stack_need) >= len(state.record_need):
            return False
        state.stack_need[0] = root
        stamp_records(state, root)
        fund = find_fund(state, root, wanted)
        if fund < 0:
            wanted += 1
            if wanted >= state.counters[4]:
                return True
            continue
        if state.label[fund] == 0:
            use_path(state, root, 0, fund, level)
            continue
        depth = 0
        while True:
            state.stack_fund[depth] = fund
            record = next_holder(state, fund)
            if record < 0:
                state.fund_pointer[fund] = state.fund_head[fund]
                raise_label(state, fund, state.label[fund] + 1, level)
                if depth == 0:
                    break
                depth -= 1
                fund = state.stack_fund[depth]
                if state.label[fund] >= CLOSED:
                    break
                continue
            depth += 1
            state.stack_need[depth] = state.record_need[record]
            state.stack_in[depth] = record
            stamp_records(state, state.stack_need[depth])
            end = find_fund(state, state.stack_need[depth], state.label[fund] - 1)
            if state.label[end] == 0:
                use_path(state, root, depth, end, level)
                break
            fund = end
    return True


@njit(cache=True)
def serve(state, order, level, start):  # type: ignore[no-untyped-def]
    """Serve needs in this order; return -1 when done, else where to go on with more records."""
    for place in range(start, len(order)):
        need = order[place]
        if state.need_node[need] >= 0 and not cover(state, need, level[need]):
            return place
    return -1
