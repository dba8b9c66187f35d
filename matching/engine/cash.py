"""Cash: solve an instance and say why; `solve_cash` and `explain_pair` are what callers need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from matching.engine import reasons as why
from matching.engine.codes import Outcome, Rule
from matching.engine.describe import describe
from matching.engine.eligibility import Pairs, Promised, eligible_pairs, limits
from matching.engine.minimums import Ledger, repair
from matching.engine.model import CashInstance, Int64
from matching.engine.pairwise import household_nodes, solve_pairs
from matching.engine.prices import fund_prices
from matching.engine.ranks import Ranks, rank_needs

ENGINE_VERSION = "1"
FUND_POSITIONS = ("nearest_need", "price_need", "last_served_need")
R = TypeVar("R", why.NeedReasons, why.FundReasons)


@dataclass(frozen=True, slots=True)
class CashSolution:
    """An allocation and its reasons. Positions refer to the arrays of the instance that was solved.

    The first six arrays have one row per grant, sorted by need id and fund id; the others one row per need or fund.
    """

    need_index: Int64
    fund_index: Int64
    amount_fen: Int64
    rank: Int64
    """The need's place in the order of service, from 1."""
    competitors: Int64
    """How many other needs are eligible for the fund."""
    price_need: Int64
    """The need that one more fen of the fund would reach, or -1 if the fund is idle."""
    covered_fen: Int64
    spent_fen: Int64
    need_rank: Int64
    needs: why.NeedReasons
    funds: why.FundReasons


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on one pair: passed or not, with the two values that were compared."""

    rule: Rule
    passed: bool
    need_value: int
    fund_value: int


@dataclass(frozen=True, slots=True)
class PairReason:
    """Why this need got this amount, or nothing, from this fund."""

    outcome: Outcome
    amount_fen: int
    checks: tuple[Check, ...]
    failed_rules: Rule
    rank: int
    competitors: int
    cap_fen: int
    price_need: int
    exhausted_tier: int
    exhausted_priority: int
    change: why.Change | None


def solve_cash(instance: CashInstance, *, equal_slices: int = 10) -> CashSolution:
    """Return the optimal allocation with reasons; the same for any order of rows. Raises SolverError.

    The covered gap is maximal by tier, then by priority; among equals it is spread in `equal_slices` steps.
    Minimum grants are kept by repair (see `minimums`).
    """
    need_rows = np.argsort(instance.needs.id, kind="stable").astype(np.int64)
    fund_rows = np.argsort(instance.funds.id, kind="stable").astype(np.int64)
    sorted_instance = CashInstance(
        instance.needs.take(need_rows), instance.funds.take(fund_rows), instance.promises, instance.today
    )
    ranks = rank_needs(sorted_instance.needs)
    pairs = eligible_pairs(sorted_instance)
    nodes = household_nodes(sorted_instance, pairs)

    def solve(allowed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Int64:
        amount = np.zeros(len(pairs), dtype=np.int64)
        kept = Pairs(*(getattr(pairs, name)[allowed] for name in pairs.__dataclass_fields__))
        amount[allowed] = solve_pairs(sorted_instance, kept, ranks, parts=equal_slices)
        return amount

    amount = repair(sorted_instance, pairs, ranks, nodes, solve)
    ledger = Ledger.of(sorted_instance, pairs, amount, *nodes)
    return _describe(sorted_instance, pairs, ledger, ranks, need_rows, fund_rows)


def _describe(
    instance: CashInstance, pairs: Pairs, ledger: Ledger, ranks: Ranks, need_rows: Int64, fund_rows: Int64
) -> CashSolution:
    """Return the solution with positions turned back into the caller's order."""
    growable = (ledger.amount < pairs.cap_fen) & ~ledger.node_full()
    price = fund_prices(pairs, ledger.amount, growable, ledger.gap_left, ledger.balance_left, ranks)
    need_reasons, fund_reasons = describe(instance, pairs, ledger, ranks, price)
    given = np.flatnonzero(ledger.amount)
    given = given[np.lexsort((pairs.fund[given], pairs.need[given]))]
    need, fund = pairs.need[given], pairs.fund[given]
    eligible_needs = fund_reasons.eligible_needs
    need_back, fund_back = np.argsort(need_rows), np.argsort(fund_rows)
    return CashSolution(
        need_index=need_rows[need],
        fund_index=fund_rows[fund],
        amount_fen=ledger.amount[given],
        rank=ranks.rank[need],
        competitors=eligible_needs[fund] - 1,
        price_need=_moved(price[fund], need_rows),
        covered_fen=(instance.needs.gap_fen - ledger.gap_left)[need_back],
        spent_fen=(instance.funds.available_fen - ledger.balance_left)[fund_back],
        need_rank=ranks.rank[need_back],
        needs=_back(need_reasons, need_back, {"nearest_fund": fund_rows}),
        funds=_back(fund_reasons, fund_back, dict.fromkeys(FUND_POSITIONS, need_rows)),
    )


