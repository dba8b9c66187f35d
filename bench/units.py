"""Measure referrals in weeks and goods: `python -m bench.units --needs 250000 --resources 12500 --json`.

Referrals of one to eight sessions, one a week, to agencies with free places by week, an area, languages and groups;
goods in whole pieces from lots with stock and expiry. `of_bound` is the share of the flow bound, which knows no weeks
and may split. `seconds` include the reasons for every need and every agency.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.instances import county_codes
from matching.engine import Calendar, UnitInstance, UnitNeeds, UnitOffers, solve_units, solve_weekly
from matching.engine.columns import Int64

WEEKS = 12


def draw(
    needs: int, resources: int, *, most_units: int, seed: int, goods: bool
) -> tuple[UnitInstance, Calendar]:
    """Return synthetic needs and offers; supply is about as much as demand."""
    random = np.random.default_rng(seed)
    codes = random.permutation(county_codes())
    weight = 1 / np.arange(1, len(codes) + 1)
    weight /= weight.sum()
    units = random.integers(1, most_units + 1, needs)
    demand = UnitNeeds.of(
        ids=np.arange(1, needs + 1), units=units, region=random.choice(codes, needs, p=weight),
        category=random.integers(0, 5, needs), item=random.integers(500, 540, needs) if goods else None,
        tier=random.choice(3, needs, p=[0.1, 0.3, 0.6]), priority=random.integers(0, 100_000, needs),
        groups=np.where(random.random(needs) < 0.3, 1 << random.integers(0, 4, needs), 0),
        languages=np.where(random.random(needs) < 0.1, 1 << random.integers(0, 3, needs), 0),
    )  # fmt: skip
    step = random.choice([1, 100, 10_000], resources, p=[0.4, 0.4, 0.2])
    region = random.choice(codes, resources, p=weight) // step * step
    places = random.poisson(units.sum() / resources / WEEKS, (resources, WEEKS)).astype(np.int64)
    supply = UnitOffers.of(
        ids=np.arange(1, resources + 1), units=places.sum(axis=1), region_offsets=np.arange(resources + 1),
        region_codes=region, item=random.integers(500, 540, resources) if goods else None,
        categories=np.where(random.random(resources) < 0.6, 1 << random.integers(0, 5, resources), 0),
        groups=np.where(random.random(resources) < 0.1, 1 << random.integers(0, 4, resources), 0),
        languages=random.integers(1, 8, resources), expires_on=np.where(random.random(resources) < 0.3, 739_030, 0),
    )  # fmt: skip
    first = random.integers(0, 3, needs)
    return UnitInstance(demand, supply, splittable=goods, today=739_000), Calendar(
        places, first, np.minimum(first + 6, WEEKS - 1)
    )


def measured(solve: Callable[[], tuple[Int64, Int64]], wanted: Int64, bound: int) -> dict[str, Any]:
    """Return seconds and coverage of one solve, which gives covered units per need and used units per offer."""
    start, cpu = time.perf_counter(), time.process_time()
    covered, used = solve()
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "units": int(covered.sum()),
        "of_wanted": round(int(covered.sum()) / int(wanted.sum()), 4),
        "of_bound": round(int(covered.sum()) / max(bound, 1), 4),
        "offers_used": int((used > 0).sum()),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    """Print one object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--resources", type=int, default=500)
    parser.add_argument("--json", action="store_true", help="print JSON on one line")
    options = parser.parse_args()
    answer: dict[str, Any] = {"needs": options.needs, "resources": options.resources}
    for size in (200, options.needs):  # the first compiles
        resources = max(size * options.resources // options.needs, 5)
        care, calendar = draw(size, resources, most_units=8, seed=1, goods=False)
        relaxed = UnitInstance(care.needs, care.offers, splittable=True, today=care.today)
        bound = int(solve_units(relaxed, method="large").covered_units.sum())

        def referrals(care: UnitInstance = care, calendar: Calendar = calendar) -> tuple[Int64, Int64]:
            solution = solve_weekly(care, calendar).solution
            return solution.covered_units, solution.used_units

        stock, _ = draw(size, resources, most_units=5, seed=2, goods=True)

        def goods(stock: UnitInstance = stock) -> tuple[Int64, Int64]:
            solution = solve_units(stock, method="large")
            return solution.covered_units, solution.used_units

        answer["referrals"] = measured(referrals, care.needs.units, bound)
        answer["goods"] = measured(goods, stock.needs.units, int(goods()[0].sum()))
    print(json.dumps(answer, indent=None if options.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
