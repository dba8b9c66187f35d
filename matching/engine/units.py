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
from matching.engine.eligibility import region_step, within
from matching.engine.pairwise import LOCALITY, SolverError
from matching.engine.reasons import effort
from matching.engine.units_model import UnitInstance, UnitNeeds, UnitSolution

LOAD_SLICES = 10
WAY = 4
"""Distances are 0 (one county) to 3 (another province)."""
PAIRS_LIMIT = 2_000_000
"""Up to this many pairs (needs times offers) every pair is looked at."""


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


def _rank(needs: UnitNeeds) -> tuple[Int64, Int64]:
    order = np.lexsort((needs.id, -needs.priority, needs.tier)).astype(np.int64)
    rank = np.empty(len(needs), dtype=np.int64)
    rank[order] = np.arange(1, len(needs) + 1)
    return order, rank


@dataclass(slots=True)
class _Pairs:
    need: Int64
    offer: Int64
    cap: Int64
    cost: Int64


def _pairs(instance: UnitInstance) -> tuple[_Pairs, Int64, Int64]:
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
    return _Pairs(*columns), nearest, nearest_failed


def nearest_offers(instance: UnitInstance) -> tuple[Int64, Int64, Int64]:
    """Return for each need its nearest offer (−1 if there is none), the rules it fails, and how many pass them all."""
    pairs, nearest, failed = _pairs(instance)
    return nearest, failed, np.bincount(pairs.need, minlength=len(instance.needs)).astype(np.int64)


def _flow(instance: UnitInstance, pairs: _Pairs, rank: Int64) -> Int64:
    """Return the optimal units per pair: most units by rank, then local and expiring first, then even load."""
    from ortools.graph.python import min_cost_flow

    needs, offers = instance.needs, instance.offers
    sizes = (len(needs), len(offers))
    source, sink = sum(sizes), sum(sizes) + 1
    step = 2 * min(sizes) * (8 * WAY + LOAD_SLICES) + 1
    flow = min_cost_flow.SimpleMinCostFlow()

    def arcs(tail: Int64, head: Int64, capacity: Int64, cost: Int64) -> Int64:
        return np.asarray(
            flow.add_arcs_with_capacity_and_unit_cost(
                tail.astype(np.int32), head.astype(np.int32), capacity.astype(np.int64), cost.astype(np.int64)
            ),
            dtype=np.int64,
        )

    handles = arcs(pairs.need, sizes[0] + pairs.offer, pairs.cap, pairs.cost)
    every = np.arange(sizes[0])
    arcs(np.full(sizes[0], source), every, needs.units, rank * step)
    stock = np.arange(sizes[1])
    slices = (
        1 if instance.splittable else LOAD_SLICES
    )  # a load that is fair is a matter of agencies, not of shelves
    for part in range(slices):
        capacity = offers.units * (part + 1) // slices - offers.units * part // slices
        arcs(sizes[0] + stock, np.full(sizes[1], sink), capacity, np.full(sizes[1], part))
    total = int(needs.units.sum())
    bypass = np.array([(sizes[0] + 2) * step])
    arcs(np.array([source]), np.array([sink]), np.array([total]), bypass)
    flow.set_nodes_supplies(
        np.array([source, sink], dtype=np.int32), np.array([total, -total], dtype=np.int64)
    )
    if flow.solve() != flow.OPTIMAL:
        raise SolverError("min-cost flow found no optimum")
    return np.asarray(flow.flows(handles), dtype=np.int64)


