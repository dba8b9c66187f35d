"""Reasons of a run in plain codes: why an item has what it has, why a resource, and why (not) a pair (pure).

One row of the run's tables is enough for each: nothing here grows with the run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from matching import columns as c
from matching import snapshot as s
from matching.engine import (
    CashInstance,
    Outcome,
    PairReason,
    Promises,
    Rule,
    Standing,
    UnitInstance,
    explain_one,
)
from matching.engine.units_rules import failed_rules


def rule_names(bits: int) -> list[str]:
    """Return the names of the rules in a bit field, lowest first; no bits (or −1) give none."""
    return [] if bits <= 0 else [str(rule.name).lower() for rule in Rule if rule & bits]


@dataclass(frozen=True)
class Change:
    """The smallest change that would make it match: a rule, and a value as the engine's `Change` tells it."""

    rule: str
    value: int


@dataclass(frozen=True)
class ItemReasons:
    """What became of an item in a run, in the item's unit."""

    table: str
    gap: int
    covered: int
    outcome: str
    shortfall: str  # why the rest is open
    eligible: int  # resources that pass every rule
    failed: tuple[str, ...]  # rules that the nearest resource fails
    change: Change | None
    step: int  # in the order of its kind; equals share one
    rank: int
    ended_step: int  # at which its resources ended, −1 where none was used
    overdue: bool  # waited past the tier's limit: before every younger equal
    forgotten: bool  # counted towards the quota of the forgotten
    difficulty: int
    waiting_days: int
    tier: str
    in_package: bool
    weeks: tuple[int, ...]  # of its sessions, counted from the run's


@dataclass(frozen=True)
class SupplyReasons:
    """What became of a fund, offer or lot in a run, in its unit."""

    table: str
    free: int
    used: int
    outcome: str
    eligible: int  # items that pass every rule
    failed: tuple[str, ...]  # rules that keep it from the nearest open item
    change: Change | None


@dataclass(frozen=True)
class PairReasons:
    """Why this item got so much of this resource, or nothing."""

    outcome: str
    amount: int
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    values: Mapping[
        str, tuple[int, int]
    ]  # what was compared, item's and resource's, as the engine tells them
    change: Change | None
    rank: int
    competitors: int
    idle_otherwise: bool
    price_step: int = -1  # in the order, of the item that one more fen of this fund would reach; -1: none


def item_reasons(table: str, seen: c.Columns, became: c.Columns) -> ItemReasons:
    """Return the reasons of the item in these one-row tables."""
    at, saw = _reader(became), _reader(seen)
    return ItemReasons(
        table=table,
        gap=saw("gap"),
        covered=at("covered"),
        outcome=_outcome(at("outcome")),
        shortfall=_outcome(at("shortfall")),
        eligible=at("eligible"),
        failed=tuple(rule_names(at("failed"))),
        change=_change(at("change_rule"), at("change_value")),
        step=at("place"),
        rank=at("rank"),
        ended_step=at("ended"),
        overdue=bool(at("overdue")),
        forgotten=bool(at("forgotten")),
        difficulty=saw("score"),
        waiting_days=saw("waiting"),
        tier=str(s.TIERS[saw("tier")]),
        in_package=bool(saw("package")),
        weeks=tuple(week for week in range(s.WEEKS) if at("weeks") >> week & 1),
    )


def supply_reasons(table: str, seen: c.Columns, became: c.Columns) -> SupplyReasons:
    """Return the reasons of the fund, offer or lot in these one-row tables."""
    at, saw = _reader(became), _reader(seen)
    return SupplyReasons(
        table=table,
        free=saw("available" if table == s.FUNDS else "units"),
        used=at("used"),
        outcome=_outcome(at("outcome")),
        eligible=at("eligible"),
        failed=tuple(rule_names(at("failed"))),
        change=_change(at("change_rule"), at("change_value")),
    )


@dataclass(frozen=True)
class Side:
    """One item or one resource: what the run saw of it and what became of it, each a table of one row."""

    seen: c.Columns
    became: c.Columns


