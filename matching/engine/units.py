"""Services and goods: whole units (sessions, pieces) from offers with capacity or stock, an area and a clientele.

Goods may come from several lots: an integral transportation problem, exact by min-cost flow. A referral must stay with
one agency: exact by the same flow while every need asks one unit; else a generalised assignment problem, solved by
relaxing, keeping what came out whole and filling in rank order (the written rule: a higher rank is tried first, the
agency with the least load that fits is taken).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.cash import Method
from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Int64
from matching.engine.units_model import UnitInstance, UnitSolution
from matching.engine.units_pairs import solve_by_pairs
from matching.engine.units_rules import failed_rules

PAIRS_LIMIT = 2_000_000
"""Up to this many pairs (needs times offers) every pair is looked at."""


def solve_units(instance: UnitInstance, *, method: Method = "auto") -> UnitSolution:
    """Return the allocation of whole units with reasons; the same for any order of rows. Raises SolverError.

    `method` "pairs" looks at every pair and spreads the load evenly; "large" never lists the pairs.
    """
    need_rows = np.argsort(instance.needs.id, kind="stable").astype(np.int64)
    offer_rows = np.argsort(instance.offers.id, kind="stable").astype(np.int64)
    inner = UnitInstance(
        instance.needs.take(need_rows), instance.offers.take(offer_rows), instance.splittable, instance.today
    )
    large = method == "large" or (method == "auto" and len(need_rows) * len(offer_rows) > PAIRS_LIMIT)
    if large:
        from matching.engine.units_large import solve_units_large

        return in_order_of(solve_units_large(inner), need_rows, offer_rows)
    return in_order_of(solve_by_pairs(inner), need_rows, offer_rows)


def in_order_of(solution: UnitSolution, need_rows: Int64, offer_rows: Int64) -> UnitSolution:
    """Return the solution for the caller's order, where sorted row k stood at `need_rows[k]`, `offer_rows[k]`."""
    need_back, offer_back = np.argsort(need_rows), np.argsort(offer_rows)
    by_need = (
        "covered_units",
        "need_rank",
        "need_outcome",
        "need_eligible",
        "nearest_failed",
        "exhausted_priority",
    )
    by_offer = ("used_units", "offer_outcome", "offer_eligible")
    moved = {name: getattr(solution, name)[need_back] for name in by_need}
    moved |= {name: getattr(solution, name)[offer_back] for name in by_offer}
    nearest = solution.nearest_offer
    if len(offer_rows):
        nearest = np.where(nearest >= 0, offer_rows[np.maximum(nearest, 0)], -1)
    return replace(
        solution,
        need_index=need_rows[solution.need_index],
        offer_index=offer_rows[solution.offer_index],
        nearest_offer=nearest[need_back],
        **moved,
    )


@dataclass(frozen=True, slots=True)
class UnitPairReason:
    """Why this need got, or did not get, units of this offer."""

    outcome: Outcome
    units: int
    failed_rules: Rule
    rank: int
    competitors: int
    exhausted_priority: int


def explain_unit_pair(
    instance: UnitInstance, solution: UnitSolution, need: int, offer: int
) -> UnitPairReason:
    """Return why, for one pair. Positions as in the instance."""
    one = UnitInstance(
        instance.needs.take(np.array([need])),
        instance.offers.take(np.array([offer])),
        instance.splittable,
        instance.today,
    )
    failed = int(failed_rules(one, 0)[0])
    given = (solution.need_index == need) & (solution.offer_index == offer)
    units = int(solution.units[given].sum())
    lacking = int(instance.needs.units[need] - solution.covered_units[need])
    if units:
        outcome = Outcome.MATCHED
    elif failed:
        outcome = Outcome.NOTHING_LACKING if failed & Rule.GAP else Outcome.NOT_ELIGIBLE
    else:
        outcome = Outcome.COVERED_ELSEWHERE if lacking <= 0 else Outcome.EXHAUSTED
    eligible = int(solution.offer_eligible[offer])
    return UnitPairReason(
        outcome,
        units,
        Rule(failed),
        int(solution.need_rank[need]),
        eligible - 1 if failed == 0 else eligible,
        int(solution.exhausted_priority[need]),
    )
