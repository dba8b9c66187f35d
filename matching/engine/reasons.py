"""Why, and why not: for every need, every fund and any pair, as codes with values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.codes import CHANGE_EFFORT, Rule
from matching.engine.compiled import Integers
from matching.engine.eligibility import Limits
from matching.engine.model import CashInstance, Int64
from matching.engine.ranks import Ranks, need_at_rank


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change found that would make a match: which rule, whose, and the value that it needs."""

    rule: Rule
    value: int
    """Region, category or tier code to admit; group bits of which one must be admitted; the ordinal day that must lie
    within the period; or fen by which the balance, the cap or the minimum has to move. 0 for government-first: the
    need's government relief has to be decided."""


@dataclass(frozen=True, slots=True)
class NeedReasons:
    """Why each need got what it got. All arrays have shape (n,); positions are -1 where there is none."""

    outcome: Int64
    """An Outcome code: MATCHED, PARTLY (see `shortfall` for why not more), or why nothing came."""
    shortfall: Int64
    """Why the rest is open: EXHAUSTED, CAPPED, NOT_ELIGIBLE, BELOW_MINIMUM; MATCHED where nothing is open."""
    eligible_funds: Int64
    """How many funds pass every rule."""
    nearest_fund: Int64
    """The fund with the fewest and easiest failed rules among those that gave nothing."""
    failed_rules: Int64
    """Rule bits that the nearest fund fails; 0 if it is eligible."""
    change_rule: Int64
    """The rule of the smallest change, a Rule bit; 0 if no single change would do."""
    change_value: Int64
    exhausted_tier: Int64
    """Tier and priority of the last need served by the eligible funds: where the money ended. -1 if none."""
    exhausted_priority: Int64


@dataclass(frozen=True, slots=True)
class FundReasons:
    """Why each fund was used or not. All arrays have shape (m,)."""

    outcome: Int64
    eligible_needs: Int64
    nearest_need: Int64
    failed_rules: Int64
    change_rule: Int64
    change_value: Int64
    price_need: Int64
    """The need that one more fen of this fund would reach; -1 when idle."""
    last_served_need: Int64
    """The lowest-ranked need that this fund serves; -1 if none."""


Efforts = npt.NDArray[np.int16]


def _efforts() -> Efforts:
    """Return how hard each set of rules is to change, by its bits."""
    every = np.arange(2 * int(max(Rule)), dtype=np.int16)
    total = np.zeros(len(every), dtype=np.int16)
    for rule, weight in CHANGE_EFFORT.items():
        total[every & int(rule) != 0] += weight + 10
    return total


_EFFORTS = _efforts()


def effort(failed: Integers) -> Efforts:
    """Return how hard the failed rules are to change; GAP dwarfs the rest. Same shape."""
    return np.asarray(_EFFORTS[failed], dtype=np.int16)


def smallest_change(
    instance: CashInstance, need: int, fund: int, failed: int, found: Limits
) -> Change | None:
    """Return the one change that would make this pair match, or None if several rules fail."""
    rule = Rule(failed)
    if failed == 0 or failed & (failed - 1):
        return None
    needs, funds = instance.needs, instance.funds
    floor = int(found.floor_fen[need])
    values = {
        Rule.REGION: int(needs.region[need]),
        Rule.CATEGORY: int(needs.category[need]),
        Rule.TIER: int(needs.tier[need]),
        Rule.GROUP: int(funds.groups[fund]),
        Rule.GOVERNMENT_FIRST: 0,
        Rule.PERIOD: instance.today,
        Rule.MINIMUM_GRANT: floor - min(int(found.cap_fen[need]), int(funds.available_fen[fund])),
        Rule.BALANCE: max(floor, 1) - int(funds.available_fen[fund]),
        Rule.CASE_CAP: max(floor, 1),
        Rule.SHARE_CAP: max(floor, 1),
        Rule.HOUSEHOLD_CAP: max(floor, 1),
        Rule.GAP: 0,
    }
    return Change(rule, values[rule])


def last_served(fund: Int64, need: Int64, ranks: Ranks, size: int) -> Int64:
    """Return the lowest-ranked need served by each fund, or -1. Shape (size,)."""
    lowest = np.zeros(size, dtype=np.int64)
    np.maximum.at(lowest, fund, ranks.rank[need])
    return need_at_rank(ranks, lowest)
