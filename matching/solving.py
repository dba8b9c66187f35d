"""From a snapshot to grants and reasons: the engine's answers as columns beside the snapshot's own (pure).

The same snapshot always gives the same outcome; `MatchRun.outcome_digest` holds it to that. Reasons are codes here
(`matching.engine.codes`); `matching.explaining` reads them, `cms.wording` words them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from matching import columns as c
from matching import snapshot as s
from matching.engine import (
    CashInstance,
    CashSolution,
    Kind,
    Mixed,
    MixedSolution,
    Outcome,
    UnitInstance,
    UnitSolution,
    solve_cash,
    solve_mixed,
    solve_units,
)
from matching.engine.columns import Int64
from matching.engine.provinces import SolveParts, solve_by_province, solve_here
from matching.ordering import Order

GRANTS = "grants"
KIND_PLACE = {s.CASH: Kind.CASH, s.SERVICES: Kind.SERVICE, s.GOODS: Kind.GOODS}
NONE = -1
ITEM_FACTS = (
    "covered", "open", "outcome", "shortfall", "eligible", "nearest", "failed", "change_rule", "change_value", "ended",
    "place", "rank", "claim", "band", "overdue", "forgotten", "weeks", "reaches",
)  # fmt: skip
"""What became of an item. `place` is its step in the order of its kind, over all tiers (equals share one), `rank` its
own place,
`ended` the step of the last item that its resources served; `nearest` is a position among the resources, or −1."""
SUPPLY_FACTS = (
    "used", "open", "outcome", "eligible", "nearest", "failed", "change_rule", "change_value", "price", "level", "last",
)  # fmt: skip
"""What became of a fund, offer or lot. `price` is the item that one more unit would reach, `level` the certificate's
level at which a fund's money ended, `last` the lowest-ranked item served; positions, or −1."""
GRANT_FACTS = ("kind", "item", "supply", "amount", "rank", "competitors", "price", "weeks")


