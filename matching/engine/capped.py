"""Cash with caps at full size: exact maximum flow block by block of ranks, without listing the pairs.

Caps on pairs, and on the household of a fund, keep the coverage vectors a polymatroid, so serving needs in order of
rank with augmenting paths is optimal; only the compression into pools breaks. Needs are served in blocks of ranks:
first from funds with money left, then along augmenting paths (see `capped_kernels`). When a block finds no more paths,
the funds that its short needs reach are a minimum cut: full, closed for good, and priced at the block's level. So the
search shrinks as it goes, the coverage of every prefix of blocks is maximal, and the cuts certify it (see
`certificate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, funds_in_order, prepare
from matching.engine.eligibility import Promised
from matching.engine.households import Together
from matching.engine.model import CashInstance
from matching.engine.ranks import NEVER

if TYPE_CHECKING:
    from matching.engine.capped_tables import State


@dataclass(frozen=True, slots=True)
class CappedRun:
    """The allocation with counts that say how hard it was."""

    allocation: Allocation
    paths: int
    labels_raised: int


GRANTS_A_NEED = 4
"""Room for so many is set aside, since growing would need twice as much; what is never written takes no memory."""
Earlier = tuple[int, int]
"""Fen promised to a need, and to its household (to the need itself where it has none)."""


def earlier_promises(instance: CashInstance) -> dict[tuple[int, int], Earlier]:
    """Return, for (fund, need), what was promised; only pairs whose caps it lowers."""
    promised = Promised.of(instance)
    found = {pair: (amount, amount) for pair, amount in promised.by_pair.items()}
    if not promised.by_household:
        return found
    members: dict[int, list[int]] = {}
    wanted = {household for _, household in promised.by_household}
    for need, household in enumerate(instance.needs.household.tolist()):
        if household in wanted:
            members.setdefault(household, []).append(need)
    for (fund, household), amount in promised.by_household.items():
        if not instance.funds.per_household_cap_fen[fund]:
            continue
        for need in members.get(household, []):
            found[fund, need] = (promised.by_pair.get((fund, need), 0), amount)
    return found


def build_state(instance: CashInstance, ready: Prepared, records: int) -> State:
    """Return the tables on which the compiled loops work, with room for so many grants, a search and all promises."""
    from matching.engine.capped_tables import CLOSED, COUNTS, LABELS, NO_LEVEL, STEPS, State

    earlier, together = earlier_promises(instance), Together.of(instance, ready.network)
    needs, funds, network = instance.needs, instance.funds, ready.network
    fund_of, pool_offsets = funds_in_order(instance, network)
    place = np.full(len(funds), -1, dtype=np.int64)
    place[fund_of] = np.arange(len(fund_of))
    arc_count = np.diff(network.arc_offsets)
    usable = network.fund_pool >= 0
    steps = min(len(needs), (len(funds) + 1) * together.largest) + 3
    counters = np.zeros(COUNTS + len(funds) + 3, dtype=np.int64)
    counters[[LABELS, STEPS, COUNTS]] = 1, steps, len(fund_of)
    gap = needs.gap_fen
    state = State(
        needs=_table(len(needs), network.need_node, gap, needs.required_fen, gap, -1, *together.needs),
        nodes=_table(len(arc_count), network.parent, len(fund_of) + network.arc_offsets[:-1], arc_count, 0, 0),
        pools=_table(network.pool_count, pool_offsets[:-1], np.diff(pool_offsets), 0, *together.pools),
        funds=_table(
            len(funds), network.fund_pool, place, np.where(usable, 0, CLOSED), funds.available_fen,
            funds.per_case_cap_fen, funds.share_cap_permille, funds.per_household_cap_fen, funds.minimum_grant_fen,
            funds.available_fen, NO_LEVEL, -1, -1, -1, -1, -1, 0,
        ),
        records=np.zeros((records + len(earlier) + steps, 6), dtype=np.int64),
        promised=np.array([(0, 0), *earlier.values()], dtype=np.int64),
        stack=np.zeros((steps + together.largest, 5), dtype=np.int64),
        lists=np.concatenate([fund_of, network.arc_pool]).astype(np.int32),
        counters=counters, charters=together.charters,
    )  # fmt: skip
    _place_promises(state, list(earlier))
    return state


def _table(rows: int, *columns: Int64 | int) -> Int64:
    """Return the columns side by side, so that one row lies together in memory. Shape (rows, columns)."""
    table = np.empty((rows, len(columns)), dtype=np.int64)
    for number, column in enumerate(columns):
        table[:, number] = column
    return table


def _place_promises(state: State, pairs: list[tuple[int, int]]) -> None:
    """Give each pair a record without an amount that leads to its row of `promised`."""
    from matching.engine import capped_tables as tables

    for row, (fund, need) in enumerate(pairs, start=1):
        state.funds[:, tables.STAMP] = -1
        record = tables.grow(state, need, fund, 0)
        state.records[record, tables.PROMISED] = row


def served(state: State, ready: Prepared, start: int = 0) -> State:
    """Return the state after all needs from this place of the order on were served, with more room where it ran out."""
    from matching.engine import capped_kernels

    order, level = ready.ranks.order, ready.ranks.level
    while (start := capped_kernels.serve(state, order, level, start)) >= 0:
        more = np.zeros((len(state.needs) + len(state.stack), 6), dtype=np.int64)
        state = state._replace(records=np.concatenate([state.records, more]))
    return state


def solve_capped(instance: CashInstance, prepared: Prepared | None = None) -> CappedRun:
    """Return the exact optimum with case and share caps; minimum grants are left to `repair`."""
    from matching.engine import capped_tables as tables

    ready = prepared or prepare(instance)
    state = served(build_state(instance, ready, GRANTS_A_NEED * len(instance.needs)), ready)
    return CappedRun(
        allocation_of(state, ready), int(state.counters[tables.PATHS]), int(state.counters[tables.RAISED])
    )


def allocation_of(state: State, ready: Prepared) -> Allocation:
    """Return the grants and prices that stand in a state."""
    from matching.engine import capped_tables as tables

    records = state.records[: int(state.counters[tables.RECORDS])]
    kept = records[:, tables.AMOUNT] > 0
    need, fund, amount = (records[kept, number] for number in (tables.NEED, tables.FUND, tables.AMOUNT))
    price = np.where(ready.network.fund_pool >= 0, state.funds[:, tables.PRICE], NEVER)
    return Allocation(need, fund, amount, price)
