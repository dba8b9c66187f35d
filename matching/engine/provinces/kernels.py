"""Compiled loops of the division by province: the exchange between bands, and the start from grants that stand."""

from __future__ import annotations

from matching.engine.capped_kernels import close
from matching.engine.capped_tables import (
    COUNTS,
    FUND_HEAD,
    FUND_POINTER,
    LABEL,
    LABELS,
    LACKING,
    MONEY,
    POOL,
    State,
    grow,
    stamp_records,
)
from matching.engine.columns import Bool, Int64
from matching.engine.compiled import compiled


@compiled
def exchange(lacking: Int64, money: Int64, admits: Bool, reach: Bool, goes: Int64, taken: Int64) -> None:
    """Give what is lacking, earliest band first, the money that serves the latest one; note whereto and wherefrom."""
    bands, parts, attributes = lacking.shape
    for band in range(bands):
        for part in range(parts):
            for attribute in range(attributes):
                wanted = lacking[band, part, attribute]
                latest = bands
                while wanted > 0 and latest > band:
                    found = -1
                    for kind in range(len(admits)):
                        if money[kind, latest] > 0 and admits[kind, attribute] and reach[kind, part]:
                            found = kind
                            break
                    if found < 0:
                        latest -= 1
                        continue
                    amount = min(wanted, money[found, latest])
                    money[found, latest] -= amount
                    taken[found, latest] += amount
                    goes[found, part] += amount
                    wanted -= amount


@compiled
def stand(state: State, need: Int64, fund: Int64, amount: Int64, ends: Int64, before: int) -> None:
    """Put grants into a fresh state, close the funds that end before a level, and label those without money."""
    for grant in range(len(need)):
        stamp_records(state, need[grant])
        grow(state, need[grant], fund[grant], amount[grant])
        state.needs[need[grant], LACKING] -= amount[grant]
        state.funds[fund[grant], MONEY] -= amount[grant]
    for row in range(len(state.funds)):
        if ends[row] < before and state.funds[row, POOL] >= 0:
            close(state, row, ends[row])
        elif state.funds[row, MONEY] == 0 and state.funds[row, LABEL] == 0:
            state.funds[row, FUND_POINTER] = state.funds[row, FUND_HEAD]
            state.funds[row, LABEL] = 1
            state.counters[COUNTS] -= 1
            state.counters[COUNTS + 1] += 1
            state.counters[LABELS] = max(state.counters[LABELS], 2)
