"""Mixed needs: items that only make sense together (the money for a treatment and the care after it) come whole or not.

Cash, services and goods are solved each by itself, exactly. A package is *whole* when every part is covered in full.
As long as some are not, the worse-ranked half of those (at least one) is withdrawn and everything is solved again with
what that sets free; at the end those withdrawn try to come back, best-ranked first, in groups that are halved when they
fail. Deciding which packages to keep is NP-hard (it holds the multidimensional knapsack), so this is the written rule,
not an optimum; but a part is never given without the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

from matching.engine.cash import solve_cash
from matching.engine.codes import Outcome
from matching.engine.columns import Bool, Int64, check
from matching.engine.model import CashInstance
from matching.engine.solution import CashSolution
from matching.engine.units import solve_units
from matching.engine.units_model import UnitInstance, UnitSolution
from matching.engine.weeks import Calendar, solve_weekly

SolveCash = Callable[[CashInstance], CashSolution]
MOST_RETURNS = 40
"""So many solves are spent on letting withdrawn packages back in."""


class Kind(IntEnum):
    """What a part of a package lacks."""

    CASH = 0
    SERVICE = 1
    GOODS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a package that stays open as a whole, and why."""

    kind: Kind
    need: int
    """Position in the instance of its kind."""
    outcome: Outcome
    """Why this part found nothing (or not enough); WITHHELD if it did, and another part is the reason."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Three instances, and for each need the number of its package, 0 for needs that stand alone."""

    cash: CashInstance
    services: UnitInstance
    goods: UnitInstance
    cash_package: Int64
    service_package: Int64
    goods_package: Int64
    calendar: Calendar | None = None
    """The weeks into which services are laid; without it only their number is kept."""


@dataclass(frozen=True, slots=True)
class MixedSolution:
    """The three solutions; needs of withdrawn packages got nothing in any of them. Positions as in the instances."""

    cash: CashSolution
    services: UnitSolution
    goods: UnitSolution
    weeks: Int64
    """Bit k is set if a service need has a session in week k. Shape of the services."""
    whole: tuple[int, ...]
    """The packages that came out whole, by number."""
    withdrawn: dict[int, tuple[Part, ...]] = field(default_factory=dict)
    """The others, with the reason of every part."""


def solve_mixed(mixed: Mixed, solve_money: SolveCash = solve_cash) -> MixedSolution:
    """Return whole packages and single needs matched by rank. Raises SolverError, or InstanceError for bad numbers.

    `solve_money` solves the cash, here or by province (see `provinces`).
    """
    numbers = (mixed.cash_package, mixed.service_package, mixed.goods_package)
    sizes = (len(mixed.cash.needs), len(mixed.services.needs), len(mixed.goods.needs))
    check(tuple(len(column) for column in numbers) == sizes, "one package number per need")
    every = np.concatenate(numbers)
    ranked = _by_rank(mixed, every)
    out: dict[int, tuple[Part, ...]] = {}
    found = _solve(mixed, set(), solve_money)
    while broken := _broken(found, every, set(out)):
        in_order = [package for package in ranked if package in broken]
        for package in in_order[len(in_order) // 2 :]:
            out[package] = _parts(mixed, found, package)
        found = _solve(mixed, set(out), solve_money)
    back, found = _let_back(mixed, found, [package for package in ranked if package in out], solve_money)
    kept = {package: parts for package, parts in out.items() if package not in back}
    whole = tuple(package for package in ranked if package not in kept)
    return MixedSolution(*found.solutions, found.weeks, whole, kept)


@dataclass(frozen=True, slots=True)
class _Found:
    """One solve: the three solutions, and which needs are covered in full (all kinds behind each other)."""

    solutions: tuple[CashSolution, UnitSolution, UnitSolution]
    full: Bool
    weeks: Int64


def _solve(mixed: Mixed, out: set[int], solve_money: SolveCash) -> _Found:
    """Solve all three kinds without the packages in `out`."""
    gone = np.array(sorted(out), dtype=np.int64)
    gap = np.where(np.isin(mixed.cash_package, gone), 0, mixed.cash.needs.gap_fen)
    cash = replace(mixed.cash, needs=replace(mixed.cash.needs, gap_fen=gap))
    units = []
    for instance, package in (
        (mixed.services, mixed.service_package),
        (mixed.goods, mixed.goods_package),
    ):
        wanted = np.where(np.isin(package, gone), 0, instance.needs.units)
        units.append(replace(instance, needs=replace(instance.needs, units=wanted)))
    referred, weeks = _refer(units[0], mixed.calendar)
    solved = solve_money(cash), referred, solve_units(units[1])
    full = np.concatenate(
        [
            solved[0].covered_fen == gap,
            solved[1].covered_units == units[0].needs.units,
            solved[2].covered_units == units[1].needs.units,
        ]
    )
    return _Found(solved, full, weeks)


def _refer(services: UnitInstance, calendar: Calendar | None) -> tuple[UnitSolution, Int64]:
    if calendar is None or not len(services.needs) or not len(services.offers):
        return solve_units(services), np.zeros(len(services.needs), dtype=np.int64)
    found = solve_weekly(services, calendar)
    return found.solution, found.weeks


def _broken(found: _Found, every: Int64, out: set[int]) -> set[int]:
    """Return the packages of which some part is not covered in full."""
    return set(every[~found.full & (every > 0)].tolist()) - out


def _by_rank(mixed: Mixed, every: Int64) -> list[int]:
    """Return the packages in order of service: by the best tier and priority among their parts, then by number."""
    parts = (mixed.cash.needs, mixed.services.needs, mixed.goods.needs)
    tier = np.concatenate([needs.tier for needs in parts])
    priority = np.concatenate([needs.priority for needs in parts])
    order = np.lexsort((every, -priority, tier))
    seen = dict.fromkeys(every[order].tolist())
    seen.pop(0, None)
    return list(seen)


def _parts(mixed: Mixed, found: _Found, package: int) -> tuple[Part, ...]:
    """Return why each part of this package is given up."""
    cash, services, goods = found.solutions
    rows = (
        (Kind.CASH, mixed.cash_package, cash.needs.shortfall),
        (Kind.SERVICE, mixed.service_package, services.need_outcome),
        (Kind.GOODS, mixed.goods_package, goods.need_outcome),
    )
    parts, first = [], 0
    for kind, numbers, reason in rows:
        for need in np.flatnonzero(numbers == package).tolist():
            full = bool(found.full[first + need])
            parts.append(Part(kind, need, Outcome.WITHHELD if full else Outcome(int(reason[need]))))
        first += len(numbers)
    return tuple(parts)


def _let_back(
    mixed: Mixed, found: _Found, waiting: list[int], solve_money: SolveCash
) -> tuple[set[int], _Found]:
    """Let withdrawn packages back in that fit after all; return them, and the solution with them."""
    every = np.concatenate([mixed.cash_package, mixed.service_package, mixed.goods_package])
    back: set[int] = set()
    groups, tries = [waiting] if waiting else [], 0
    while groups and tries < MOST_RETURNS:
        group = groups.pop(0)
        out = set(waiting) - back - set(group)
        attempt = _solve(mixed, out, solve_money)
        tries += 1
        if not _broken(attempt, every, out):
            back |= set(group)
            found = attempt
        elif len(group) > 1:
            half = (len(group) + 1) // 2
            groups[:0] = [group[:half], group[half:]]
    return back, found
