"""Services and goods over all eligible pairs: exact by min-cost flow, whole referrals by the written rule.

For small instances, and as the oracle in tests.
"""

from __future__ import annotations

import numpy as np

from matching.engine.codes import Outcome
from matching.engine.columns import Int64
from matching.engine.pairwise import SolverError
from matching.engine.units_model import UnitInstance, UnitNeeds, UnitSolution
from matching.engine.units_rules import WAY, UnitPairs, eligible_units

LOAD_SLICES = 10


def solve_by_pairs(inner: UnitInstance) -> UnitSolution:
    """Return the optimum over all eligible pairs; needs and offers are sorted by id."""
    order, rank = served_order(inner.needs)
    pairs, nearest, nearest_failed = eligible_units(inner)
    units = best_units(inner, pairs, rank) if len(pairs.need) else np.zeros(0, dtype=np.int64)
    if not inner.splittable:
        units = keep_whole(inner, pairs, units, order)
    return described(inner, pairs, units, (order, rank), (nearest, nearest_failed))


def served_order(needs: UnitNeeds) -> tuple[Int64, Int64]:
    """Return the needs in order of service, and each one's place in it, from 1."""
    order = np.lexsort((needs.id, -needs.priority, needs.tier)).astype(np.int64)
    rank = np.empty(len(needs), dtype=np.int64)
    rank[order] = np.arange(1, len(needs) + 1)
    return order, rank


def best_units(instance: UnitInstance, pairs: UnitPairs, rank: Int64) -> Int64:
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


def keep_whole(instance: UnitInstance, pairs: UnitPairs, units: Int64, order: Int64) -> Int64:
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


def described(
    inner: UnitInstance,
    pairs: UnitPairs,
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
