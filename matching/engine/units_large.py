"""Services and goods at full size, on the same network and with the same search as cash: a unit is a fen.

A need's attributes are category, item, tier, groups and languages; an offer's stock is its balance. Goods, and
referrals of one session each, come out exact. A referral of several sessions may not be split: the flow is solved as
if it might, what came out whole stays, the rest is placed whole in order of rank with the agency that has most free.
"""

from __future__ import annotations

import numpy as np

from matching.engine.capped import build_state, solve_capped
from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, prepare
from matching.engine.describe_large import describe_large
from matching.engine.model import WHOLE_NEED, CashInstance, CashNeeds, Funds
from matching.engine.network import Terms, in_blocks
from matching.engine.units_model import UnitInstance, UnitSolution


def as_cash(instance: UnitInstance) -> CashInstance:
    """Return the instance with units in the place of fen."""
    needs, offers = instance.needs, instance.offers
    demand = CashNeeds.of(
        ids=needs.id, gap_fen=needs.units, region=needs.region, tier=needs.tier, priority=needs.priority
    )
    supply = Funds.of(
        ids=offers.id,
        available_fen=offers.units,
        region_offsets=offers.region_offsets,
        region_codes=offers.region_codes,
        per_case_cap_fen=offers.per_case_units,
        minimum_grant_fen=np.full(len(offers), 0 if instance.splittable else WHOLE_NEED),
        expires_on=offers.expires_on,
    )
    return CashInstance(demand, supply, today=instance.today)


def unit_terms(instance: UnitInstance) -> Terms:
    """Return which attribute row fails which rule at which offer row."""
    needs, offers = instance.needs, instance.offers
    wishes = np.stack([needs.category, needs.item, needs.tier, needs.groups, needs.languages], axis=1)
    charters = np.stack(
        [offers.categories, offers.item, offers.tiers, offers.groups, offers.languages], axis=1
    )
    attributes, attribute = np.unique(wishes, axis=0, return_inverse=True)
    masks, mask = np.unique(charters, axis=0, return_inverse=True)
    category, item, tier, group, speaks = (attributes[:, k][None, :] for k in range(5))

    def failed(masks: Int64) -> Int64:
        categories, stock, tiers, groups, spoken = (masks[:, k][:, None] for k in range(5))
        wrong_kind = (categories != 0) & ((categories >> category) & 1 == 0)
        wrong_kind |= (stock != 0) & (stock != item)
        bits = np.where(wrong_kind, int(Rule.CATEGORY), 0)
        bits |= np.where((tiers != 0) & ((tiers >> tier) & 1 == 0), int(Rule.TIER), 0)
        bits |= np.where((groups != 0) & (groups & group == 0), int(Rule.GROUP), 0)
        bits |= np.where((spoken != 0) & (speaks != 0) & (spoken & speaks == 0), int(Rule.LANGUAGE), 0)
        return bits

    return Terms(
        attribute.reshape(-1).astype(np.int64),
        mask.reshape(-1).astype(np.int64),
        in_blocks(masks, len(attributes), failed),
    )


def solve_units_large(instance: UnitInstance) -> UnitSolution:
    """Return the allocation with reasons; needs and offers are sorted by id."""
    cash = as_cash(instance)
    ready = prepare(cash, unit_terms(instance))
    found = solve_capped(cash, ready).allocation
    if not instance.splittable:
        found = keep_whole(cash, ready, found)
    return described(instance, cash, ready, found)


def keep_whole(cash: CashInstance, ready: Prepared, found: Allocation) -> Allocation:
    """Return only whole referrals: those of the flow, then others in order of rank where one offer still fits."""
    from matching.engine import capped_kernels as kernels
    from matching.engine import capped_tables as tables

    whole = found.amount_fen == cash.needs.gap_fen[found.need]
    need, fund = found.need[whole], found.fund[whole]
    state = build_state(cash, ready, 1)
    np.subtract.at(state.funds[:, tables.MONEY], fund, cash.needs.gap_fen[need])
    state.needs[need, tables.LACKING] = 0
    state.pools[:, tables.POOL_LEAST] = WHOLE_NEED
    placed = np.full(len(cash.needs), -1, dtype=np.int64)
    kernels.place_whole(state, ready.ranks.order, placed)
    more = np.flatnonzero(placed >= 0)
    need, fund = np.concatenate([need, more]), np.concatenate([fund, placed[more]])
    return Allocation(need, fund, cash.needs.gap_fen[need], found.price_level)


def described(instance: UnitInstance, cash: CashInstance, ready: Prepared, found: Allocation) -> UnitSolution:
    """Return the allocation with reasons."""
    needs, offers = describe_large(cash, ready, found)
    order = np.lexsort((found.fund, found.need))
    need, offer, units = found.need[order], found.fund[order], found.amount_fen[order]
    covered, used = np.zeros(len(cash.needs), dtype=np.int64), np.zeros(len(cash.funds), dtype=np.int64)
    np.add.at(covered, need, units)
    np.add.at(used, offer, units)
    outcome = needs.outcome
    if not instance.splittable:
        outcome = np.where(outcome == Outcome.CAPPED, int(Outcome.EXHAUSTED), outcome)
    return UnitSolution(
        need_index=need,
        offer_index=offer,
        units=units,
        rank=ready.ranks.rank[need],
        competitors=offers.eligible_needs[offer] - 1,
        covered_units=covered,
        used_units=used,
        need_rank=ready.ranks.rank,
        need_outcome=outcome,
        need_eligible=needs.eligible_funds,
        nearest_offer=needs.nearest_fund,
        nearest_failed=_in_units(needs.failed_rules),
        exhausted_priority=needs.exhausted_priority,
        offer_outcome=offers.outcome,
        offer_eligible=offers.eligible_needs,
    )


def _in_units(failed: Int64) -> Int64:
    """Return the rule bits with capacity in the place of balance."""
    without = failed & ~int(Rule.BALANCE)
    moved: Int64 = np.where(failed & int(Rule.BALANCE), without | int(Rule.CAPACITY), without)
    return moved
