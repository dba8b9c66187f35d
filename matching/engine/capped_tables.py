"""The tables of the search with caps, and the compiled functions that read and change one entry of them."""

from __future__ import annotations

from typing import NamedTuple

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled, inlined
from matching.engine.model import WHOLE_NEED

NO_LEVEL = 1 << 60
CLOSED = 1 << 30


class State(NamedTuple):
    """Tables of int64 with one row per need, node, pool, fund, record and step of a path.

    `lists` has the funds of each pool, then the pools of each node. `promised` has the fen that stand promised, to the
    need and to its household; its row 0 is for those to whom nothing is. `needs` has all its columns only where needs
    share a household that some fund caps; `charters` tell then whether a fund admits a need: regions of pools, and bits
    of attributes. The last rows of `stack` are for steps within a household. Arrays are few: each call passes all.
    """

    needs: Int64
    nodes: Int64
    pools: Int64
    funds: Int64
    records: Int64
    promised: Int64
    stack: Int64
    lists: Integers
    counters: Int64
    charters: Int64


NODE, GAP, REQUIRED, LACKING, NEED_HEAD, NEXT, LEAST, REGION, ATTRIBUTE = range(9)  # columns of `needs`
ALONE = NEXT  # so many columns where no household is shared; NEXT leads around it, LEAST is the least label in reach
PARENT, FIRST_ARC, ARCS, NODE_LEAST, NODE_POINTER = range(5)  # columns of `nodes`
FIRST_SLOT, SLOTS, POOL_LEAST, FIRST_REGION, REGIONS, ADMITS = range(6)  # columns of `pools`
(
    POOL,
    PLACE,
    LABEL,
    MONEY,
    CASE_CAP,
    SHARE_CAP,
    HOUSEHOLD_CAP,
    MINIMUM,
    AVAILABLE,
    PRICE,
    FUND_HEAD,
    FUND_POINTER,
    STAMP,
    STAMP_RECORD,
    HOME_STAMP,
    HOME_GIVEN,
) = range(16)  # columns of `funds`
NEED, FUND, AMOUNT, PROMISED, NEXT_OF_NEED, NEXT_OF_FUND = range(6)  # columns of `records`
STACK_NEED, STACK_FUND, STACK_RECORD, STACK_FIRST, STACK_WITHIN = range(5)  # columns of `stack`
STEP_NEED, STEP_FROM, STEP_FUND, STEP_RECORD = range(4)  # columns of its last rows
TO_NEED, TO_HOUSEHOLD = range(2)  # columns of `promised`
RECORDS, PATHS, RAISED, SHUT, LABELS, STAMPS, STEPS, COUNTS = range(8)
# `counters`: of records, paths, labels raised, funds closed; one more than the highest label; of households stamped;
# the first row of `stack` for steps; from COUNTS on the number of funds of each label
WORD = 62  # bits of attributes in a number of `charters`


@inlined
def is_alone(state: State, need: int) -> bool:
    """Return whether a need has its household, as far as any fund caps it, to itself."""
    alone: bool = state.needs.shape[1] == ALONE or state.needs[need, NEXT] == need
    return alone