def cash_pair(
    item: Side, fund: Side, *, promised: c.Columns, amount: int, today: int, price_step: int = -1
) -> PairReasons:
    """Return why this fund gave the item so much, or nothing; `promised` is what the fund had promised before."""
    own = promised["item"] == item.seen["id"][0]
    instance = CashInstance(
        s.cash_needs(item.seen),
        s.fund_columns(fund.seen),
        Promises(
            need_id=np.where(own, 0, 1),
            household=promised["household"],
            fund_id=np.zeros(len(own), dtype=np.int64),
            amount_fen=promised["amount"],
        ),
        today,
    )
    at, had = _reader(item.became), _reader(fund.became)
    standing = Standing(
        amount_fen=amount,
        gap_left_fen=int(item.seen["gap"][0]) - at("covered"),
        balance_left_fen=had("open"),
        rank=at("rank"),
        eligible_needs=had("eligible"),
        price_need=had("price"),
    )
    return _told(explain_one(instance, standing), price_step, withheld=at("shortfall") == Outcome.WITHHELD)


def _told(reason: PairReason, price_step: int, *, withheld: bool) -> PairReasons:
    failed = rule_names(int(reason.failed_rules))
    change = _change(int(reason.change.rule), reason.change.value) if reason.change else None
    outcome = Outcome.WITHHELD if withheld and not failed else Outcome(reason.outcome)
    return PairReasons(
        outcome=_outcome(outcome),
        amount=reason.amount_fen,
        passed=tuple(str(check.rule.name).lower() for check in reason.checks if check.passed),
        failed=tuple(failed),
        values={
            str(check.rule.name).lower(): (check.need_value, check.fund_value) for check in reason.checks
        },
        change=change,
        rank=reason.rank,
        competitors=max(reason.competitors, 0),
        idle_otherwise=reason.price_need < 0,
        price_step=price_step,
    )


UNIT_RULES = (
    Rule.REGION, Rule.CATEGORY, Rule.TIER, Rule.GROUP, Rule.LANGUAGE, Rule.PERIOD, Rule.CAPACITY, Rule.CASE_CAP,
    Rule.GAP,
)  # fmt: skip


def unit_pair(table: str, item: Side, supply: Side, *, amount: int, today: int) -> PairReasons:
    """Return why this offer or lot serves the item with so much, or not at all."""
    instance = UnitInstance(
        s.unit_needs(item.seen), s.unit_offers(supply.seen), splittable=table == s.GOODS, today=today
    )
    bits = int(failed_rules(instance, 0)[0])
    at, had = _reader(item.became), _reader(supply.became)
    if amount:
        outcome, bits = Outcome.MATCHED, 0
    elif bits:
        outcome = Outcome.NOTHING_LACKING if bits & Rule.GAP else Outcome.NOT_ELIGIBLE
    elif at("shortfall") == Outcome.WITHHELD:
        outcome = Outcome.WITHHELD
    else:
        outcome = Outcome.COVERED_ELSEWHERE if at("open") <= 0 else Outcome.EXHAUSTED
    failed = rule_names(bits)
    return PairReasons(
        outcome=_outcome(outcome),
        amount=amount,
        passed=tuple(str(rule.name).lower() for rule in UNIT_RULES if not bits & rule),
        failed=tuple(failed),
        values={},
        change=_change(bits, 0) if len(failed) == 1 else None,
        rank=at("rank"),
        competitors=max(had("eligible") - 1, 0),
        idle_otherwise=False,
    )


def _reader(columns: c.Columns) -> Callable[[str], int]:
    """Return what reads a table of one row by the names of its columns."""
    return lambda name: int(columns[name][0])


def _outcome(code: int) -> str:
    return Outcome(code).name.lower()


def _change(rule: int, value: int) -> Change | None:
    names = rule_names(rule)
    return Change(names[0], value) if len(names) == 1 else None
