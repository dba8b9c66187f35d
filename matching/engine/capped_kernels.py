"""Compiled inner loops for caps: shortest augmenting paths over pairs that are never listed.

A need may draw from every live fund of every pool on its way up the region tree, at most its cap from each. A fund's
label is a lower bound on the number of other funds that have to be asked to make way before money is found: 0 while it
has money left. A lacking need turns to a fund of the least label; if that is full, one of its needs must turn to a
fund of a label less by one, and so on (shortest augmenting paths with distance labels: Ahuja and Orlin 1991). Labels
only grow. When some label has no fund left, all funds above it are cut off from money for good: a tight set, closed
and priced (the gap heuristic of Cherkassky and Goldberg 1997). Grants are records in linked lists, one per need and
one per fund.

Where needs share a household whose grants a fund caps together, a need may also take over a grant of another need of
its household, which then turns elsewhere: a step of length 0, since no fund makes way (`find_way`). The search is that
of the network fund → household of the fund → need, so it stays exact.
"""

from __future__ import annotations

from matching.engine.capped_tables import (
    AMOUNT,
    ARCS,
    CLOSED,
    COUNTS,
    FIRST_ARC,
    FIRST_SLOT,
    FUND,
    FUND_HEAD,
    FUND_POINTER,
    GAP,
    HOME_GIVEN,
    HOUSEHOLD_CAP,
    LABEL,
    LABELS,
    LACKING,
    LEAST,
    MONEY,
    NEED,
    NEED_HEAD,
    NEXT,
    NEXT_OF_FUND,
    NEXT_OF_NEED,
    NODE,
    NODE_LEAST,
    NODE_POINTER,
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
    STEP_FROM,
    STEP_FUND,
    STEP_NEED,
    STEP_RECORD,
    STEPS,
    State,
    grow,
    is_admitted,
    is_alone,
    own_room,
    pair_cap,
    room,
    stamp_records,
)
from matching.engine.columns import Int64
from matching.engine.compiled import compiled, inlined


@inlined
def find_in_pool(state: State, need: int, pool: int, most: int) -> int:
    """Return a fund of label at most `most` with room, or -1; note the least label of a pool seen whole."""
    start = state.pools[pool, FIRST_SLOT]
    least = CLOSED
    for slot in range(start, start + state.pools[pool, SLOTS]):
        fund: int = state.lists[slot]
        label = state.funds[fund, LABEL]
        least = min(least, label)
        if label <= most and room(state, need, fund) > 0:
            other = state.lists[start]
            state.lists[slot] = other
            state.funds[other, PLACE] = slot
            state.lists[start] = fund
            state.funds[fund, PLACE] = start
            return fund
    state.pools[pool, POOL_LEAST] = least
    return -1


@compiled
def find_fund(state: State, need: int, most: int) -> int:
    """Return a fund of label at most `most` with room for the stamped need, nearest region first, or -1."""
    node = state.needs[need, NODE]
    while node >= 0:
        if state.nodes[node, NODE_LEAST] <= most:
            first = state.nodes[node, FIRST_ARC]
            pointer = state.nodes[node, NODE_POINTER]
            wrapped = False
            least = CLOSED
            step = 0
            while step < state.nodes[node, ARCS]:
                if pointer >= state.nodes[node, ARCS]:
                    pointer = 0
                    wrapped = True
                pool = state.lists[first + pointer]
                if (
                    state.pools[pool, SLOTS] == 0 and not wrapped
                ):  # after it, `last` would be an arc already seen
                    last = first + state.nodes[node, ARCS] - 1
                    state.lists[first + pointer] = state.lists[last]
                    state.lists[last] = pool
                    state.nodes[node, ARCS] -= 1
                    continue
                if state.pools[pool, POOL_LEAST] <= most:
                    fund = find_in_pool(state, need, pool, most)
                    if fund >= 0:
                        state.nodes[node, NODE_POINTER] = pointer
                        return fund
                least = min(least, state.pools[pool, POOL_LEAST])
                pointer += 1
                step += 1
            state.nodes[node, NODE_LEAST] = least
        node = state.nodes[node, PARENT]
    return -1


@compiled
def may_reach(state: State, need: int, most: int) -> bool:
    """Return whether any node on a need's way up may have a fund of label at most `most`."""
    node = state.needs[need, NODE]
    while node >= 0 and state.nodes[node, NODE_LEAST] > most:
        node = state.nodes[node, PARENT]
    return bool(node >= 0)


