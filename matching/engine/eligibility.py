"""Which need may receive from which fund, and how much at most: the charter, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.codes import Rule
from matching.engine.model import Bool, CashInstance, CashNeeds, Funds, Int64

NO_CAP = np.int64(1 << 60)


def region_step(code: int) -> int:
    """Return the divisor that turns a region below `code` into the same prefix: 1, 100, 10,000 or 1,000,000."""
    for step in (1_000_000, 10_000, 100):
        if code % step == 0:
            return step
    return 1


def within(region: Int64, code: int) -> Bool:
    """Return which regions are `code` or lie below it, by GB/T 2260 prefix; 0 is the nation."""
    step = region_step(code)
    inside: Bool = region // step == code // step
    return inside


def failed_charter(instance: CashInstance, fund: int) -> Int64:
    """Return, for each need, the bits of the charter rules of this fund that it fails. Shape (n,)."""
    needs, funds = instance.needs, instance.funds
    failed = np.zeros(len(needs), dtype=np.int64)
    codes = funds.regions_of(fund)
    if len(codes):
        inside = np.zeros(len(needs), dtype=np.bool_)
        for code in codes.tolist():
            inside |= within(needs.region, code)
        failed[~inside] |= Rule.REGION
    for mask, codes_of_need, rule in (
        (int(funds.categories[fund]), needs.category, Rule.CATEGORY),
        (int(funds.tiers[fund]), needs.tier, Rule.TIER),
    ):
        if mask:
            failed[(mask >> codes_of_need) & 1 == 0] |= rule
    if funds.groups[fund]:
        failed[needs.groups & funds.groups[fund] == 0] |= Rule.GROUP
    if funds.government_first[fund]:
        failed[~needs.government_done] |= Rule.GOVERNMENT_FIRST
    if not in_period(instance)[fund]:
        failed |= Rule.PERIOD
    return failed


def in_period(instance: CashInstance) -> Bool:
    """Return which funds may give on the instance's day. Shape (m,)."""
    funds, today = instance.funds, instance.today
    if not today:
        return np.ones(len(funds), dtype=np.bool_)
    opened = funds.opens_on <= today
    expired = (funds.expires_on > 0) & (funds.expires_on < today)
    open_now: Bool = opened & ~expired
    return open_now


def case_caps(needs: CashNeeds, funds: Funds, fund: int) -> tuple[Int64, Int64]:
    """Return the fixed and the share cap of this fund for each need, before earlier promises. Shapes (n,)."""
    fixed = np.full(len(needs), funds.per_case_cap_fen[fund] or NO_CAP, dtype=np.int64)
    permille = int(funds.share_cap_permille[fund])
    share = needs.required_fen * permille // 1000 if permille else np.full(len(needs), NO_CAP, dtype=np.int64)
    return fixed, share


@dataclass(frozen=True, slots=True)
class Promised:
    """Earlier promises, looked up by position: per pair and per household of a fund."""

    by_pair: dict[tuple[int, int], int]
    by_household: dict[tuple[int, int], int]

    @classmethod
    def of(cls, instance: CashInstance) -> Promised:
        """Return the sums of the instance's promises."""
        promises = instance.promises
        need_at = (
            {value: row for row, value in enumerate(instance.needs.id.tolist())}
            if len(promises.fund_id)
            else {}
        )
        fund_at = (
            {value: row for row, value in enumerate(instance.funds.id.tolist())}
            if len(promises.fund_id)
            else {}
        )
        pairs: dict[tuple[int, int], int] = {}
        households: dict[tuple[int, int], int] = {}
        rows = zip(
            promises.need_id.tolist(),
            promises.household.tolist(),
            promises.fund_id.tolist(),
            promises.amount_fen.tolist(),
            strict=True,
        )
        for need_id, household, fund_id, amount in rows:
            if fund_id not in fund_at:
                continue
            fund = fund_at[fund_id]
            if need_id in need_at:
                key = (fund, need_at[need_id])
                pairs[key] = pairs.get(key, 0) + amount
            if household:
                key = (fund, household)
                households[key] = households.get(key, 0) + amount
        return cls(pairs, households)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fund could give to each need, rule by rule, in fen. All arrays have shape (n,)."""

    failed: Int64
    """Bits of the rules that fail; 0 means eligible."""
    cap_fen: Int64
    """The least of gap and caps, where eligible; the balance is not in it."""
    floor_fen: Int64
    """The least amount allowed: the minimum grant, also where the whole gap is smaller."""
    household_left_fen: Int64
    """What the household cap leaves for the household of each need."""


def limits(instance: CashInstance, fund: int, promised: Promised) -> Limits:
    """Return eligibility and limits of one fund for all needs, with charter, caps, minimum and balance."""
    needs, funds = instance.needs, instance.funds
    failed = failed_charter(instance, fund)
    fixed, share = case_caps(needs, funds, fund)
    household = np.full(len(needs), funds.per_household_cap_fen[fund] or NO_CAP, dtype=np.int64)
    for (of_fund, row), amount in promised.by_pair.items():
        if of_fund == fund:
            fixed[row] -= amount
            share[row] -= amount
    if funds.per_household_cap_fen[fund]:
        for (of_fund, number), amount in promised.by_household.items():
            if of_fund == fund:
                household[needs.household == number] -= amount
        for (of_fund, row), amount in promised.by_pair.items():
            if of_fund == fund and needs.household[row] == 0:
                household[row] -= amount
    floor = np.full(len(needs), funds.minimum_grant_fen[fund], dtype=np.int64)
    least = np.maximum(floor, 1)
    balance = int(funds.available_fen[fund])
    failed[needs.gap_fen <= 0] |= Rule.GAP
    failed[(needs.gap_fen > 0) & (needs.gap_fen < floor)] |= Rule.MINIMUM_GRANT
    for limit, rule in ((fixed, Rule.CASE_CAP), (share, Rule.SHARE_CAP), (household, Rule.HOUSEHOLD_CAP)):
        failed[limit <= 0] |= rule
        failed[(limit > 0) & (limit < floor)] |= Rule.MINIMUM_GRANT
    if balance <= 0:
        failed |= Rule.BALANCE
    else:
        failed[balance < least] |= Rule.MINIMUM_GRANT
    cap = np.minimum.reduce([fixed, share, household, needs.gap_fen])
    return Limits(failed, np.maximum(cap, 0), floor, np.maximum(household, 0))


@dataclass(frozen=True, slots=True)
class Pairs:
    """The eligible pairs, sorted by fund and need position. All arrays have the same shape (p,)."""

    need: Int64
    fund: Int64
    cap_fen: Int64
    floor_fen: Int64
    household_left_fen: Int64
    """What the fund may still give to the need's household; NO_CAP where it has no such limit."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.need)


def eligible_pairs(instance: CashInstance) -> Pairs:
    """Return every eligible pair with its limits; meant for small instances (n times m up to some 10^7)."""
    promised = Promised.of(instance)
    parts: list[tuple[Int64, ...]] = []
    for fund in range(len(instance.funds)):
        found = limits(instance, fund, promised)
        rows = np.flatnonzero(found.failed == 0)
        parts.append(
            (
                rows,
                np.full(len(rows), fund),
                found.cap_fen[rows],
                found.floor_fen[rows],
                found.household_left_fen[rows],
            )
        )
    if not parts:
        return Pairs(*(np.zeros(0, dtype=np.int64) for _ in range(5)))
    return Pairs(*(np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True)))
