"""Referrals in weeks: at most so many sessions a week (one, if nothing is said), with one agency, in its free places.

The flow decides which needs are served (see `units_large`), with each agency's places of all weeks together; that is
more than weeks allow. Then, in order of rank, every need gets the earliest weeks that fit, first among the agencies of
equal conditions to which the flow sent it, there with the one that has the least load for its size (fair load), else
with the least loaded of all that may serve it, nearest region first. Deciding this exactly is scheduling with machine
eligibility, NP-hard; the rule is written, repeatable, and never splits a referral or exceeds a week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.capped import build_state, solve_capped
from matching.engine.codes import Outcome
from matching.engine.columns import Int64, check
from matching.engine.compressed import Allocation, prepare
from matching.engine.units import PAIRS_LIMIT, in_order_of
from matching.engine.units_large import as_cash, described, unit_terms
from matching.engine.units_model import UnitInstance, UnitSolution
from matching.engine.units_rules import nearest_offers


@dataclass(frozen=True, slots=True)
class Calendar:
    """Free places by week, counted from 0, and when each need may begin."""

    places: Int64
    """Free places of each offer in each week. Shape (m, weeks)."""
    first_week: Int64
    """Earliest week of the first session. Shape (n,)."""
    last_week: Int64
    """Latest week of the first session. Shape (n,)."""
    pause: int = 1
    """At most so many weeks stay empty between two sessions."""
    a_week: Int64 | None = None
    """Each need's most sessions a week; one where nothing is given. Shape (n,)."""
    most: Int64 | None = None
    """Units that each offer may promise in all; the sum of its places where nothing is given. Shape (m,)."""
    load: Int64 | None = None
    """What each offer has on its hands already: whoever has less for its size comes first. Shape (m,)."""


@dataclass(frozen=True, slots=True)
class WeeklySolution:
    """Referrals with their weeks; the rest as in `UnitSolution`."""

    solution: UnitSolution
    weeks: Int64
    """Bit k is set if the need has a session (or several) in week k; 0 if it was not placed. Shape (n,)."""


def solve_weekly(instance: UnitInstance, calendar: Calendar) -> WeeklySolution:
    """Return whole referrals by rank; the offers' `units` are replaced by their places. Raises InstanceError."""
    _check(instance, calendar)
    need_rows = np.argsort(instance.needs.id, kind="stable").astype(np.int64)
    offer_rows = np.argsort(instance.offers.id, kind="stable").astype(np.int64)
    places = calendar.places[offer_rows].copy()
    free = places.sum(axis=1)
    most = free if calendar.most is None else np.minimum(free, calendar.most[offer_rows])
    offers = replace(instance.offers.take(offer_rows), units=most)
    inner = UnitInstance(instance.needs.take(need_rows), offers, splittable=False, today=instance.today)
    window = calendar.first_week[need_rows], calendar.last_week[need_rows]
    pace = np.ones(len(need_rows), dtype=np.int64) if calendar.a_week is None else calendar.a_week[need_rows]
    load = np.zeros(len(offer_rows), dtype=np.int64) if calendar.load is None else calendar.load[offer_rows]
    found, taken = _solve(inner, places, (*window, pace), load.copy(), calendar.pause)
    weeks = np.zeros(len(taken), dtype=np.int64)
    weeks[need_rows] = taken
    return WeeklySolution(in_order_of(found, need_rows, offer_rows), weeks)


def _check(instance: UnitInstance, calendar: Calendar) -> None:
    sizes = (len(instance.needs), len(instance.offers))
    check(calendar.places.ndim == 2 and len(calendar.places) == sizes[1], "one row of places per offer")
    check((calendar.places >= 0).all() and calendar.pause >= 0, "negative places or pause")
    check(calendar.places.shape[1] < 63, "more than 62 weeks")
    for column in (calendar.first_week, calendar.last_week):
        check(column.shape == (sizes[0],), "one first and one last week per need")
    check((calendar.first_week >= 0).all(), "a week before the calendar begins")
    for extra, size in ((calendar.a_week, sizes[0]), (calendar.most, sizes[1]), (calendar.load, sizes[1])):
        check(extra is None or (extra.shape == (size,) and (extra >= 0).all()), "a column that does not fit")


def _solve(
    inner: UnitInstance, places: Int64, window: tuple[Int64, Int64, Int64], load: Int64, pause: int
) -> tuple[UnitSolution, Int64]:
    """Return the solution and the weeks of each need, for needs and offers sorted by id."""
    from matching.engine import weeks_kernels

    cash = as_cash(inner)
    ready = prepare(cash, unit_terms(inner))
    found = solve_capped(cash, ready).allocation
    choice = np.full(len(inner.needs), -1, dtype=np.int64)
    largest = np.argsort(found.amount_fen, kind="stable")
    choice[found.need[largest]] = ready.network.fund_pool[found.fund[largest]]
    state = build_state(cash, ready, 1)
    placed, weeks = np.full(len(inner.needs), -1, dtype=np.int64), np.zeros(len(inner.needs), dtype=np.int64)
    hopeless = np.full(ready.network.pool_count + 1, np.iinfo(np.int64).max)
    weeks_kernels.place_in_weeks(
        state, ready.ranks.order, choice, places, inner.offers.units + load, load, *window, hopeless, pause, placed,
        weeks,
    )  # fmt: skip
    need = np.flatnonzero(placed >= 0)
    given = Allocation(need, placed[need], inner.needs.units[need], found.price_level)
    told = described(inner, cash, ready, given)
    if (
        len(inner.needs) * len(inner.offers) <= PAIRS_LIMIT
    ):  # few enough to look at every pair for its reasons
        nearest, failed, eligible = nearest_offers(inner)
        nobody = (told.covered_units < inner.needs.units) & (eligible == 0)
        outcome = np.where(nobody, int(Outcome.NOT_ELIGIBLE), told.need_outcome)
        told = replace(
            told, nearest_offer=nearest, nearest_failed=failed, need_eligible=eligible, need_outcome=outcome
        )
    return told, weeks