@dataclass(frozen=True)
class Solved:
    """One outcome: a table of facts for each table of the snapshot, and the grants by kind, item and resource."""

    tables: Mapping[str, c.Columns]

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the outcome."""
        return c.digest(self.tables, header={})

    def grants(self, kind: str) -> c.Columns:
        """Return the grants of one kind."""
        every = self.tables[GRANTS]
        own = every["kind"] == int(KIND_PLACE[kind])
        return {name: column[own] for name, column in every.items()}

    @property
    def matches(self) -> int:
        """How many grants there are."""
        return len(self.tables[GRANTS]["amount"])

    @property
    def left(self) -> int:
        """How many items lack something still, and how many resources have something left."""
        return sum(int((facts["open"] > 0).sum()) for name, facts in self.tables.items() if name != GRANTS)


def solve(snapshot: s.Snapshot, solve_parts: SolveParts = solve_here) -> Solved:
    """Return what the engine makes of the snapshot: cash, services and goods, packages whole.

    `solve_parts` solves the provinces of a snapshot that is solved by province; the outcome is the same wherever.
    """
    cash, cash_order = s.cash_instance(snapshot)
    services, service_order = s.unit_instance(snapshot, s.SERVICES)
    goods, goods_order = s.unit_instance(snapshot, s.GOODS)
    mixed = Mixed(
        cash,
        services,
        goods,
        snapshot.tables[s.CASH]["package"],
        snapshot.tables[s.SERVICES]["package"],
        snapshot.tables[s.GOODS]["package"],
        calendar=s.calendar(snapshot.tables[s.SERVICES], snapshot.tables[s.OFFERS]),
    )
    rounds = snapshot.province_rounds
    if rounds:
        found = solve_mixed(mixed, partial(solve_by_province, solve_parts=solve_parts, rounds=rounds))
    else:
        found = solve_mixed(mixed)
    nothing = np.zeros(len(goods.needs), dtype=np.int64)
    tables = {
        s.CASH: _cash_items(cash, found.cash, cash_order),
        s.SERVICES: _unit_items(services, found.services, service_order, found.weeks),
        s.GOODS: _unit_items(goods, found.goods, goods_order, nothing),
        s.FUNDS: _funds(cash, found.cash),
        s.OFFERS: _supplies(services, found.services),
        s.LOTS: _supplies(goods, found.goods),
        GRANTS: _grants(found),
    }
    _tell_withheld(tables, mixed, found)
    return Solved(tables)


def _cash_items(instance: CashInstance, solution: CashSolution, order: Order) -> c.Columns:
    why, steps = solution.needs, _Steps.of_needs(instance.needs.tier, instance.needs.priority)
    return {
        "covered": solution.covered_fen,
        "open": instance.needs.gap_fen - solution.covered_fen,
        "outcome": why.outcome,
        "shortfall": why.shortfall,
        "eligible": why.eligible_funds,
        "nearest": why.nearest_fund,
        "failed": why.failed_rules,
        "change_rule": why.change_rule,
        "change_value": why.change_value,
        "ended": steps.of(why.exhausted_tier, why.exhausted_priority),
        "rank": solution.need_rank,
        "weeks": np.zeros(len(order.priority), dtype=np.int64),
        "reaches": _reaches(instance, solution),
        **_standing(order, steps.own),
    }


def _reaches(instance: CashInstance, solution: CashSolution) -> Int64:
    """Return for each item whom a new fen for it would reach: itself while it is open, else by the money it sets free.

    A fen for an item that is covered frees a fen of its funds, which goes where their price says. −1: nowhere.
    """
    size = len(instance.needs)
    by_rank = np.empty(size + 1, dtype=np.int64)
    by_rank[solution.need_rank] = np.arange(size)
    freed = solution.funds.price_need[solution.fund_index]
    best = np.full(size, size + 1, dtype=np.int64)
    goes_on = freed >= 0
    np.minimum.at(best, solution.need_index[goes_on], solution.need_rank[freed[goes_on]])
    still_open = instance.needs.gap_fen > solution.covered_fen
    best[still_open] = np.minimum(best, solution.need_rank)[still_open]
    return np.where(best <= size, by_rank[np.minimum(best, size)], NONE)


def _unit_items(instance: UnitInstance, solution: UnitSolution, order: Order, weeks: Int64) -> c.Columns:
    nothing = np.zeros(len(order.priority), dtype=np.int64)
    left = instance.needs.units - solution.covered_units
    return {
        "covered": solution.covered_units,
        "open": left,
        "outcome": solution.need_outcome,
        "shortfall": np.where(left > 0, solution.need_outcome, int(Outcome.MATCHED)),
        "eligible": solution.need_eligible,
        "nearest": solution.nearest_offer,
        "failed": solution.nearest_failed,
        "change_rule": np.where(_single(solution.nearest_failed), solution.nearest_failed, 0),
        "change_value": nothing,
        "ended": np.full(
            len(left), NONE, dtype=np.int64
        ),  # the engine does not tell of which tier the last was
        "rank": solution.need_rank,
        "weeks": weeks,
        "reaches": np.where(left > 0, np.arange(len(left)), NONE),
        **_standing(order, _Steps.of_needs(instance.needs.tier, instance.needs.priority).own),
    }


def _standing(order: Order, step: Int64) -> c.Columns:
    return {
        "place": step,
        "claim": order.claim,
        "band": order.band,
        "overdue": order.overdue.astype(np.int64),
        "forgotten": order.forgotten.astype(np.int64),
    }


@dataclass(frozen=True)
class _Steps:
    """The steps of the order over all tiers, from 1; equals share one. Priorities alone count within a tier."""

    keys: Int64
    own: Int64

    @classmethod
    def of_needs(cls, tier: Int64, priority: Int64) -> "_Steps":
        """Return the steps of these needs."""
        keys, own = np.unique(_key(tier, priority), return_inverse=True)
        return cls(keys, own.reshape(-1).astype(np.int64) + 1)

    def of(self, tier: Int64, priority: Int64) -> Int64:
        """Return the steps at these tiers and priorities; −1 where the tier is −1."""
        step = np.searchsorted(self.keys, _key(tier, priority)) + 1
        return np.where(tier >= 0, step, NONE).astype(np.int64)


def _key(tier: Int64, priority: Int64) -> Int64:
    return np.asarray(tier * (1 << 40) - priority, dtype=np.int64)


def _single(failed: Int64) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return where one rule fails and no other: a change of it alone would do."""
    one: np.ndarray[tuple[int], np.dtype[np.bool_]] = (failed > 0) & (failed & (failed - 1) == 0)
    return one


def _funds(instance: CashInstance, solution: CashSolution) -> c.Columns:
    why = solution.funds
    return {
        "used": solution.spent_fen,
        "open": instance.funds.available_fen - solution.spent_fen,
        "outcome": why.outcome,
        "eligible": why.eligible_needs,
        "nearest": why.nearest_need,
        "failed": why.failed_rules,
        "change_rule": why.change_rule,
        "change_value": why.change_value,
        "price": why.price_need,
        "level": solution.price_level,
        "last": why.last_served_need,
    }


