"""The parts: which needs and funds belong together, and what the solve of one part answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.capped import solve_capped
from matching.engine.columns import Bool, Int64
from matching.engine.compressed import prepare
from matching.engine.model import CashInstance, Funds

A_PROVINCE = 10_000
ANYWHERE = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One part: positions of its needs and funds in the whole instance, both ascending, and those rows.

    `shared` are the places in `funds` of those that other parts share; their balance in `instance` is the whole one.
    """

    needs: Int64
    funds: Int64
    shared: Int64
    instance: CashInstance


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What a part makes of its shares: grants by position in the part, and the part's level at which each fund ends."""

    need: Int64
    fund: Int64
    amount_fen: Int64
    price_level: Int64


def solve_part(instance: CashInstance, shared: Int64, share_fen: Int64) -> PartAnswer:
    """Return the exact optimum of one part with these shares; minimum grants are left to the end."""
    available = instance.funds.available_fen.copy()
    available[shared] = share_fen
    own = replace(instance, funds=replace(instance.funds, available_fen=available))
    found = solve_capped(own, prepare(own)).allocation
    return PartAnswer(found.need, found.fund, found.amount_fen, found.price_level)


@dataclass(frozen=True, slots=True)
class Division:
    """The instance in parts; `shared` are fund positions, `serves[k, p]`: shared fund k may serve part p."""

    parts: tuple[Part, ...]
    part_of_need: Int64
    shared: Int64
    serves: Bool


def divide(instance: CashInstance) -> Division:
    """Return the parts of an instance sorted by id."""
    needs, funds = instance.needs, instance.funds
    joined = _join_by_household(needs.region // A_PROVINCE, needs.household)
    numbers, part_of_need = np.unique(joined, return_inverse=True)
    part_of_need = part_of_need.reshape(-1).astype(np.int64)
    serves = _served_parts(funds, needs.region // A_PROVINCE, part_of_need, len(numbers))
    living = np.flatnonzero(funds.available_fen > 0)
    several = serves[living].sum(axis=1) > 1
    shared = living[several]
    parts = []
    for number in range(len(numbers)):
        rows = np.flatnonzero(part_of_need == number)
        usable = living[serves[living, number]]
        own = CashInstance(needs.take(rows), take_funds(funds, usable), instance.promises, instance.today)
        parts.append(Part(rows, usable, np.flatnonzero(np.isin(usable, shared)), own))
    return Division(tuple(parts), part_of_need, shared, serves[shared])


def _join_by_household(province: Int64, household: Int64) -> Int64:
    """Return the provinces, those that share a household having one number."""
    rows = np.flatnonzero(household != 0)
    pairs = np.unique(np.stack([household[rows], province[rows]], axis=1), axis=0)
    joined = {int(code): int(code) for code in np.unique(province)}

    def root(code: int) -> int:
        while joined[code] != code:
            code = joined[code]
        return code

    same = np.flatnonzero(pairs[1:, 0] == pairs[:-1, 0])
    for one, other in zip(pairs[same, 1].tolist(), pairs[same + 1, 1].tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        joined[high] = low
    codes = np.array(sorted(joined), dtype=np.int64)
    roots = np.array([root(code) for code in codes.tolist()], dtype=np.int64)
    return roots[np.searchsorted(codes, province)] if len(codes) else province


def _served_parts(funds: Funds, province: Int64, part: Int64, parts: int) -> Bool:
    """Return which fund may serve which part, the regions alone considered. Shape (m, parts)."""
    counts = np.diff(funds.region_offsets)
    serves = np.zeros((len(funds), parts), dtype=np.bool_)
    serves[counts == 0] = True
    owner = np.repeat(np.arange(len(funds)), counts)
    serves[owner[funds.region_codes // A_PROVINCE == 0]] = True  # the nation's own code
    known, first = np.unique(province, return_index=True)
    place = np.searchsorted(known, funds.region_codes // A_PROVINCE)
    inside = place < len(known)
    inside[inside] = known[place[inside]] == (funds.region_codes // A_PROVINCE)[inside]
    serves[owner[inside], part[first][place[inside]]] = True
    return serves


def take_funds(funds: Funds, rows: Int64) -> Funds:
    """Return the funds at these positions, in this order; `Funds.take` without a step for each fund."""
    plain = {n: getattr(funds, n)[rows] for n in funds.__dataclass_fields__ if not n.startswith("region_")}
    sizes = np.diff(funds.region_offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    codes = funds.region_codes[np.repeat(funds.region_offsets[rows], sizes) + within]
    return Funds(region_offsets=offsets, region_codes=codes, **plain)
