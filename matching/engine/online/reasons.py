"""Why a resident engine proposed what it did: for the needs and funds of a change, and for any pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matching.engine.cash import Check, PairReason, pair_checks
from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Int64
from matching.engine.eligibility import Promised, limits
from matching.engine.model import CashInstance, CashNeeds, Funds, Promises
from matching.engine.online import tables as t
from matching.engine.online.answers import FundAnswer, NeedAnswer, Proposal
from matching.engine.ranks import NEVER
from matching.engine.reasons import Change, effort, smallest_change

if TYPE_CHECKING:
    from matching.engine.online.resident import Resident

EFFORTS = effort(np.arange(2 * int(max(Rule)), dtype=np.int64)).astype(np.int64)
"""How hard each set of failed rules is to change, by its bits."""


def need_answer(resident: Resident, row: int, seen: Int64, proposals: list[Proposal]) -> NeedAnswer:
    """Return what became of a need; `seen` is from `kernels.look_at_funds`."""
    left = int(resident.need_row(row)[t.GAP])
    proposed = sum(proposal.amount_fen for proposal in proposals)
    shortfall = _shortfall(left, seen)
    outcome = shortfall
    if left <= 0:
        outcome = Outcome.MATCHED if proposed else Outcome.NOTHING_LACKING
    elif proposed:
        outcome = Outcome.PARTLY
    nearest = int(seen[2])
    held = t.tier_and_priority(int(seen[5])) if shortfall == Outcome.HELD else (-1, -1)
    return NeedAnswer(
        need_id=resident.need_id(row),
        proposed_fen=proposed,
        open_fen=left,
        outcome=outcome,
        shortfall=shortfall,
        eligible_funds=int(seen[0]),
        nearest_fund_id=resident.fund_id(nearest) if nearest >= 0 else -1,
        failed_rules=Rule(int(seen[3])),
        change=nearest_change(resident, row, nearest) if nearest >= 0 else None,
        held_tier=held[0],
        held_priority=held[1],
    )


def _shortfall(left: int, seen: Int64) -> Outcome:
    """Return why the rest of a need is open."""
    if left <= 0:
        return Outcome.MATCHED
    if seen[0] == 0:
        return Outcome.NOT_ELIGIBLE
    if seen[4]:
        return Outcome.HELD
    if seen[1] == 0:
        return Outcome.EXHAUSTED
    return Outcome.BELOW_MINIMUM if int(seen[3]) == Rule.MINIMUM_GRANT else Outcome.CAPPED


def fund_answer(resident: Resident, row: int, proposals: list[Proposal]) -> FundAnswer:
    """Return what became of a fund."""
    held = resident.fund_row(row)
    left, proposed = int(held[t.MONEY]), sum(proposal.amount_fen for proposal in proposals)
    priced = int(held[t.BID]) < NEVER
    outcome = Outcome.HELD if priced else Outcome.NOT_ELIGIBLE
    if left <= 0:
        outcome = Outcome.MATCHED if proposed else Outcome.NOTHING_LACKING
    elif proposed:
        outcome = Outcome.PARTLY
    price = t.tier_and_priority(int(held[t.BID]))
    return FundAnswer(resident.fund_id(row), proposed, left, outcome, *price)


def one_pair(resident: Resident, need: int, fund: int) -> CashInstance:
    """Return the instance that holds this pair of rows and what was promised between them."""
    n, f = resident.need_row(need), resident.fund_row(fund)
    need_id, fund_id, household = resident.need_id(need), resident.fund_id(fund), int(n[t.HOUSEHOLD])
    needs = CashNeeds.of(
        ids=[need_id], gap_fen=n[[t.GAP]], region=n[[t.REGION]], category=n[[t.CATEGORY]], tier=n[[t.TIER]],
        groups=n[[t.GROUPS]], priority=n[[t.PRIORITY]], government_done=n[[t.DONE]], household=n[[t.HOUSEHOLD]],
        required_fen=n[[t.REQUIRED]],
    )  # fmt: skip
    funds = Funds.of(
        ids=[fund_id], available_fen=f[[t.MONEY]], regions=[resident.regions_of(fund)], categories=f[[t.CATEGORIES]],
        tiers=f[[t.TIERS]], groups=f[[t.GROUP_MASK]], government_first=f[[t.FIRST]], minimum_grant_fen=f[[t.MINIMUM]],
        per_case_cap_fen=f[[t.CASE_CAP]], share_cap_permille=f[[t.SHARE_CAP]],
        per_household_cap_fen=f[[t.HOUSEHOLD_CAP]], opens_on=f[[t.OPENS]], expires_on=f[[t.EXPIRES]],
    )  # fmt: skip
    pair, home = resident.given(need_id, household, fund)
    rows = [(need_id, household, fund_id, pair), (-1, household, fund_id, home - pair if household else 0)]
    table = np.array([row for row in rows if row[3]], dtype=np.int64).reshape(-1, 4)
    return CashInstance(needs, funds, Promises(*(column.copy() for column in table.T)), resident.today)


def nearest_change(resident: Resident, need: int, fund: int) -> Change | None:
    """Return the one change that would let this fund give to this need; None if it takes several, or none."""
    one = one_pair(resident, need, fund)
    found = limits(one, 0, Promised.of(one))
    return smallest_change(one, 0, 0, int(found.failed[0]), found)


def explain(resident: Resident, need: int, fund: int) -> PairReason:
    """Return why the need of this row has what it has, or nothing, from the fund of this row."""
    from matching.engine.online import kernels

    one = one_pair(resident, need, fund)
    found = limits(one, 0, Promised.of(one))
    failed, cap, floor = int(found.failed[0]), int(found.cap_fen[0]), int(found.floor_fen[0])
    n, f = resident.need_row(need), resident.fund_row(fund)
    amount, _ = resident.given(resident.need_id(need), int(n[t.HOUSEHOLD]), fund)
    rivals, before = kernels.count_rivals(*resident.tables(fund), int(n[t.KEY]), resident.today)
    checks: tuple[Check, ...] = pair_checks(one, failed, cap, floor)
    outcome = _pair_outcome(n, f, failed, amount)
    tier, priority = t.tier_and_priority(int(f[t.BID]))
    return PairReason(
        outcome=outcome,
        amount_fen=amount,
        checks=checks,
        failed_rules=Rule(failed),
        rank=before + 1,
        competitors=rivals - (1 if n[t.GAP] > 0 and failed & ~int(Rule.BALANCE) == 0 else 0),
        cap_fen=cap if failed == 0 else 0,
        price_need=-1,
        exhausted_tier=tier,
        exhausted_priority=priority,
        change=smallest_change(one, 0, 0, failed, found),
    )


def _pair_outcome(need: Int64, fund: Int64, failed: int, amount: int) -> Outcome:
    if amount:
        return Outcome.MATCHED
    if failed & Rule.GAP:
        return Outcome.COVERED_ELSEWHERE if need[t.REQUIRED] > 0 else Outcome.NOTHING_LACKING
    if failed & Rule.BALANCE and failed == Rule.BALANCE:
        return Outcome.EXHAUSTED
    if failed:
        return Outcome.NOT_ELIGIBLE
    return Outcome.HELD if need[t.KEY] > fund[t.BID] else Outcome.CAPPED
