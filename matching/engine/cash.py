"""Cash: solve an instance and say why; `solve_cash` and `explain_pair` are what callers need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.engine import reasons as why
from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Bool, Int64
from matching.engine.describe import describe
from matching.engine.eligibility import Pairs, Promised, eligible_pairs, limits
from matching.engine.minimums import Ledger, repair
from matching.engine.model import CashInstance
from matching.engine.pairwise import household_nodes, solve_pairs
from matching.engine.prices import fund_prices
from matching.engine.ranks import NEVER, rank_needs
from matching.engine.solution import CashSolution, assemble, in_order_of

ENGINE_VERSION = "5"
PAIRS_LIMIT = 2_000_000
"""Up to this many pairs (needs times funds) every pair is looked at."""
Method = Literal["auto", "pairs", "large"]


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


def solve_cash(instance: CashInstance, *, equal_slices: int = 10, method: Method = "auto") -> CashSolution:
    """Return the optimal allocation with reasons; the same for any order of rows. Raises SolverError.

    The covered gap is maximal by tier, then by priority. `method` "pairs" looks at every pair (among equals it
    spreads in `equal_slices` steps, minimum grants are kept by repeated solving); "large" never lists the pairs and
    serves a million needs (equals share by class or by id). Both are exact but for minimum grants (see `minimums`).
    """
    need_rows = np.argsort(instance.needs.id, kind="stable").astype(np.int64)
    fund_rows = np.argsort(instance.funds.id, kind="stable").astype(np.int64)
    sorted_instance = CashInstance(
        instance.needs.take(need_rows), instance.funds.take(fund_rows), instance.promises, instance.today
    )
    if method == "large" or (method == "auto" and len(need_rows) * len(fund_rows) > PAIRS_LIMIT):
        from matching.engine.large import solve_large

        return in_order_of(solve_large(sorted_instance), need_rows, fund_rows)
    return in_order_of(_solve_by_pairs(sorted_instance, equal_slices), need_rows, fund_rows)


def _solve_by_pairs(sorted_instance: CashInstance, equal_slices: int) -> CashSolution:
    """Return the optimum over all eligible pairs; needs and funds are sorted by id."""
    ranks = rank_needs(sorted_instance.needs)
    pairs = eligible_pairs(sorted_instance)
    nodes = household_nodes(sorted_instance, pairs)

    def solve(allowed: Bool) -> Int64:
        amount = np.zeros(len(pairs), dtype=np.int64)
        kept = Pairs(*(getattr(pairs, name)[allowed] for name in pairs.__dataclass_fields__))
        amount[allowed] = solve_pairs(sorted_instance, kept, ranks, parts=equal_slices)
        return amount

    amount = repair(sorted_instance, pairs, ranks, nodes, solve)
    ledger = Ledger.of(sorted_instance, pairs, amount, *nodes)
    growable = (ledger.amount < pairs.cap_fen) & ~ledger.node_full()
    price = fund_prices(pairs, ledger.amount, growable, ledger.gap_left, ledger.balance_left, ranks)
    need_reasons, fund_reasons = describe(sorted_instance, pairs, ledger, ranks, price)
    given = ledger.amount > 0
    return assemble(
        sorted_instance,
        ranks,
        (pairs.need[given], pairs.fund[given], ledger.amount[given]),
        np.where(price >= 0, ranks.level[price] if len(ranks.level) else 0, NEVER),
        need_reasons,
        fund_reasons,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a solution says of one pair, its need and its fund: all that explaining it takes besides their own rows."""

    amount_fen: int
    gap_left_fen: int
    balance_left_fen: int
    rank: int
    eligible_needs: int
    price_need: int
    exhausted_tier: int = -1
    exhausted_priority: int = -1


def explain_pair(instance: CashInstance, solution: CashSolution, need: int, fund: int) -> PairReason:
    """Return why this need got, or did not get, money of this fund. Positions as in the instance."""
    one = CashInstance(
        instance.needs.take(np.array([need])),
        instance.funds.take(np.array([fund])),
        instance.promises,
        instance.today,
    )
    given = np.flatnonzero((solution.need_index == need) & (solution.fund_index == fund))
    last = int(solution.funds.last_served_need[fund])
    standing = Standing(
        amount_fen=int(solution.amount_fen[given].sum()),
        gap_left_fen=int(instance.needs.gap_fen[need] - solution.covered_fen[need]),
        balance_left_fen=int(instance.funds.available_fen[fund] - solution.spent_fen[fund]),
        rank=int(solution.need_rank[need]),
        eligible_needs=int(solution.funds.eligible_needs[fund]),
        price_need=int(solution.funds.price_need[fund]),
        exhausted_tier=int(instance.needs.tier[last]) if last >= 0 else -1,
        exhausted_priority=int(instance.needs.priority[last]) if last >= 0 else -1,
    )
    return explain_one(one, standing)


def explain_one(one: CashInstance, standing: Standing) -> PairReason:
    """Return why a need got, or did not get, money of a fund; `one` holds that need and that fund alone."""
    found = limits(one, 0, Promised.of(one))
    failed, floor = int(found.failed[0]), int(found.floor_fen[0])
    return PairReason(
        outcome=_pair_outcome(standing, failed, floor),
        amount_fen=standing.amount_fen,
        checks=pair_checks(one, failed, int(found.cap_fen[0]), floor),
        failed_rules=Rule(failed),
        rank=standing.rank,
        competitors=standing.eligible_needs - 1 if failed == 0 else standing.eligible_needs,
        cap_fen=int(found.cap_fen[0]) if failed == 0 else 0,
        price_need=standing.price_need,
        exhausted_tier=standing.exhausted_tier,
        exhausted_priority=standing.exhausted_priority,
        change=why.smallest_change(one, 0, 0, failed, found),
    )


def _pair_outcome(standing: Standing, failed: int, floor: int) -> Outcome:
    if standing.amount_fen:
        return Outcome.MATCHED
    if failed & (Rule.GAP | Rule.BALANCE):
        return Outcome.NOTHING_LACKING
    if failed:
        return Outcome.NOT_ELIGIBLE
    if standing.gap_left_fen <= 0:
        return Outcome.COVERED_ELSEWHERE
    if standing.balance_left_fen <= 0:
        return Outcome.EXHAUSTED
    least = min(standing.gap_left_fen, standing.balance_left_fen)
    return Outcome.BELOW_MINIMUM if least < floor else Outcome.CAPPED


def pair_checks(one: CashInstance, failed: int, cap_fen: int, floor_fen: int) -> tuple[Check, ...]:
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
        Rule.MINIMUM_GRANT: (min(cap_fen, int(funds.available_fen[0])), floor_fen),
        Rule.CASE_CAP: (int(needs.gap_fen[0]), int(funds.per_case_cap_fen[0])),
        Rule.SHARE_CAP: (int(needs.required_fen[0]), int(funds.share_cap_permille[0])),
        Rule.HOUSEHOLD_CAP: (int(needs.gap_fen[0]), int(funds.per_household_cap_fen[0])),
    }
    return tuple(Check(rule, not failed & rule, *pair) for rule, pair in values.items())