def _moved(positions: Int64, rows: Int64) -> Int64:
    moved: Int64 = np.where(positions >= 0, rows[np.maximum(positions, 0)], -1) if len(rows) else positions
    return moved


def _back(found: R, back: Int64, positions: dict[str, Int64]) -> R:
    columns = {name: getattr(found, name)[back] for name in found.__dataclass_fields__}
    for name, rows in positions.items():
        columns[name] = _moved(columns[name], rows)
    return type(found)(**columns)


def explain_pair(instance: CashInstance, solution: CashSolution, need: int, fund: int) -> PairReason:
    """Return why this need got, or did not get, money of this fund. Positions as in the instance."""
    one = CashInstance(
        instance.needs.take(np.array([need])),
        instance.funds.take(np.array([fund])),
        instance.promises,
        instance.today,
    )
    found = limits(one, 0, Promised.of(one))
    failed = int(found.failed[0])
    given = np.flatnonzero((solution.need_index == need) & (solution.fund_index == fund))
    amount = int(solution.amount_fen[given].sum())
    last = int(solution.funds.last_served_need[fund])
    eligible = int(solution.funds.eligible_needs[fund])
    return PairReason(
        outcome=_pair_outcome(instance, solution, need, fund, failed, amount, int(found.floor_fen[0])),
        amount_fen=amount,
        checks=_checks(one, failed, int(found.cap_fen[0]), int(found.floor_fen[0])),
        failed_rules=Rule(failed),
        rank=int(solution.need_rank[need]),
        competitors=eligible - 1 if failed == 0 else eligible,
        cap_fen=int(found.cap_fen[0]) if failed == 0 else 0,
        price_need=int(solution.funds.price_need[fund]),
        exhausted_tier=int(instance.needs.tier[last]) if last >= 0 else -1,
        exhausted_priority=int(instance.needs.priority[last]) if last >= 0 else -1,
        change=why.smallest_change(one, 0, 0, failed, found),
    )


def _pair_outcome(
    instance: CashInstance, solution: CashSolution, need: int, fund: int, failed: int, amount: int, floor: int
) -> Outcome:
    gap_left = int(instance.needs.gap_fen[need] - solution.covered_fen[need])
    balance_left = int(instance.funds.available_fen[fund] - solution.spent_fen[fund])
    if amount:
        return Outcome.MATCHED
    if failed & (Rule.GAP | Rule.BALANCE):
        return Outcome.NOTHING_LACKING
    if failed:
        return Outcome.NOT_ELIGIBLE
    if gap_left <= 0:
        return Outcome.COVERED_ELSEWHERE
    if balance_left <= 0:
        return Outcome.EXHAUSTED
    return Outcome.BELOW_MINIMUM if min(gap_left, balance_left) < floor else Outcome.CAPPED


def _checks(one: CashInstance, failed: int, cap_fen: int, floor_fen: int) -> tuple[Check, ...]:
    """Return every rule with the values compared; `one` holds one need and one fund."""
    needs, funds = one.needs, one.funds
    regions = funds.regions_of(0).tolist()
    values: dict[Rule, tuple[int, int]] = {
        Rule.REGION: (int(needs.region[0]), regions[0] if regions else 0),
        Rule.CATEGORY: (int(needs.category[0]), int(funds.categories[0])),
        Rule.TIER: (int(needs.tier[0]), int(funds.tiers[0])),
        Rule.GROUP: (int(needs.groups[0]), int(funds.groups[0])),
        Rule.GOVERNMENT_FIRST: (int(needs.government_done[0]), int(funds.government_first[0])),
        Rule.PERIOD: (one.today, int(funds.expires_on[0])),
        Rule.GAP: (int(needs.gap_fen[0]), 0),
        Rule.BALANCE: (0, int(funds.available_fen[0])),
        Rule.MINIMUM_GRANT: (cap_fen, floor_fen),
        Rule.CASE_CAP: (int(needs.gap_fen[0]), int(funds.per_case_cap_fen[0])),
        Rule.SHARE_CAP: (int(needs.required_fen[0]), int(funds.share_cap_permille[0])),
        Rule.HOUSEHOLD_CAP: (int(needs.gap_fen[0]), int(funds.per_household_cap_fen[0])),
    }
    return tuple(Check(rule, not failed & rule, *pair) for rule, pair in values.items())
