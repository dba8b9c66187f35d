"""Compiled inner loops for caps: how a lacking need finds a fund to turn to.

Where needs share a household whose grants a fund caps together, a need may also take over a grant of another need of
its household, which then turns elsewhere: a step of length 0, since no fund makes way (`find_way`). The search is that
of the network fund → household of the fund → need, so it stays exact.
"""

from __future__ import annotations

from matching.engine.capped_tables import (
    AMOUNT,
    ARCS,
    CLOSED,
    FIRST_ARC,
    FIRST_SLOT,
    FUND,
    HOME_GIVEN,
    HOUSEHOLD_CAP,
    LABEL,
    LEAST,
    NEED_HEAD,
    NEXT,
    NEXT_OF_NEED,
    NODE,
    NODE_LEAST,
    NODE_POINTER,
    PARENT,
    PLACE,
    POOL_LEAST,
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
    is_admitted,
    is_alone,
    own_room,
    room,
    stamp_records,
)
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