@inlined
def pair_cap(state: State, need: int, fund: int, promised: int) -> int:
    """Return how much more than what is promised a fund may give to a need; 0 if that is below the minimum.

    `promised` is a row of the table of that name.
    """
    to_need = state.promised[promised, TO_NEED]
    cap: int = state.needs[need, GAP]
    if state.funds[fund, CASE_CAP] > 0:
        cap = min(cap, state.funds[fund, CASE_CAP] - to_need)
    if state.funds[fund, SHARE_CAP] > 0:
        cap = min(cap, state.needs[need, REQUIRED] * state.funds[fund, SHARE_CAP] // 1000 - to_need)
    if state.funds[fund, HOUSEHOLD_CAP] > 0:
        cap = min(cap, state.funds[fund, HOUSEHOLD_CAP] - state.promised[promised, TO_HOUSEHOLD])
    floor = state.funds[fund, MINIMUM]
    if floor == WHOLE_NEED:
        floor = state.needs[need, GAP]
    if cap < max(floor, 1) or state.funds[fund, AVAILABLE] < floor:
        return 0
    return cap


@compiled
def stamp_records(state: State, need: int) -> None:
    """Note for each fund of this need which record it has, until another need is stamped over it.

    And what each fund gives to the need's household, if there are others in it.
    """
    record = state.needs[need, NEED_HEAD]
    while record >= 0:
        fund = state.records[record, FUND]
        state.funds[fund, STAMP] = need
        state.funds[fund, STAMP_RECORD] = record
        record = state.records[record, NEXT_OF_NEED]
    if not is_alone(state, need):
        stamp_household(state, need)


@compiled
def stamp_household(state: State, need: int) -> None:
    """Note for each fund what it gives to the household, until another is stamped."""
    state.counters[STAMPS] += 1
    stamp = state.counters[STAMPS]
    member = need
    while True:
        record = state.needs[member, NEED_HEAD]
        while record >= 0:
            fund = state.records[record, FUND]
            if state.funds[fund, HOME_STAMP] != stamp:
                state.funds[fund, HOME_STAMP] = stamp
                state.funds[fund, HOME_GIVEN] = 0
            state.funds[fund, HOME_GIVEN] += state.records[record, AMOUNT]
            record = state.records[record, NEXT_OF_NEED]
        member = state.needs[member, NEXT]
        if member == need:
            return


@inlined
def own_room(state: State, need: int, fund: int) -> int:
    """Return by how much the stamped need's grant from this fund may grow if its household's others give way."""
    promised = given = 0
    if state.funds[fund, STAMP] == need:
        record = state.funds[fund, STAMP_RECORD]
        promised, given = state.records[record, PROMISED], state.records[record, AMOUNT]
    cap: int = pair_cap(state, need, fund, promised) - given
    return cap


@inlined
def room(state: State, need: int, fund: int) -> int:
    """Return by how much the stamped need's grant from this fund may grow."""
    cap: int = own_room(state, need, fund)
    if state.funds[fund, HOUSEHOLD_CAP] == 0 or cap <= 0 or is_alone(state, need):
        return cap
    if state.funds[fund, HOME_STAMP] != state.counters[STAMPS]:
        return cap
    promised = 0
    if state.funds[fund, STAMP] == need:
        promised = state.records[state.funds[fund, STAMP_RECORD], PROMISED]
    left: int = state.funds[fund, HOUSEHOLD_CAP] - state.promised[promised, TO_HOUSEHOLD]
    given: int = state.funds[fund, HOME_GIVEN]
    return min(cap, left - given)


@compiled
def is_admitted(state: State, need: int, fund: int) -> bool:
    """Return whether the fund's charter admits a need that shares a household."""
    pool, attribute = state.funds[fund, POOL], state.needs[need, ATTRIBUTE]
    if not state.charters[state.pools[pool, ADMITS] + attribute // WORD] >> attribute % WORD & 1:
        return False
    first = state.pools[pool, FIRST_REGION]
    for row in range(first, first + state.pools[pool, REGIONS]):
        step = 100 ** (state.charters[row] % 4)
        if state.needs[need, REGION] // step == state.charters[row] // 4 // step:
            return True
    return False


@compiled
def grow(state: State, need: int, fund: int, amount: int) -> int:
    """Add an amount to the stamped need's grant from this fund, in a new record if it has none."""
    if state.funds[fund, STAMP] == need:
        record: int = state.funds[fund, STAMP_RECORD]
    else:
        record = state.counters[RECORDS]
        state.counters[RECORDS] += 1
        state.records[record, NEED] = need
        state.records[record, FUND] = fund
        state.records[record, AMOUNT] = 0
        state.records[record, PROMISED] = 0
        state.records[record, NEXT_OF_NEED] = state.needs[need, NEED_HEAD]
        state.needs[need, NEED_HEAD] = record
        state.records[record, NEXT_OF_FUND] = state.funds[fund, FUND_HEAD]
        state.funds[fund, FUND_HEAD] = record
        state.funds[fund, STAMP] = need
        state.funds[fund, STAMP_RECORD] = record
    state.records[record, AMOUNT] += amount
    return record