@compiled
def find_way(state: State, need: int, most: int, depth: int, asked: int) -> int:
    """Write into the stack, from `depth` on, how the need reaches a fund of label at most `most`; return the last row.

    -1 if there is no way: neither by itself nor through others of its household. `asked` is the fund that asks it to
    make way, or -1: others of the household that hold grants of this one are asked by it themselves.
    """
    state.stack[depth, STACK_NEED] = need
    state.stack[depth, STACK_FIRST] = depth
    state.stack[depth, STACK_WITHIN] = 0
    alone = is_alone(state, need)
    if not alone and state.needs[need, LEAST] > most:
        return -1
    if may_reach(state, need, most):
        stamp_records(state, need)
        fund = find_fund(state, need, most)
        if fund >= 0:
            state.stack[depth, STACK_FUND] = fund
            return depth
    elif not alone:
        stamp_records(state, need)
    if alone:
        return -1
    return _find_within(state, need, most, depth, asked)


@compiled
def _find_within(state: State, need: int, most: int, depth: int, asked: int) -> int:
    """Look for a way through the needs of the household whose grants this need could take over (breadth first)."""
    first = state.counters[STEPS]
    state.stack[first, STEP_NEED] = need
    state.stack[first, STEP_FROM] = -1
    reached = first + 1
    at = first
    while at < reached:
        here = state.stack[at, STEP_NEED]
        if at > first:
            stamp_records(state, here)
            fund = find_fund(state, here, most)
            if fund >= 0:
                return _write_steps(state, at, fund, depth)
        other = state.needs[here, NEXT]
        while other != here:
            if state.needs[other, LEAST] <= most and not _is_reached(state, other, reached):
                record = _to_take_over(state, here, other, asked)
                if record >= 0:
                    state.stack[reached, STEP_NEED] = other
                    state.stack[reached, STEP_FROM] = at
                    state.stack[reached, STEP_FUND] = state.records[record, FUND]
                    state.stack[reached, STEP_RECORD] = record
                    reached += 1
            other = state.needs[other, NEXT]
        at += 1
    if asked < 0 or state.funds[asked, HOME_GIVEN] == state.records[state.stack[depth, STACK_RECORD], AMOUNT]:
        for at in range(first, reached):
            state.needs[state.stack[at, STEP_NEED], LEAST] = most + 1
    return -1


@compiled
def _is_reached(state: State, need: int, reached: int) -> bool:
    """Return whether a need stands among the steps before this row."""
    at: int = state.counters[STEPS]
    while at < reached and state.stack[at, STEP_NEED] != need:
        at += 1
    return at < reached


@compiled
def _to_take_over(state: State, need: int, other: int, asked: int) -> int:
    """Return the grant of another need of which the stamped one of its household could take over most, or -1.

    No grant of the fund `asked`.
    """
    record = state.needs[other, NEED_HEAD]
    chosen = -1
    most = 0
    while record >= 0:
        fund = state.records[record, FUND]
        if (
            state.records[record, AMOUNT] > most
            and fund != asked
            and state.funds[fund, HOUSEHOLD_CAP] > 0
            and state.funds[fund, LABEL] < CLOSED
            and is_admitted(state, need, fund)
        ):
            amount = min(state.records[record, AMOUNT], own_room(state, need, fund))
            if amount > most:
                most = amount
                chosen = record
        record = state.records[record, NEXT_OF_NEED]
    return chosen


@compiled
def _write_steps(state: State, last: int, fund: int, depth: int) -> int:
    """Write the steps that lead to this one into the stack, the last with the fund that it reached."""
    length = 0
    at = last
    while state.stack[at, STEP_FROM] >= 0:
        at = state.stack[at, STEP_FROM]
        length += 1
    end = depth + length
    at = last
    for row in range(end, depth - 1, -1):
        state.stack[row, STACK_NEED] = state.stack[at, STEP_NEED]
        state.stack[row, STACK_FIRST] = depth
        if row == end:
            state.stack[row, STACK_FUND] = fund
            state.stack[row, STACK_WITHIN] = 0
        if row > depth:
            state.stack[row, STACK_RECORD] = state.stack[at, STEP_RECORD]
            state.stack[row - 1, STACK_FUND] = state.stack[at, STEP_FUND]
            state.stack[row - 1, STACK_WITHIN] = 1
            at = state.stack[at, STEP_FROM]
    return end


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
