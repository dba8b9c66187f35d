"""Bid prices: what each fund's money is worth to needs that have not come yet.

The waiting needs and a forecast of those to come are solved as one batch. The level at which a fund's money ends is
its price: a need that ranks later has to wait, since the money is expected to be wanted by a better-ranked one. So
the critical tier is reserved for by price and never by a fixed share, and where money would lie idle nothing is held.
A single forecast leaves many prices equal that are not; the mean over several does not (the randomised linear
programme of Talluri and van Ryzin 1999). The mean is taken over places in the order of service, not over priorities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from matching.engine.capped import solve_capped
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, prepare, solve_compressed
from matching.engine.large import has_caps
from matching.engine.model import CashInstance, CashNeeds
from matching.engine.online.tables import service_key
from matching.engine.ranks import NEVER

PLACES = 1 << 20
"""A place in the order of service is counted in this many parts of all gaps."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the forecasts say: a price per fund, and grants to waiting needs that every forecast makes."""

    bid: Int64
    """Service key per fund (see `tables.service_key`), NEVER where money is idle. Shape (m,)."""
    need: Int64
    """Position among the waiting needs."""
    fund: Int64
    amount_fen: Int64


def together(waiting: CashNeeds, coming: CashNeeds) -> CashNeeds:
    """Return the waiting needs and behind them those to come, under new ids."""
    first = int(waiting.id.max(initial=0)) + 1
    renamed = replace(coming, id=first + np.arange(len(coming), dtype=np.int64))
    columns = {
        column.name: np.concatenate([getattr(waiting, column.name), getattr(renamed, column.name)])
        for column in fields(CashNeeds)
    }
    return CashNeeds(**columns)


def plan(waiting: CashInstance, forecasts: Sequence[CashNeeds]) -> Plan:
    """Return prices and safe grants from the waiting needs, the funds and one or more forecasts of needs to come."""
    places, keys, steps, firm = [], [], [], np.ones(len(waiting.needs), dtype=np.bool_)
    first: Allocation | None = None
    for coming in forecasts:
        needs = together(waiting.needs, coming)
        found, level = _solve(CashInstance(needs, waiting.funds, waiting.promises, waiting.today))
        key = service_key(needs.tier, needs.priority)
        places.append(_places(level, needs.gap_fen, found.price_level))
        keys.append(key)
        steps.append(needs.gap_fen)
        served = np.zeros(len(needs), dtype=np.bool_)
        served[found.need] = True
        firm &= served[: len(firm)]
        first = first or found
    assert first is not None, "a plan needs at least one forecast; an empty one will do"
    bid = _bids(np.stack(places), np.concatenate(keys), np.concatenate(steps))
    real = first.need < len(firm)
    need, fund, amount = first.need[real], first.fund[real], first.amount_fen[real]
    key = service_key(waiting.needs.tier, waiting.needs.priority)
    kept = firm[need] & (key[need] <= bid[fund])
    return Plan(bid, need[kept], fund[kept], amount[kept])


def _solve(instance: CashInstance) -> tuple[Allocation, Int64]:
    ready = prepare(instance)
    capped = has_caps(instance)
    found = solve_capped(instance, ready).allocation if capped else solve_compressed(instance, ready)
    return found, ready.ranks.level


def _places(level: Int64, gap: Int64, price_level: Int64) -> Int64:
    """Return where in the order of service each price stands, in parts of all gaps; beyond PLACES if idle."""
    levels = int(level.max(initial=-1)) + 1
    sums = np.zeros(levels + 1, dtype=np.int64)
    np.add.at(sums, level, gap)
    running = np.cumsum(sums)
    unit = int(running[-1]) // PLACES + 1
    place = running[np.minimum(price_level, levels)] // unit
    return np.where(price_level < levels, place, PLACES + PLACES // 20)


def _bids(places: Int64, keys: Int64, gaps: Int64) -> Int64:
    """Return each fund's place as a service key, read off the order of all forecasts together.

    The place is the mean, brought forward by half the mean deviation: where forecasts disagree, money waits a little.
    """
    order = np.argsort(keys, kind="stable")
    running = np.cumsum(gaps[order])
    unit = (int(running[-1]) if len(running) else 0) // PLACES + 1
    mean = places.sum(axis=0) // len(places)
    spread = np.abs(places - mean).sum(axis=0) // len(places)
    cautious = mean - spread // 2
    idle = (places > PLACES).all(axis=0)
    if not len(keys):
        return np.full(len(mean), NEVER)
    spot = np.minimum(np.searchsorted(running // unit, cautious, side="left"), len(keys) - 1)
    return np.where(idle, NEVER, keys[order][spot])
