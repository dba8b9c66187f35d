"""The tables of the search with caps, and the compiled functions that read and change one entry of them."""

from __future__ import annotations

from typing import NamedTuple

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled
from matching.engine.model import WHOLE_NEED

NO_LEVEL = 1 << 60
CLOSED = 1 << 30


class State(NamedTuple):
    """Tables of int64 with one row per need, node, pool, fund, record and step of a path.

    `arcs` lists the pools of each node, `slots` the funds of each pool. `promised` has the fen that stand promised, to
    the need and to its household; its row 0 is for those to whom nothing is.
    """

    needs: Int64
    nodes: Int64
    pools: Int64
    funds: Int64
    records: Int64
    promised: Int64
    stack: Int64
    arcs: Integers
    slots: Integers
    label_count: Int64
    counters: Int64


NODE, GAP, REQUIRED, LACKING, PERMILLE, NEED_HEAD = range(6)  # columns of `needs`
PARENT, FIRST_ARC, ARCS, NODE_LEAST, NODE_POINTER = range(5)  # columns of `nodes`
FIRST_SLOT, SLOTS, POOL_LEAST = range(3)  # columns of `pools`
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
) = range(14)  # columns of `funds`
NEED, FUND, AMOUNT, PROMISED, NEXT_OF_NEED, NEXT_OF_FUND = range(6)  # columns of `records`
STACK_NEED, STACK_FUND, STACK_RECORD = range(3)  # columns of `stack`
TO_NEED, TO_HOUSEHOLD = range(2)  # columns of `promised`
RECORDS, PATHS, RAISED, SHUT, LABELS = range(
    5
)  # `counters`: of records, paths, labels raised, funds closed; one more
# than the highest label


@compiled
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
        left = state.funds[fund, HOUSEHOLD_CAP] - state.promised[promised, TO_HOUSEHOLD]
        cap = min(cap, left * state.needs[need, PERMILLE] // 1000)
    floor = state.funds[fund, MINIMUM]
    if floor == WHOLE_NEED:
        floor = state.needs[need, GAP]
    if cap < max(floor, 1) or state.funds[fund, AVAILABLE] < floor:
        return 0
    return cap


@compiled
def stamp_records(state: State, need: int) -> None:
    """Note for each fund of this need which record it has, until another need is stamped over it."""
    record = state.needs[need, NEED_HEAD]
    while record >= 0:
        fund = state.records[record, FUND]
        state.funds[fund, STAMP] = need
        state.funds[fund, STAMP_RECORD] = record
        record = state.records[record, NEXT_OF_NEED]


@compiled
def room(state: State, need: int, fund: int) -> int:
    """Return by how much the stamped need's grant from this fund may grow."""
    if state.funds[fund, STAMP] != need:
        return pair_cap(state, need, fund, 0)
    record: int = state.funds[fund, STAMP_RECORD]
    cap: int = pair_cap(state, need, fund, state.records[record, PROMISED]) - state.records[record, AMOUNT]
    return cap


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
