"""Synthetic needs and funds for measuring: the same for the same arguments.

Needs: Zipf over 3,000 counties, ten categories, tiers 10/30/60 %, log-normal gaps. Funds: 30 % (national) or 90 %
(local) bound to a region.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from matching.engine import CashInstance, CashNeeds, Funds
from matching.engine.columns import Int64


def county_codes() -> Int64:
    """Return 3,000 codes shaped like GB/T 2260: provinces, prefectures, counties."""
    codes = [
        (11 + 2 * province) * 10_000 + prefecture * 100 + county
        for province in range(31)
        for prefecture in range(1, 12)
        for county in range(1, 10)
    ]
    return np.array(codes[:3000], dtype=np.int64)


def make_instance(needs: int, resources: int, scenario: str, *, caps: bool, seed: int = 1) -> CashInstance:
    """Return the synthetic instance of these sizes; the same for the same arguments."""
    random = np.random.default_rng(seed)
    codes = random.permutation(county_codes())
    weight = 1 / np.arange(1, len(codes) + 1)
    weight /= weight.sum()
    demand = draw_needs(random, needs, codes, weight)
    gap = demand.gap_fen
    return CashInstance(
        demand, _make_funds(random, resources, scenario, codes, weight, int(gap.sum()), caps=caps)
    )


def share_households(instance: CashInstance, size: int, *, seed: int = 1) -> CashInstance:
    """Return the instance with so many needs a household on average, each at one place; case caps are of the household.

    So it is on the platform: a case's items share a household, and what a fund gives a case at most is laid on it.
    """
    needs, funds = instance.needs, instance.funds
    household = np.random.default_rng(seed).integers(0, max(len(needs) // size, 1), len(needs))
    first = np.zeros(int(household.max(initial=0)) + 1, dtype=np.int64)
    first[household[::-1]] = np.arange(len(needs))[::-1]
    return replace(
        instance,
        needs=replace(needs, household=household + 1, region=needs.region[first[household]]),
        funds=replace(funds, per_household_cap_fen=funds.per_case_cap_fen),
    )


def make_needs(needs: int, *, world: int = 1, seed: int) -> CashNeeds:
    """Return other needs of the world of `make_instance(seed=world)`: counties as busy, the rest drawn anew."""
    codes = np.random.default_rng(world).permutation(county_codes())
    weight = 1 / np.arange(1, len(codes) + 1)
    return draw_needs(np.random.default_rng([world, seed]), needs, codes, weight / weight.sum())


def draw_needs(random: np.random.Generator, needs: int, codes: Int64, weight: Any) -> CashNeeds:
    """Return so many needs, drawn by chance."""
    gap = np.clip(random.lognormal(np.log(600_000), 0.9, needs), 10_000, 30_000_000).astype(np.int64)
    return CashNeeds.of(
        ids=np.arange(1, needs + 1),
        gap_fen=gap,
        region=random.choice(codes, needs, p=weight),
        category=random.choice(10, needs, p=[0.3, 0.2, 0.15, 0.1, 0.08, 0.05, 0.04, 0.03, 0.03, 0.02]),
        tier=random.choice(3, needs, p=[0.1, 0.3, 0.6]),
        groups=np.where(random.random(needs) < 0.3, 1 << random.integers(0, 4, needs), 0),
        priority=random.integers(0, 100_000, needs),
        government_done=random.random(needs) < 0.75,
    )


def _make_funds(
    random: np.random.Generator,
    size: int,
    scenario: str,
    codes: Int64,
    weight: Any,
    demand_fen: int,
    *,
    caps: bool,
) -> Funds:
    bound = random.random(size) < (0.3 if scenario == "national" else 0.9)
    region = random.choice(codes, size, p=weight)
    step = random.choice([1, 100, 10_000], size, p=[0.5, 0.3, 0.2])
    one = np.where(random.random(size) < 0.5, 1 << random.integers(0, 10, size), 0)
    two = np.where(random.random(size) < 0.3, 1 << random.integers(0, 10, size), 0)
    money = random.lognormal(0, 1.2, size)
    limits: dict[str, Any] = {}
    if caps:
        fixed = random.choice([200_000, 500_000, 1_000_000, 2_000_000], size)
        limits["per_case_cap_fen"] = np.where(random.random(size) < 0.8, fixed, 0)
        limits["share_cap_permille"] = np.where(
            random.random(size) < 0.2, random.choice([300, 500, 800], size), 0
        )
    return Funds.of(
        ids=np.arange(1, size + 1),
        available_fen=(money / money.sum() * demand_fen * 0.8).astype(np.int64),
        region_offsets=np.concatenate([[0], np.cumsum(bound)]),
        region_codes=(region // step * step)[bound],
        categories=np.where(one > 0, one | two, 0),
        tiers=random.choice([0, 1, 3, 6], size, p=[0.6, 0.15, 0.15, 0.1]),
        groups=np.where(random.random(size) < 0.15, 1 << random.integers(0, 4, size), 0),
        government_first=random.random(size) < 0.2,
        **limits,
    )
