"""Services and goods: whole units (sessions, pieces) from offers with capacity or stock, an area and a clientele.

Goods may come from several lots: an integral transportation problem, exact by min-cost flow. A referral must stay with
one agency: exact by the same flow while every need asks one unit; else a generalised assignment problem, solved by
relaxing, keeping what came out whole and filling in rank order (the written rule: a higher rank is tried first, the
agency with the least load that fits is taken).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Int64, Int64Like, as_column, check, region_lists
from matching.engine.eligibility import region_step, within
from matching.engine.pairwise import LOCALITY, SolverError
from matching.engine.reasons import effort

LOAD_SLICES = 10


@dataclass(frozen=True, slots=True)
class UnitNeeds:
    """Service or goods items, one a row; arrays of shape (n,). `item` is a goods code, 0 if `category` says all.

    `languages` are bits that the person speaks; 0 means that any agency will do.
    """

    id: Int64
    units: Int64
    region: Int64
    category: Int64
    item: Int64
    tier: Int64
    groups: Int64
    languages: Int64
    priority: Int64

    @classmethod
    def of(cls, *, ids: Int64Like, units: Int64Like | None = None, **columns: Int64Like | None) -> UnitNeeds:
        """Return checked needs; a column left out takes its neutral value. Raises InstanceError."""
        id_column = np.ascontiguousarray(ids, dtype=np.int64)
        defaults = {
            "region": 0,
            "category": 0,
            "item": 0,
            "tier": 2,
            "groups": 0,
            "languages": 0,
            "priority": 0,
        }
        check(set(columns) <= set(defaults), f"unknown columns {set(columns) - set(defaults)}")
        filled = {
            name: as_column(columns.get(name), len(id_column), value, name)
            for name, value in defaults.items()
        }
        needs = cls(id=id_column, units=as_column(units, len(id_column), 1, "units"), **filled)
        check(len(np.unique(id_column)) == len(id_column), "need ids repeat")
        check((needs.units >= 0).all(), "negative units in needs")
        check(((needs.category >= 0) & (needs.category < 63)).all(), "category outside 0..62")
        return needs

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)

    def take(self, rows: Int64) -> UnitNeeds:
        """Return the needs at these positions, in this order."""
        return UnitNeeds(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class UnitOffers:
    """Capacity or stock, one offer or lot a row; arrays of shape (m,), restrictions as in `Funds`.

    `units` is what is free. `item` 0 serves any item of its categories. `per_case_units` 0 means no cap.
    `expires_on` is an ordinal day, 0 for none.
    """

    id: Int64
    units: Int64
    region_offsets: Int64
    region_codes: Int64
    categories: Int64
    item: Int64
    tiers: Int64
    groups: Int64
    languages: Int64
    per_case_units: Int64
    expires_on: Int64

    @classmethod
    def of(
        cls,
        *,
        ids: Int64Like,
        units: Int64Like,
        regions: list[list[int]] | None = None,
        region_offsets: Int64Like | None = None,
        region_codes: Int64Like | None = None,
        **columns: Int64Like | None,
    ) -> UnitOffers:
        """Return checked offers; give regions as lists or as offsets and codes. Raises InstanceError."""
        id_column = np.ascontiguousarray(ids, dtype=np.int64)
        names = ("categories", "item", "tiers", "groups", "languages", "per_case_units", "expires_on")
        check(set(columns) <= set(names), f"unknown columns {set(columns) - set(names)}")
        offsets, codes = region_lists(len(id_column), regions, region_offsets, region_codes)
        filled = {name: as_column(columns.get(name), len(id_column), 0, name) for name in names}
        offers = cls(
            id=id_column,
            units=as_column(units, len(id_column), 0, "units"),
            region_offsets=offsets,
            region_codes=codes,
            **filled,
        )
        check(len(np.unique(id_column)) == len(id_column), "offer ids repeat")
        check((offers.units >= 0).all(), "negative units in offers")
        return offers

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)

    def regions_of(self, offer: int) -> Int64:
        """Return the region codes of the offer at this position; empty means anywhere."""
        return self.region_codes[self.region_offsets[offer] : self.region_offsets[offer + 1]]

    def take(self, rows: Int64) -> UnitOffers:
        """Return the offers at these positions, in this order."""
        plain = {n: getattr(self, n)[rows] for n in self.__dataclass_fields__ if not n.startswith("region_")}
        offsets, codes = region_lists(
            len(rows), [self.regions_of(int(row)).tolist() for row in rows], None, None
        )
        return UnitOffers(region_offsets=offsets, region_codes=codes, **plain)


@dataclass(frozen=True, slots=True)
class UnitInstance:
    """Needs and offers of one kind. `splittable` says that several offers may serve one need (goods, not referrals)."""

    needs: UnitNeeds
    offers: UnitOffers
    splittable: bool
    today: int = 0


@dataclass(frozen=True, slots=True)
class UnitSolution:
    """Units given, and why: rows of grants sorted by need and offer id, then one row per need or per offer."""

    need_index: Int64
    offer_index: Int64
    units: Int64
    rank: Int64
    competitors: Int64
    covered_units: Int64
    used_units: Int64
    need_rank: Int64
    need_outcome: Int64
    """Outcome codes."""
    need_eligible: Int64
    nearest_offer: Int64
    nearest_failed: Int64
    """Rule bits that the nearest offer fails."""
    exhausted_priority: Int64
    """Priority of the lowest-ranked need served by the eligible offers; -1 if none."""
    offer_outcome: Int64
    offer_eligible: Int64


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
        soon = 0 if 0 < offers.expires_on[offer] - instance.today < 30 else 1
        parts.append((rows, np.full(len(rows), offer), cap, np.full(len(rows), 4 * soon + local)))
    empty = np.zeros(0, dtype=np.int64)
    columns = [np.concatenate(c).astype(np.int64) for c in zip(*parts, strict=True)] if parts else [empty] * 4
    return _Pairs(*columns), nearest, nearest_failed


def _flow(instance: UnitInstance, pairs: _Pairs, rank: Int64) -> Int64:
    """Return the optimal units per pair: most units by rank, then local and expiring first, then even load."""
    from ortools.graph.python import min_cost_flow

    needs, offers = instance.needs, instance.offers
    sizes = (len(needs), len(offers))
    source, sink = sum(sizes), sum(sizes) + 1
    step = 2 * min(sizes) * (8 + LOAD_SLICES) + 1
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
    for part in range(LOAD_SLICES):
        capacity = offers.units * (part + 1) // LOAD_SLICES - offers.units * part // LOAD_SLICES
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


def solve_units(instance: UnitInstance) -> UnitSolution:
    """Return the allocation of whole units with reasons; the same for any order of rows. Raises SolverError."""
    need_rows = np.argsort(instance.needs.id, kind="stable").astype(np.int64)
    offer_rows = np.argsort(instance.offers.id, kind="stable").astype(np.int64)
    inner = UnitInstance(
        instance.needs.take(need_rows), instance.offers.take(offer_rows), instance.splittable, instance.today
    )
    order, rank = _rank(inner.needs)
    pairs, nearest, nearest_failed = _pairs(inner)
    units = _flow(inner, pairs, rank) if len(pairs.need) else np.zeros(0, dtype=np.int64)
    if not inner.splittable:
        units = _keep_whole(inner, pairs, units, order)
    return _described(inner, pairs, units, (order, rank), (nearest, nearest_failed), (need_rows, offer_rows))


def _described(
    inner: UnitInstance,
    pairs: _Pairs,
    units: Int64,
    ranks: tuple[Int64, Int64],
    near: tuple[Int64, Int64],
    rows: tuple[Int64, Int64],
) -> UnitSolution:
    """Return the solution with reasons, positions turned back into the caller's order."""
    (order, rank), (need_rows, offer_rows) = ranks, rows
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
    need_back, offer_back = np.argsort(need_rows), np.argsort(offer_rows)
    nearest = np.where(near[0] >= 0, offer_rows[np.maximum(near[0], 0)], -1) if sizes[1] else near[0]
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
        need_index=need_rows[need],
        offer_index=offer_rows[offer],
        units=units[given],
        rank=rank[need],
        competitors=offer_eligible[offer] - 1,
        covered_units=covered[need_back],
        used_units=used[offer_back],
        need_rank=rank[need_back],
        need_outcome=need_outcome[need_back],
        need_eligible=need_eligible[need_back],
        nearest_offer=nearest[need_back],
        nearest_failed=near[1][need_back],
        exhausted_priority=np.where(ended > 0, inner.needs.priority[last], -1)[need_back],
        offer_outcome=offer_outcome[offer_back],
        offer_eligible=offer_eligible[offer_back],
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


__all__ = [
    "UnitInstance",
    "UnitNeeds",
    "UnitOffers",
    "UnitPairReason",
    "UnitSolution",
    "explain_unit_pair",
    "failed_rules",
    "solve_units",
]
