"""Cash with caps at full size: exact maximum flow block by block of ranks, without listing the pairs.

Caps on pairs keep the coverage vectors a polymatroid, so serving needs in order of rank with augmenting paths is
optimal; only the compression into pools breaks. Needs are served in blocks of ranks: first from funds with money left,
then along augmenting paths (see `capped_kernels`). When a block finds no more paths, the funds that its short needs
reach are a minimum cut: full, closed for good, and priced at the block's level. So the search shrinks as it goes, the
coverage of every prefix of blocks is maximal, and the cuts certify it (see `certificate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.columns import Int64
from matching.engine.compressed import NEVER, Allocation, Prepared, funds_in_order, prepare
from matching.engine.eligibility import Promised
from matching.engine.model import CashInstance


@dataclass(frozen=True, slots=True)
class CappedRun:
    """The allocation with counts that say how hard it was."""

    allocation: Allocation
    paths: int
    labels_raised: int


def household_permille(instance: CashInstance) -> Int64:
    """Return each need's part of its household's cap in permille: all, or by gap where needs share a household."""
    needs = instance.needs
    permille = np.full(len(needs), 1000, dtype=np.int64)
    values, number, counts = np.unique(needs.household, return_inverse=True, return_counts=True)
    shared = (counts[number] > 1) & (needs.household != 0)
    if shared.any():
        total = np.zeros(len(values), dtype=np.int64)
        np.add.at(total, number, needs.gap_fen)
        permille[shared] = needs.gap_fen[shared] * 1000 // np.maximum(total[number[shared]], 1)
    return permille


def build_state(instance: CashInstance, ready: Prepared, records: int) -> Any:  # noqa: ANN401 - a named tuple of arrays
    """Return the arrays on which the compiled loops work; earlier promises stand in them as base amounts."""
    from matching.engine.capped_kernels import CLOSED, NO_LEVEL, State

    needs, funds, network = instance.needs, instance.funds, ready.network
    fund_of, pool_offsets = funds_in_order(instance, network)
    place = np.full(len(funds), -1, dtype=np.int32)
    place[fund_of] = np.arange(len(fund_of))
    arc_count = np.diff(network.arc_offsets).astype(np.int32)
    gap = needs.gap_fen

    def integers(size: int, value: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.full(size, value, dtype=np.int32)

    label_count = np.zeros(len(funds) + 3, dtype=np.int64)
    label_count[0] = len(fund_of)
    state = State(
        need_node=network.need_node.astype(np.int32), gap=gap, required=needs.required_fen, lacking=gap.copy(),
        household_permille=household_permille(instance), need_head=integers(len(needs), -1),
        parent=network.parent.astype(np.int32), arc_offsets=network.arc_offsets,
        arcs=network.arc_pool.astype(np.int32), arc_count=arc_count, node_least=integers(len(arc_count)),
        node_pointer=integers(len(arc_count)), pool_offsets=pool_offsets, slots=fund_of.astype(np.int32),
        slot_count=np.diff(pool_offsets).astype(np.int32), pool_least=integers(len(pool_offsets) - 1),
        fund_pool=network.fund_pool.astype(np.int32), place=place, label=integers(len(funds)),
        money=funds.available_fen.copy(), case_cap=funds.per_case_cap_fen, share_cap=funds.share_cap_permille,
        household_cap=funds.per_household_cap_fen, minimum=funds.minimum_grant_fen, available=funds.available_fen,
        price_level=np.full(len(funds), NO_LEVEL, dtype=np.int64), fund_head=integers(len(funds), -1),
        fund_pointer=integers(len(funds), -1),
        stamp=integers(len(funds), -1), stamp_record=integers(len(funds), -1), record_need=integers(records),
        record_fund=integers(records), record_amount=np.zeros(records, dtype=np.int64),
        record_base=np.zeros(records, dtype=np.int64), record_need_next=integers(records, -1),
        record_fund_next=integers(records, -1), label_count=label_count, counters=np.array([0, 0, 0, 0, 1], dtype=np.int64),
        stack_need=integers(len(funds) + 3), stack_fund=integers(len(funds) + 3), stack_in=integers(len(funds) + 3, -1),
    )  # fmt: skip
    state.label[network.fund_pool < 0] = CLOSED
    _place_promises(instance, state)
    return state


def _place_promises(instance: CashInstance, state: Any) -> None:  # noqa: ANN401
    from matching.engine import capped_kernels

    for (fund, need), amount in Promised.of(instance).by_pair.items():
        state.stamp[:] = -1
        record = capped_kernels.grow(state, need, fund, 0)
        state.record_base[record] = amount


def with_more_records(state: Any, extra: int) -> Any:  # noqa: ANN401
    """Return the state with room for more grants."""
    names = ("record_need", "record_fund", "record_amount", "record_base", "record_need_next", "record_fund_next")
    longer = {name: np.concatenate([getattr(state, name), np.zeros(extra, getattr(state, name).dtype)]) for name in names}
    return state._replace(**longer)


def solve_capped(instance: CashInstance, prepared: Prepared | None = None) -> CappedRun:
    """Return the exact optimum with case and share caps; minimum grants are left to `repair`."""
    from matching.engine import capped_kernels

    ready = prepared or prepare(instance)
    spare = 4 * len(instance.funds) + 1000
    state = build_state(instance, ready, 2 * len(instance.needs) + len(instance.promises.fund_id) + spare)
    order, level = ready.ranks.order, ready.ranks.level
    start = capped_kernels.serve(state, order, level, 0)
    while start >= 0:
        state = with_more_records(state, len(instance.needs) + spare)
        start = capped_kernels.serve(state, order, level, start)
    used = int(state.counters[0])
    rows = np.flatnonzero(state.record_amount[:used])
    price = np.where(ready.network.fund_pool >= 0, state.price_level, NEVER)
    allocation = Allocation(
        state.record_need[rows].astype(np.int64),
        state.record_fund[rows].astype(np.int64),
        state.record_amount[rows],
        price,
    )
    return CappedRun(allocation, int(state.counters[1]), int(state.counters[2]))