def _keep_whole(instance: UnitInstance, pairs: _Pairs, units: Int64, order: Int64) -> Int64:
    """Return units in which every need is with one offer or none: keep the whole ones, then fill in rank order."""
    needs, left = instance.needs, instance.offers.units.copy()
    whole = (units > 0) & (units == needs.units[pairs.need])
    kept = np.where(whole, units, 0)
    np.subtract.at(left, pairs.offer, kept)
    done = np.zeros(len(needs), dtype=np.bool_)
    done[pairs.need[whole]] = True
    by_need = np.argsort(pairs.need, kind="stable")
    bounds = np.searchsorted(pairs.need[by_need], np.arange(len(needs) + 1))
    for need in order[~done[order]].tolist():
        mine = by_need[bounds[need] : bounds[need + 1]]
        fitting = mine[left[pairs.offer[mine]] >= needs.units[need]]
        if len(fitting):
            pick = fitting[np.argmax(left[pairs.offer[fitting]])]
            kept[pick] = needs.units[need]
            left[pairs.offer[pick]] -= needs.units[need]
    return kept


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
    return in_order_of(_solve_by_pairs(inner), need_rows, offer_rows)


def _solve_by_pairs(inner: UnitInstance) -> UnitSolution:
    """Return the optimum over all eligible pairs; needs and offers are sorted by id."""
    order, rank = _rank(inner.needs)
    pairs, nearest, nearest_failed = _pairs(inner)
    units = _flow(inner, pairs, rank) if len(pairs.need) else np.zeros(0, dtype=np.int64)
    if not inner.splittable:
        units = _keep_whole(inner, pairs, units, order)
    return _described(inner, pairs, units, (order, rank), (nearest, nearest_failed))


def _described(
    inner: UnitInstance,
    pairs: _Pairs,
    units: Int64,
    ranks: tuple[Int64, Int64],
    near: tuple[Int64, Int64],
) -> UnitSolution:
    """Return the solution with reasons."""
    order, rank = ranks
    sizes = len(inner.needs), len(inner.offers)
    covered, used = np.zeros(sizes[0], dtype=np.int64), np.zeros(sizes[1], dtype=np.int64)
    np.add.at(covered, pairs.need, units)
    np.add.at(used, pairs.offer, units)
    need_eligible = np.bincount(pairs.need, minlength=sizes[0]).astype(np.int64)
    offer_eligible = np.bincount(pairs.offer, minlength=sizes[1]).astype(np.int64)
    lowest = np.zeros(sizes[1], dtype=np.int64)
    given = np.flatnonzero(units)
    np.maximum.at(lowest, pairs.offer[given], rank[pairs.need[given]])
    ended = np.zeros(sizes[0], dtype=np.int64)
    np.maximum.at(ended, pairs.need, lowest[pairs.offer])
    last = order[np.maximum(ended, 1) - 1] if sizes[0] else ended
    given = given[np.lexsort((pairs.offer[given], pairs.need[given]))]
    need, offer = pairs.need[given], pairs.offer[given]
    wanted, free = inner.needs.units, inner.offers.units
    spare = np.zeros(sizes[0], dtype=np.bool_)
    spare[pairs.need[(free - used)[pairs.offer] > 0]] = True
    need_outcome = np.select(
        [wanted <= 0, covered == wanted, covered > 0, need_eligible == 0, spare & inner.splittable],
        [Outcome.NOTHING_LACKING, Outcome.MATCHED, Outcome.PARTLY, Outcome.NOT_ELIGIBLE, Outcome.CAPPED],
        default=Outcome.EXHAUSTED,
    ).astype(np.int64)
    offer_outcome = np.select(
        [free <= 0, used == free, used > 0, offer_eligible == 0],
        [Outcome.NOTHING_LACKING, Outcome.MATCHED, Outcome.PARTLY, Outcome.NOT_ELIGIBLE],
        default=Outcome.COVERED_ELSEWHERE,
    ).astype(np.int64)
    return UnitSolution(
        need_index=need,
        offer_index=offer,
        units=units[given],
        rank=rank[need],
        competitors=offer_eligible[offer] - 1,
        covered_units=covered,
        used_units=used,
        need_rank=rank,
        need_outcome=need_outcome,
        need_eligible=need_eligible,
        nearest_offer=near[0],
        nearest_failed=near[1],
        exhausted_priority=np.where(ended > 0, inner.needs.priority[last], -1),
        offer_outcome=offer_outcome,
        offer_eligible=offer_eligible,
    )


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