def _supplies(instance: UnitInstance, solution: UnitSolution) -> c.Columns:
    size = len(instance.offers)
    nothing, nowhere = np.zeros(size, dtype=np.int64), np.full(size, NONE, dtype=np.int64)
    nearest, failed = _nearest_open(instance, solution)
    return {
        "used": solution.used_units,
        "open": instance.offers.units - solution.used_units,
        "outcome": solution.offer_outcome,
        "eligible": solution.offer_eligible,
        "nearest": nearest,
        "failed": failed,
        "change_rule": np.where(_single(failed), failed, 0),
        "change_value": nothing,
        "price": nowhere,
        "level": nowhere,
        "last": nowhere,
    }


def _nearest_open(instance: UnitInstance, solution: UnitSolution) -> tuple[Int64, Int64]:
    """Return for each offer or lot the open item whose nearest one it is, best rank first, and what it fails."""
    size = len(instance.offers)
    nearest, failed = np.full(size, NONE, dtype=np.int64), np.zeros(size, dtype=np.int64)
    lacking = np.flatnonzero((instance.needs.units > solution.covered_units) & (solution.nearest_offer >= 0))
    worst_first = lacking[np.argsort(-solution.need_rank[lacking], kind="stable")]
    nearest[solution.nearest_offer[worst_first]] = worst_first
    told = nearest >= 0
    failed[told] = solution.nearest_failed[nearest[told]]
    return nearest, failed


def _grants(found: MixedSolution) -> c.Columns:
    cash = found.cash
    parts = [
        (
            Kind.CASH,
            cash.need_index,
            cash.fund_index,
            cash.amount_fen,
            cash.rank,
            cash.competitors,
            cash.price_need,
        )
    ]
    for kind, units in ((Kind.SERVICE, found.services), (Kind.GOODS, found.goods)):
        nowhere = np.full(len(units.units), NONE, dtype=np.int64)
        parts.append(
            (kind, units.need_index, units.offer_index, units.units, units.rank, units.competitors, nowhere)
        )
    names = GRANT_FACTS[1:-1]
    columns = {
        name: np.concatenate([part[1 + k] for part in parts]).astype(np.int64) for k, name in enumerate(names)
    }
    columns["kind"] = np.concatenate([np.full(len(part[1]), int(part[0])) for part in parts]).astype(np.int64)
    weeks = np.zeros(len(columns["item"]), dtype=np.int64)
    service = columns["kind"] == int(Kind.SERVICE)
    weeks[service] = found.weeks[columns["item"][service]]
    columns["weeks"] = weeks
    return columns


def _tell_withheld(tables: Mapping[str, c.Columns], mixed: Mixed, found: MixedSolution) -> None:
    """Tell the parts of packages that were given up why: their own reason, or that another part is to blame.

    They were out of the last solve, so what is nearest to them is asked of what the others left.
    """
    parts = [part for package in found.withdrawn.values() for part in package]
    if not parts:
        return
    by_kind = {kind: [part for part in parts if part.kind == place] for kind, place in KIND_PLACE.items()}
    instances: dict[str, CashInstance | UnitInstance] = {
        s.CASH: mixed.cash,
        s.SERVICES: mixed.services,
        s.GOODS: mixed.goods,
    }
    for kind, own in by_kind.items():
        if not own:
            continue
        rows = np.array([part.need for part in own], dtype=np.int64)
        outcome = np.array([int(part.outcome) for part in own], dtype=np.int64)
        facts = tables[kind]
        for name, column in _asked_again(instances[kind], tables, kind, rows).items():
            facts[name] = facts[name].copy()
            facts[name][rows] = column
        for name in ("outcome", "shortfall"):
            facts[name] = facts[name].copy()
            facts[name][rows] = outcome


def _asked_again(
    instance: CashInstance | UnitInstance, tables: Mapping[str, c.Columns], kind: str, rows: Int64
) -> c.Columns:
    """Return what is nearest to these items among what is left, and the smallest change."""
    left = tables[s.SUPPLY_OF[kind]]["open"]
    if isinstance(instance, CashInstance):
        asked = replace(
            instance, needs=instance.needs.take(rows), funds=replace(instance.funds, available_fen=left)
        )
        why = solve_cash(asked).needs
        return {
            "eligible": why.eligible_funds, "nearest": why.nearest_fund, "failed": why.failed_rules,
            "change_rule": why.change_rule, "change_value": why.change_value,
        }  # fmt: skip
    units = replace(instance, needs=instance.needs.take(rows), offers=replace(instance.offers, units=left))
    found = solve_units(units)
    return {
        "eligible": found.need_eligible, "nearest": found.nearest_offer, "failed": found.nearest_failed,
        "change_rule": np.where(_single(found.nearest_failed), found.nearest_failed, 0),
    }  # fmt: skip
