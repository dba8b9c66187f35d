"""Measure the resident engine: answers within milliseconds at full size, and a month against hindsight.

    python -m bench.online --needs 1000000 --resources 50000 --scenario national --caps off --json

`changes`: with everything loaded and priced, milliseconds (median, p95, most) for each kind of change and for a reason.
`month`: the needs of a month come one by one, in random order, over thirty days to funds that are there from the start.
What is proposed is never moved. Beside it the batch optimum of the whole month in hindsight, and greedy: the same
engine without prices. The forecasts are other months of the same world; none holds a need of the month that comes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from bench.instances import make_instance, make_needs
from matching.engine import CashInstance, CashNeeds
from matching.engine.capped import solve_capped
from matching.engine.columns import Int64
from matching.engine.compressed import solve_compressed
from matching.engine.online import Answer, BalanceChanged, FundChanged, FundsArrived, NeedsArrived, Resident

DAYS = 30
TIER_WEIGHT = np.array([10_000, 100, 1], dtype=np.float64)
NOBODY = CashNeeds.of(ids=[], gap_fen=[])


def row_of(columns: Any, row: int, **changed: int) -> Any:
    """Return one row of needs or funds, with other values in some columns."""
    one = columns.take(np.array([row]))
    return replace(one, **{name: np.array([value], dtype=np.int64) for name, value in changed.items()})


def timed(act: Callable[[int], object], times: int) -> dict[str, float]:
    """Return median, p95 and most milliseconds of an act, and its processor time."""
    wall, cpu = [], []
    for number in range(times):
        start, used = time.perf_counter(), time.process_time()
        act(number)
        wall.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - used))
    return {
        "p50_ms": round(float(np.median(wall)), 2),
        "p95_ms": round(float(np.quantile(wall, 0.95)), 2),
        "most_ms": round(max(wall), 2),
        "p95_cpu_ms": round(float(np.quantile(cpu, 0.95)), 2),
    }


def measure_changes(options: argparse.Namespace) -> dict[str, Any]:
    """Return how long each kind of change takes with everything loaded."""
    instance = make_instance(options.needs, options.resources, options.scenario, caps=options.caps == "on")
    start = time.perf_counter()
    resident = Resident.load(instance)
    loaded = time.perf_counter()
    resident.refresh([make_needs(options.needs // 10, seed=5)])
    refreshed = time.perf_counter()
    more = make_needs(options.changes + 9, seed=9)
    others = make_instance(
        options.changes + 9, options.changes + 9, options.scenario, caps=options.caps == "on", seed=5
    )
    random = np.random.default_rng(3)
    fund_ids = random.integers(0, options.resources, 4 * options.changes)
    need_ids = random.integers(0, options.needs, 4 * options.changes)

    numbers = iter(range(1, 1 << 30))

    def arrive(number: int) -> None:
        resident.apply(NeedsArrived(row_of(more, number, id=(1 << 40) + next(numbers))))

    def new_fund(number: int) -> None:
        resident.apply(FundsArrived(row_of(others.funds, number, id=(1 << 40) + next(numbers))))

    def relax(number: int) -> None:
        place = int(fund_ids[number])
        left = resident.money(int(instance.funds.id[place]))
        resident.apply(
            FundChanged(row_of(instance.funds, place, categories=0, available_fen=left + 5_000_000))
        )

    acts: dict[str, Callable[[int], object]] = {
        "need_arrived": arrive,
        "fund_arrived": new_fund,
        "balance_changed": lambda k: resident.apply(
            BalanceChanged(int(instance.funds.id[fund_ids[k]]), 10_000_000)
        ),
        "charter_changed": relax,
        "reason_for_a_pair": lambda k: resident.explain(
            int(instance.needs.id[need_ids[k]]), int(instance.funds.id[fund_ids[k]])
        ),
    }
    for act in acts.values():
        act(options.changes)  # compiles
    return {
        "load_seconds": round(loaded - start, 2),
        "refresh_seconds": round(refreshed - loaded, 2),
        **{name: timed(act, options.changes) for name, act in acts.items()},
    }


def arrivals(needs: CashNeeds) -> Iterator[tuple[int, Int64]]:
    """Yield each day and the rows of the needs that come on it, in random order."""
    random = np.random.default_rng(7)
    day, order = np.sort(random.integers(0, DAYS, len(needs))), random.permutation(len(needs))
    for number in range(DAYS):
        yield number, order[np.searchsorted(day, number) : np.searchsorted(day, number + 1)]


def live_through(instance: CashInstance, forecasts: int) -> tuple[Int64, float]:
    """Return what each need gets in a month, and the seconds that setting prices took; 0 forecasts is greedy."""
    needs, resident = instance.needs, Resident.load(replace(instance, needs=NOBODY))
    months = [make_needs(len(needs), seed=5 + number) for number in range(forecasts)]
    got = np.zeros(len(needs), dtype=np.int64)
    pricing = 0.0

    def note(answer: Answer) -> None:
        for proposal in answer.proposals:
            got[proposal.need_id - 1] += proposal.amount_fen

    for day, rows in arrivals(needs):
        if forecasts:
            start = time.perf_counter()
            note(resident.refresh([_rest_of(month, day, number) for number, month in enumerate(months)]))
            pricing += time.perf_counter() - start
        for row in rows.tolist():
            note(resident.apply(NeedsArrived(row_of(needs, row))))
    if forecasts:
        note(resident.refresh([NOBODY]))
    return got, pricing


def _rest_of(month: CashNeeds, day: int, number: int) -> CashNeeds:
    """Return as many needs of a past month as may still be expected on this day."""
    kept = np.random.default_rng([day, number]).random(len(month)) < (DAYS - day) / DAYS
    return month.take(np.flatnonzero(kept))


def measure_month(options: argparse.Namespace) -> dict[str, Any]:
    """Return prices and greedy as shares of the optimum in hindsight."""
    instance = make_instance(
        options.month_needs, options.month_resources, options.scenario, caps=options.caps == "on"
    )
    found = solve_capped(instance).allocation if options.caps == "on" else solve_compressed(instance)
    best = np.zeros(len(instance.needs), dtype=np.int64)
    np.add.at(best, found.need, found.amount_fen)
    answer: dict[str, Any] = {"needs": options.month_needs, "resources": options.month_resources}
    for name, forecasts in (("prices", options.forecasts), ("greedy", 0)):
        start = time.perf_counter()
        got, pricing = live_through(instance, forecasts)
        answer[name] = {
            "seconds": round(time.perf_counter() - start, 1),
            "pricing_seconds": round(pricing, 1),
            **shares(instance.needs, got, best),
        }
    return answer


def shares(needs: CashNeeds, got: Int64, best: Int64) -> dict[str, Any]:
    """Return what was reached of the optimum: in fen, weighted by tier and priority, and up to each tier."""
    weight = TIER_WEIGHT[needs.tier] * (1 + needs.priority / 100_000)
    return {
        "of_covered": round(float(got.sum() / best.sum()), 4),
        "of_weighted": round(float((weight * got).sum() / (weight * best).sum()), 4),
        "up_to_tier": {
            str(tier): round(float(got[needs.tier <= tier].sum() / best[needs.tier <= tier].sum()), 4)
            for tier in range(3)
        },
    }


def main() -> int:
    """Print one object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--needs", type=int, default=100_000)
    parser.add_argument("--resources", type=int, default=5_000)
    parser.add_argument("--month-needs", type=int, default=20_000)
    parser.add_argument("--month-resources", type=int, default=1_000)
    parser.add_argument("--scenario", choices=["national", "local"], default="national")
    parser.add_argument("--caps", choices=["on", "off"], default="off")
    parser.add_argument("--changes", type=int, default=300, help="how many of each kind are timed")
    parser.add_argument("--forecasts", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print JSON on one line")
    options = parser.parse_args()
    answer = {
        **{name: getattr(options, name) for name in ("needs", "resources", "scenario", "caps")},
        "changes": measure_changes(options),
        "month": measure_month(options),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(answer, indent=None if options.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
