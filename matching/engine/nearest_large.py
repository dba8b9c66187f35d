"""At full size: the fund nearest to a class of needs, the need nearest to a fund, the change that would join them."""

from __future__ import annotations

import numpy as np

from matching.engine.codes import Rule
from matching.engine.columns import Int64
from matching.engine.model import CashInstance
from matching.engine.network import LEVEL_STEPS, Network
from matching.engine.ranks import Ranks, need_at_rank
from matching.engine.reasons import effort

LATE = np.int64(1 << 60)
"""A rank that nobody has."""


def nearest_funds(instance: CashInstance, network: Network, first: Int64) -> tuple[Int64, Int64]:
    """Return for each class a fund of the nearest pool, and the rule bits that it fails; -1 without any fund.

    `first` has one fund of each pool.
    """
    classes = len(network.class_region)
    if not len(network.pool_row_pool):
        return _nearest_out_of_period(instance, classes)
    failed = network.failures
    hard = effort(failed)
    anywhere_mask = np.unique(network.pool_row_mask)
    pick = anywhere_mask[np.argmin(hard[anywhere_mask], axis=0)]
    any_row = np.full(len(failed), -1, dtype=np.int64)
    any_row[network.pool_row_mask[::-1]] = np.arange(len(network.pool_row_mask))[::-1]
    attribute = network.class_attribute
    best_row = any_row[pick][attribute]
    best_bits = failed[pick, np.arange(len(pick))][attribute].astype(np.int64) | int(Rule.REGION)
    best_cost = effort(best_bits)
    starts: dict[int, tuple[int, int]] = {}
    keys, begin, count = np.unique(network.pool_row_region, return_index=True, return_counts=True)
    starts = {int(k): (int(f), int(f + c)) for k, f, c in zip(keys, begin, count, strict=True)}
    for level, step in enumerate(LEVEL_STEPS):
        key = network.class_region // step * step * 4 + level
        order = np.argsort(key, kind="stable")
        bounds = np.flatnonzero(np.diff(key[order])) + 1
        for rows in np.split(order, bounds):
            if not len(rows) or int(key[rows[0]]) not in starts:
                continue
            low, high = starts[int(key[rows[0]])]
            masks, local = np.unique(network.pool_row_mask[low:high], return_index=True)
            kinds, kind = np.unique(attribute[rows], return_inverse=True)
            cost = hard[np.ix_(masks, kinds)]
            easiest = np.argmin(cost, axis=0)
            choice, least = easiest[kind], cost[easiest, np.arange(len(kinds))][kind]
            better = least < best_cost[rows]
            chosen = rows[better]
            best_cost[chosen] = least[better]
            best_row[chosen] = low + local[choice[better]]
            best_bits[chosen] = failed[masks[choice[better]], attribute[chosen]]
    return first[network.pool_row_pool[best_row]], best_bits


def _nearest_out_of_period(instance: CashInstance, classes: int) -> tuple[Int64, Int64]:
    """Return the first fund for every class when no fund can give today, with the rule that stops it."""
    nobody = np.full(classes, -1, dtype=np.int64), np.zeros(classes, dtype=np.int64)
    if not len(instance.funds):
        return nobody
    rule = Rule.BALANCE if instance.funds.available_fen[0] <= 0 else Rule.PERIOD
    return np.zeros(classes, dtype=np.int64), np.full(classes, int(rule), dtype=np.int64)


def nearest_needs(
    instance: CashInstance, network: Network, ranks: Ranks, gap_left: Int64, out: tuple[Int64, Int64]
) -> None:
    """Fill in, for funds without an eligible open need, the open need that fails the easiest rules but the region's.

    The need is the best-ranked of its attribute row anywhere; a fund that is not usable today fails that rule alone.
    """
    nearest, failed = out
    lacking = np.flatnonzero(gap_left > 0)
    if not len(lacking):
        return
    attribute = network.class_attribute[network.need_class]
    first = np.full(network.failures.shape[1], LATE, dtype=np.int64)
    np.minimum.at(first, attribute[lacking], ranks.rank[lacking])
    present = np.flatnonzero(first < LATE)
    bits = network.failures
    hard = effort(bits)[:, present]
    choice = present[np.argmin(hard, axis=1)]
    pool_mask = np.zeros(max(network.pool_count, 1), dtype=np.int64)
    pool_mask[network.pool_row_pool] = network.pool_row_mask
    rows = np.flatnonzero(nearest < 0)
    usable = network.fund_pool[rows] >= 0
    mask = pool_mask[np.maximum(network.fund_pool[rows], 0)]
    nearest[rows] = need_at_rank(ranks, first[choice[mask]])
    bound = np.diff(instance.funds.region_offsets)[rows] > 0
    region = np.where(bound, int(Rule.REGION), 0)
    broke = instance.funds.available_fen[rows] <= 0
    unusable = np.where(broke, int(Rule.BALANCE), int(Rule.PERIOD))
    failed[rows] = np.where(usable, bits[mask, choice[mask]].astype(np.int64) | region, unusable)


def single_change(instance: CashInstance, need: Int64, fund: Int64, failed: Int64) -> tuple[Int64, Int64]:
    """Return rule and value of the single change that would make each pair eligible; 0 where it takes several."""
    single = (failed != 0) & (failed & (failed - 1) == 0) & (fund >= 0) & (need >= 0)
    rule = np.where(single, failed, 0)
    needs, place, giver = instance.needs, np.maximum(need, 0), np.maximum(fund, 0)
    if not len(instance.funds) or not len(needs):
        return rule, np.zeros(len(rule), dtype=np.int64)
    value = np.select(
        [
            rule == int(bit)
            for bit in (Rule.REGION, Rule.CATEGORY, Rule.TIER, Rule.GROUP, Rule.PERIOD, Rule.BALANCE)
        ],
        [
            needs.region[place],
            needs.category[place],
            needs.tier[place],
            instance.funds.groups[giver],
            np.full(len(rule), instance.today),
            np.maximum(instance.funds.minimum_grant_fen[giver], 1),
        ],
        default=0,
    ).astype(np.int64)
    return rule, value
