"""Compile every loop of the engine before anybody waits for it: `python -m matching.engine.warming`.

The machine code is kept on disk (see `compiled`), so once is enough for every process that runs these sources.
"""

from __future__ import annotations

import sys

import numpy as np

from matching.engine.cash import solve_cash
from matching.engine.certificate import certified_bound
from matching.engine.columns import Int64
from matching.engine.fairness import order_by_fairness
from matching.engine.model import CashInstance, CashNeeds, Funds, Promises
from matching.engine.online import BalanceChanged, NeedsArrived, Resident
from matching.engine.provinces import solve_by_province
from matching.engine.units import solve_units
from matching.engine.units_model import UnitInstance, UnitNeeds, UnitOffers
from matching.engine.weeks import Calendar, solve_weekly


def warm() -> None:
    """Solve a small instance of every kind by every method for full size, so that all compiled code is there."""
    waiting_days = np.array([0, 100] * 20, dtype=np.int64)
    order_by_fairness(_cash(capped=False).needs, difficulty=waiting_days, waiting_days=waiting_days)
    for capped in (False, True):
        instance = _cash(capped=capped)
        solution = solve_cash(instance, method="large")
        certified_bound(instance, solution.price_level, 0)
        resident = Resident.load(instance)
        resident.refresh([instance.needs])
        newcomer = CashNeeds.of(ids=[90], gap_fen=[50], region=[990101])
        resident.apply(NeedsArrived(newcomer))
        resident.apply(BalanceChanged(7, 500))
        resident.explain(90, 7)
        resident.explain(1, 7)
        solve_by_province(_cash(capped=capped, counties=(110101, 310101)))
    for splittable in (False, True):
        care = UnitInstance(
            UnitNeeds.of(ids=[1, 2, 3], units=[2, 2, 2]), UnitOffers.of(ids=[7, 8], units=[3, 3]), splittable
        )
        solve_units(care, method="large")
    places, first = np.ones((2, 4), dtype=np.int64), np.zeros(3, dtype=np.int64)
    referrals = UnitInstance(care.needs, care.offers, splittable=False)
    solve_weekly(referrals, Calendar(places, first, first + 3))


def _cash(*, capped: bool, counties: tuple[int, int] = (990101, 990102)) -> CashInstance:
    """Return needs of both counties that outrun the money of overlapping funds, so that money is moved and closed."""
    needs = CashNeeds.of(
        ids=range(1, 41),
        gap_fen=[100] * 40,
        region=counties * 20,
        priority=range(40),
        groups=[1, 2] * 20,
    )
    funds = Funds.of(
        ids=[7, 8, 9],
        available_fen=[700, 800, 900],
        regions=[[counties[0]], [counties[0] // 100 * 100], []],
        groups=[0, 0, 2],
        per_case_cap_fen=[60, 0, 0] if capped else None,
        minimum_grant_fen=[0, 10, 0] if capped else None,
    )
    promises = Promises(_one(1), _one(0), _one(7), _one(10)) if capped else Promises()
    return CashInstance(needs, funds, promises)


def _one(value: int) -> Int64:
    return np.array([value], dtype=np.int64)


def main() -> int:
    """Compile and say so."""
    warm()
    print("compiled")  # noqa: T201 - a command speaks
    return 0


if __name__ == "__main__":
    sys.exit(main())
