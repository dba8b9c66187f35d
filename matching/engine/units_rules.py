"""Which offer may serve which service or goods item, how far it lies, and which one comes nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.codes import Rule
from matching.engine.columns import Int64
from matching.engine.eligibility import region_step, within
from matching.engine.pairwise import LOCALITY
from matching.engine.reasons import effort
from matching.engine.units_model import UnitInstance

WAY = 4
"""Distances are 0 (one county) to 3 (another province)."""


def failed_rules(instance: UnitInstance, offer: int) -> Int64:
    """Return, for each need, the bits of the rules of this offer that it fails. Shape (n,)."""
    needs, offers = instance.needs, instance.offers
    failed = np.zeros(len(needs), dtype=np.int64)
    codes = offers.regions_of(offer).tolist()
    if codes:
        failed[~np.logical_or.reduce([within(needs.region, code) for code in codes])] |= Rule.REGION
    for mask, column, rule in (
        (int(offers.categories[offer]), needs.category, Rule.CATEGORY),
        (int(offers.tiers[offer]), needs.tier, Rule.TIER),
    ):
        if mask:
            failed[(mask >> column) & 1 == 0] |= rule
    if offers.item[offer]:
        failed[needs.item != offers.item[offer]] |= Rule.CATEGORY
    if offers.groups[offer]:
        failed[needs.groups & offers.groups[offer] == 0] |= Rule.GROUP
    if offers.languages[offer]:
        failed[(needs.languages != 0) & (needs.languages & offers.languages[offer] == 0)] |= Rule.LANGUAGE
    if instance.today and 0 < offers.expires_on[offer] < instance.today:
        failed |= Rule.PERIOD
    failed[needs.units <= 0] |= Rule.GAP
    if offers.units[offer] <= 0:
        failed |= Rule.CAPACITY
    elif not instance.splittable:
        failed[needs.units > offers.units[offer]] |= Rule.CAPACITY
        if offers.per_case_units[offer]:
            failed[needs.units > offers.per_case_units[offer]] |= Rule.CASE_CAP
    return failed


def distance(region: Int64, origin: int) -> Int64:
    """Return how far each region lies from where a thing stands: same county 0, prefecture 1, province 2, else 3."""
    if not origin:
        return np.zeros(len(region), dtype=np.int64)
    apart = [(region // step != origin // step).astype(np.int64) for step in (1, 100, 10_000)]
    far: Int64 = sum(apart, np.zeros(len(region), dtype=np.int64))
    return far


@dataclass(slots=True)
class UnitPairs:
    """The eligible pairs of needs and offers; `cost` decides among optima only. Shapes (p,)."""

    need: Int64
    offer: Int64
    cap: Int64
    cost: Int64


def eligible_units(instance: UnitInstance) -> tuple[UnitPairs, Int64, Int64]:
    """Return the eligible pairs, and for each need its nearest offer and the rules which that one fails."""
    needs, offers = instance.needs, instance.offers
    best = np.full(len(needs), 1 << 40, dtype=np.int64)
    nearest = np.full(len(needs), -1, dtype=np.int64)
    nearest_failed = np.zeros(len(needs), dtype=np.int64)
    parts: list[tuple[Int64, Int64, Int64, Int64]] = []
    for offer in range(len(offers)):
        failed = failed_rules(instance, offer)
        cost = effort(failed)
        closer = cost < best
        best[closer], nearest[closer], nearest_failed[closer] = cost[closer], offer, failed[closer]
        rows = np.flatnonzero(failed == 0)
        per_case = int(offers.per_case_units[offer]) or int(offers.units[offer])
        cap = np.minimum(needs.units[rows], min(per_case, int(offers.units[offer])))
        codes = offers.regions_of(offer).tolist()
        local = max(LOCALITY[region_step(code)] for code in codes) if codes else 3
        way = distance(needs.region[rows], int(offers.origin[offer]))
        soon = 0 if 0 < offers.expires_on[offer] - instance.today < 30 else 1
        parts.append((rows, np.full(len(rows), offer), cap, WAY * (4 * soon + local) + way))
    empty = np.zeros(0, dtype=np.int64)
    columns = [np.concatenate(c).astype(np.int64) for c in zip(*parts, strict=True)] if parts else [empty] * 4
    return UnitPairs(*columns), nearest, nearest_failed


def nearest_offers(instance: UnitInstance) -> tuple[Int64, Int64, Int64]:
    """Return for each need its nearest offer (−1 if there is none), the rules it fails, and how many pass them all."""
    pairs, nearest, failed = eligible_units(instance)
    return nearest, failed, np.bincount(pairs.need, minlength=len(instance.needs)).astype(np.int64)
