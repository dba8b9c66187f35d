"""Cash at full size, with reasons: choose the exact method, keep the minimum grants, describe by class and pool."""

from __future__ import annotations

import numpy as np

from matching.engine.capped import earlier_promises, solve_capped
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, prepare, solve_compressed
from matching.engine.describe_large import describe_large
from matching.engine.eligibility import NO_CAP, Pairs
from matching.engine.minimums import repair
from matching.engine.model import CashInstance
from matching.engine.pairwise import household_nodes
from matching.engine.solution import CashSolution, assemble


def has_caps(instance: CashInstance) -> bool:
    """Return whether anything but balances and charters limits a grant."""
    funds = instance.funds
    columns = (
        funds.per_case_cap_fen,
        funds.share_cap_permille,
        funds.per_household_cap_fen,
        funds.minimum_grant_fen,
    )
    return len(instance.promises.fund_id) > 0 or any(bool(column.any()) for column in columns)


def solve_large(instance: CashInstance) -> CashSolution:
    """Return the optimum with reasons; needs and funds are sorted by id."""
    ready = prepare(instance)
    capped = has_caps(instance)
    found = solve_capped(instance, ready).allocation if capped else solve_compressed(instance, ready)
    if instance.funds.minimum_grant_fen.any():
        found = keep_minimums(instance, ready, found)
    needs, funds = describe_large(instance, ready, found)
    return assemble(
        instance, ready.ranks, (found.need, found.fund, found.amount_fen), found.price_level, needs, funds
    )


def keep_minimums(instance: CashInstance, ready: Prepared, found: Allocation) -> Allocation:
    """Return the allocation with every grant at its floor or dropped; only funds that gave already give more."""
    floor = instance.funds.minimum_grant_fen[found.fund]
    cap, household_left = grant_caps(instance, found.need, found.fund)
    pairs = Pairs(found.need, found.fund, cap, floor, household_left)
    nodes = household_nodes(instance, pairs)
    amount = repair(instance, pairs, ready.ranks, nodes, lambda _: found.amount_fen, rounds=1)
    kept = amount > 0
    return Allocation(found.need[kept], found.fund[kept], amount[kept], found.price_level)


def grant_caps(instance: CashInstance, need: Int64, fund: Int64) -> tuple[Int64, Int64]:
    """Return how much each of these pairs, and each one's household, may come to, net of earlier promises."""
    needs, funds = instance.needs, instance.funds
    cap = np.minimum(needs.gap_fen[need], funds.available_fen[fund])
    share = needs.required_fen[need] * funds.share_cap_permille[fund] // 1000
    to_need, to_household = np.zeros(len(need), dtype=np.int64), np.zeros(len(need), dtype=np.int64)
    earlier = earlier_promises(instance)
    if earlier:
        pairs = zip(fund.tolist(), need.tolist(), strict=True)
        found = [earlier.get(pair, (0, 0)) for pair in pairs]
        to_need, to_household = np.array(found, dtype=np.int64).reshape(-1, 2).T
    limited = funds.per_household_cap_fen[fund] > 0
    left = np.where(limited, np.maximum(funds.per_household_cap_fen[fund] - to_household, 0), NO_CAP)
    for given, limit in (
        (funds.per_case_cap_fen[fund] > 0, funds.per_case_cap_fen[fund] - to_need),
        (funds.share_cap_permille[fund] > 0, share - to_need),
        (limited, left),
    ):
        cap = np.where(given, np.minimum(cap, limit), cap)
    return cap, left
