"""Two views of a solution for planners: money that stands idle, and where the next yuan would reach whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Int64
from matching.engine.eligibility import region_step
from matching.engine.model import CashInstance
from matching.engine.ranks import need_at_rank, rank_needs
from matching.engine.solution import CashSolution


@dataclass(frozen=True, slots=True)
class IdleMoney:
    """Money left over, summed by what keeps it from the nearest open need; one row per set of failed rules."""

    failed_rules: Int64
    """Rule bits; 0 means that no need is open, or that caps or minimums are in the way."""
    funds: Int64
    """How many funds."""
    left_fen: Int64


def idle_money(instance: CashInstance, solution: CashSolution) -> IdleMoney:
    """Return the money left over by reason, largest sum first."""
    left = instance.funds.available_fen - solution.spent_fen
    idle = np.flatnonzero(left > 0)
    rules = np.where(solution.funds.nearest_need[idle] >= 0, solution.funds.failed_rules[idle], int(Rule(0)))
    values, number, counts = np.unique(rules, return_inverse=True, return_counts=True)
    sums = np.zeros(len(values), dtype=np.int64)
    np.add.at(sums, number, left[idle])
    order = np.lexsort((values, -sums))
    return IdleMoney(values[order], counts[order].astype(np.int64), sums[order])


@dataclass(frozen=True, slots=True)
class WhereNext:
    """Open gaps by region and category; a row's first need is who the next yuan for it would reach."""

    region: Int64
    category: Int64
    open_needs: Int64
    open_fen: Int64
    first_need: Int64
    """Position of the best-ranked need still lacking money in this region and category."""
    without_any_fund: Int64
    """How many of the open needs are admitted by no fund at all."""


def where_next(instance: CashInstance, solution: CashSolution, *, region_like: int = 990000) -> WhereNext:
    """Return the open gaps, the row whose first need ranks best in front.

    `region_like` is any code of the level to sum by: a province (990000), a prefecture (990100) or a county (990101).
    """
    needs, ranks = instance.needs, rank_needs(instance.needs)
    left = needs.gap_fen - solution.covered_fen
    rows = np.flatnonzero(left > 0)
    step = region_step(region_like)
    region = needs.region[rows] // step * step
    values, number, counts = np.unique(
        region * 64 + needs.category[rows], return_inverse=True, return_counts=True
    )
    sums, alone = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    first = np.full(len(values), len(needs) + 1, dtype=np.int64)
    np.add.at(sums, number, left[rows])
    np.add.at(alone, number, (solution.needs.shortfall[rows] == Outcome.NOT_ELIGIBLE).astype(np.int64))
    np.minimum.at(first, number, ranks.rank[rows])
    order = np.argsort(first, kind="stable")
    return WhereNext(
        region=values[order] // 64,
        category=values[order] % 64,
        open_needs=counts[order].astype(np.int64),
        open_fen=sums[order],
        first_need=need_at_rank(ranks, first[order]),
        without_any_fund=alone[order],
    )
