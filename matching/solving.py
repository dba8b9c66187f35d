"""From a snapshot to matches and reasons: the engine's answers in the house's own words (pure).

The same snapshot always gives the same outcome; `MatchRun.outcome_digest` holds it to that.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from matching.engine import (
    CashInstance,
    Outcome,
    PairReason,
    Rule,
    explain_pair,
    explain_unit_pair,
    solve_cash,
    solve_units,
)
from matching.engine.reasons import FundReasons, NeedReasons
from matching.snapshot import FundRow, ItemRow, Snapshot, UnitRow, cash_instance, unit_instance

Reasons = dict[str, object]


@dataclass(frozen=True)
class Match:
    """So much of a resource (`kind`: fund, offer or lot) for an item."""

    item: str
    kind: str
    resource: str
    amount: int
    reasons: Reasons


@dataclass(frozen=True)
class Left:
    """What an item still lacks, or a resource still has, and why."""

    kind: str
    subject: str
    amount: int
    reasons: Reasons


@dataclass(frozen=True)
class Solved:
    """One outcome, in the snapshot's order."""

    matches: tuple[Match, ...]
    left: tuple[Left, ...]

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the outcome."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def solve(snapshot: Snapshot) -> Solved:
    """Return what the engine makes of the snapshot: cash, services, goods."""
    parts = [
        _solve_cash(snapshot),
        _solve_units(
            snapshot.services, snapshot.offers, kind="offer", splittable=False, today=snapshot.today
        ),
        _solve_units(snapshot.goods, snapshot.lots, kind="lot", splittable=True, today=snapshot.today),
    ]
    return Solved(
        tuple(match for part in parts for match in part.matches),
        tuple(left for part in parts for left in part.left),
    )


def rule_names(bits: int) -> list[str]:
    """Return the names of the rules in a bit field, lowest first; no bits (or −1) give none."""
    return [] if bits <= 0 else [str(rule.name).lower() for rule in Rule if rule & bits]


def _solve_cash(snapshot: Snapshot) -> Solved:
    instance = cash_instance(snapshot)
    solution = solve_cash(instance)
    matches = []
    for place in range(len(solution.amount_fen)):
        need, fund = int(solution.need_index[place]), int(solution.fund_index[place])
        reason = explain_pair(instance, solution, need, fund)
        matches.append(
            Match(
                snapshot.cash[need].item,
                "fund",
                snapshot.funds[fund].fund,
                int(solution.amount_fen[place]),
                _pair_reasons(instance, reason),
            )
        )
    left = []
    for place, row in enumerate(snapshot.cash):
        remaining = row.gap - int(solution.covered_fen[place])
        if remaining:
            reasons = _need_reasons(solution.needs, place, snapshot.funds)
            left.append(Left("item", row.item, remaining, reasons))
    for place, fund_row in enumerate(snapshot.funds):
        remaining = fund_row.available - int(solution.spent_fen[place])
        if remaining:
            reasons = _fund_reasons(solution.funds, place)
            left.append(Left("fund", fund_row.fund, remaining, reasons))
    return Solved(tuple(matches), tuple(left))


def _pair_reasons(instance: CashInstance, reason: PairReason) -> Reasons:
    return {
        "outcome": Outcome(reason.outcome).name.lower(),
        "passed": [str(check.rule.name).lower() for check in reason.checks if check.passed],
        "rank": int(reason.rank),
        "competitors": int(reason.competitors),
        "idle_otherwise": int(reason.price_need) < 0,
    }


def _need_reasons(side: NeedReasons, place: int, funds: tuple[FundRow, ...]) -> Reasons:
    reasons = _reasons(side, place)
    reasons["eligible_funds"] = int(side.eligible_funds[place])
    reasons["exhausted_priority"] = int(side.exhausted_priority[place])
    if side.nearest_fund[place] >= 0:
        reasons["nearest"] = funds[int(side.nearest_fund[place])].fund
    return reasons


def _fund_reasons(side: FundReasons, place: int) -> Reasons:
    return {**_reasons(side, place), "eligible_needs": int(side.eligible_needs[place])}


def _reasons(side: NeedReasons | FundReasons, place: int) -> Reasons:
    """Return what both sides store: the outcome, the nearest counterpart's failed rules, the smallest change."""
    return {
        "outcome": Outcome(int(side.outcome[place])).name.lower(),
        "failed": rule_names(int(side.failed_rules[place])),
        "change": (rule_names(int(side.change_rule[place])) or [""])[0],
        "change_value": int(side.change_value[place]),
    }


def _solve_units(
    items: tuple[ItemRow, ...], resources: tuple[UnitRow, ...], *, kind: str, splittable: bool, today: int
) -> Solved:
    instance = unit_instance(items, resources, splittable=splittable, today=today)
    solution = solve_units(instance)
    matches = []
    for place in range(len(solution.units)):
        need, offer = int(solution.need_index[place]), int(solution.offer_index[place])
        reason = explain_unit_pair(instance, solution, need, offer)
        reasons: Reasons = {
            "outcome": Outcome(reason.outcome).name.lower(),
            "passed": ["region", "category", "group", "period", "capacity"],
            "rank": int(reason.rank),
            "competitors": int(reason.competitors),
        }
        matches.append(
            Match(items[need].item, kind, resources[offer].resource, int(solution.units[place]), reasons)
        )
    left = []
    for place, row in enumerate(items):
        remaining = row.gap - int(solution.covered_units[place])
        if remaining:
            near = int(solution.nearest_offer[place])
            reasons = {
                "outcome": Outcome(int(solution.need_outcome[place])).name.lower(),
                "failed": rule_names(int(solution.nearest_failed[place])),
                "eligible_offers": int(solution.need_eligible[place]),
                "exhausted_priority": int(solution.exhausted_priority[place]),
            }
            if near >= 0:
                reasons["nearest"] = resources[near].resource
            left.append(Left("item", row.item, remaining, reasons))
    for place, resource in enumerate(resources):
        remaining = resource.units - int(solution.used_units[place])
        if remaining:
            reasons = {
                "outcome": Outcome(int(solution.offer_outcome[place])).name.lower(),
                "eligible_needs": int(solution.offer_eligible[place]),
            }
            left.append(Left(kind, resource.resource, remaining, reasons))
    return Solved(tuple(matches), tuple(left))
