"""Measure the matching engine on synthetic needs and funds, beside first come, greedy and OR-Tools.

    python bench/matching.py --needs 1000000 --resources 50000 --scenario national --caps off --json

Every method runs in a process of its own, so that `peak_mb` is its own; `cpu_seconds` is what `seconds` would be on a
machine that has nothing else to do. The instances are described in `instances`.

The pair list is every eligible pair as two int32, need and fund, and nothing else: what a method that lists pairs reads
at the very least. `read_seconds` is one pass by a compiled loop on one thread over that list in memory; where it does
not fit (`share_in_memory` below 1), over as much of it as does, and the rest reckoned. `disk_seconds` is what one pass
over it on disk would take, reckoned from a file of at most 1 GiB that the page cache has been told to forget. With
`--runs 3` engine and pair list take turns three times; the runs with the median of the engine's time and of the list's
are told, and `of_pair_list_runs` has every ratio.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.instances import make_instance, share_households
from bench.ortools import by_ortools
from bench.pair_list import count_pairs, read_from_disk, read_from_memory
from matching.engine import CashInstance
from matching.engine.baselines import first_come, greedy
from matching.engine.capped import solve_capped
from matching.engine.certificate import certified_bound
from matching.engine.compressed import Allocation, Prepared, prepare, solve_compressed

METHODS = ("engine", "first_come", "greedy", "ortools", "pair_list")


def describe(instance: CashInstance, ready: Prepared, found: Allocation, seconds: float) -> dict[str, Any]:
    """Return the measures of one allocation."""
    covered = np.zeros(len(instance.needs), dtype=np.int64)
    np.add.at(covered, found.need, found.amount_fen)
    tiers = np.unique(instance.needs.tier).tolist()
    gaps = instance.needs.gap_fen
    served = int((covered > 0).sum())
    grants = int((found.amount_fen > 0).sum())
    return {
        "seconds": round(seconds, 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "objective_fen": int(covered.sum()),
        "tier_coverage": {
            str(tier): round(
                int(covered[instance.needs.tier == tier].sum())
                / int(gaps[instance.needs.tier == tier].sum()),
                6,
            )
            for tier in tiers
        },
        "grants": grants,
        "funders_per_need": round(grants / max(served, 1), 3),
    }


def share(reached: int, bound: int) -> float:
    """Return how much of a bound was reached; all of it where nothing can be."""
    return round(reached / bound, 8) if bound else 1.0


def certify(instance: CashInstance, ready: Prepared, found: Allocation) -> dict[str, Any]:
    """Return the certified bound in all, and per tier and those above it the share of it that was reached."""
    covered = np.zeros(len(instance.needs), dtype=np.int64)
    np.add.at(covered, found.need, found.amount_fen)
    start = time.perf_counter()
    ratios, bound = {}, 0
    for tier in np.unique(instance.needs.tier).tolist():
        among = instance.needs.tier <= tier
        last = int(ready.ranks.level[among].max())
        bound = certified_bound(instance, found.price_level, last, network=ready.network, ranks=ready.ranks)
        ratios[str(tier)] = share(int(covered[among].sum()), bound)
    seconds = round(time.perf_counter() - start, 3)
    return {
        "bound_fen": bound,
        "ratio": share(int(covered.sum()), bound),
        "ratio_up_to_tier": ratios,
        "certificate_seconds": seconds,
    }


def run_one(method: str, options: argparse.Namespace) -> dict[str, Any] | None:
    """Run one method in this process and return its measures."""
    caps = options.caps == "on"
    solve: dict[str, Callable[[CashInstance, Prepared], Allocation | None]] = {
        "engine": lambda i, r: solve_capped(i, r).allocation if caps else solve_compressed(i, r),
        "first_come": first_come,
        "greedy": greedy,
        "ortools": lambda i, r: by_ortools(i, r, caps=caps),
    }
    if method != "pair_list":
        small = make_instance(200, 20, options.scenario, caps=caps)
        if options.household:
            small = share_households(small, options.household)
        warm = solve[method](small, prepare(small))
        if method == "engine" and warm is not None:
            certify(small, prepare(small), warm)
    instance = make_instance(options.needs, options.resources, options.scenario, caps=caps, seed=options.seed)
    if options.household:
        instance = share_households(instance, options.household)
    start, cpu = time.perf_counter(), time.process_time()
    ready = prepare(instance)
    prepared, cpu_prepared = time.perf_counter() - start, time.process_time() - cpu
    if method == "pair_list":
        pairs = count_pairs(instance, ready)
        return {
            "pairs": pairs,
            "gigabytes": round(8 * pairs / 1e9, 3),
            **read_from_memory(pairs, options.list_gigabytes),
            "disk_seconds": read_from_disk(pairs),
        }
    found = solve[method](instance, ready)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    if found is None:
        return None
    measures = describe(instance, ready, found, seconds)
    measures["cpu_seconds"] = round(cpu, 4)
    measures["solve_cpu_seconds"] = round(cpu - cpu_prepared, 4)
    measures["prepare_seconds"] = round(prepared, 4)
    if method == "engine":
        measures.update(certify(instance, ready, found))
    if method == "ortools" and not caps:
        measures["grants"] = measures["funders_per_need"] = None  # its flow is by kind of need, not by fund
    return measures


def run_apart(method: str, arguments: list[str]) -> dict[str, Any] | None:
    """Run one method in a process of its own and return its measures; OR-Tools may fail for want of room."""
    script = str(Path(__file__).with_name("matching.py"))
    command = [sys.executable, script, *arguments, "--only", method]
    child = subprocess.run(command, capture_output=True, text=True, check=method != "ortools")
    if child.returncode:
        return {"error": child.stderr.strip().splitlines()[-1:]}
    measures: dict[str, Any] | None = json.loads(child.stdout)
    return measures


def take_turns(runs: int, arguments: list[str]) -> dict[str, Any]:
    """Return engine and pair list, each the median of so many runs in turn, and the ratios of all runs."""
    pairs = [(_needed("engine", arguments), _needed("pair_list", arguments)) for _ in range(runs)]
    engines = sorted((engine for engine, _ in pairs), key=lambda run: float(run["cpu_seconds"]))
    lists = sorted((pair_list for _, pair_list in pairs), key=lambda run: float(run["read_cpu_seconds"]))
    ratios = [
        {
            "wall": _ratio(engine["seconds"], pair_list["read_seconds"]),
            "cpu": _ratio(engine["cpu_seconds"], pair_list["read_cpu_seconds"]),
        }
        for engine, pair_list in pairs
    ]
    return {"engine": engines[runs // 2], "pair_list": lists[runs // 2], "of_pair_list_runs": ratios}


def _needed(method: str, arguments: list[str]) -> dict[str, Any]:
    measures = run_apart(method, arguments)
    if measures is None:
        raise RuntimeError(f"{method} gave no measures")
    return measures


def _ratio(one: float, other: float) -> float | None:
    return float(f"{one / other:.3g}") if other > 0 else None


def compare(results: dict[str, Any]) -> dict[str, Any]:
    """Return how the engine stands to OR-Tools and to one reading of the pair list; set the others beside its bound."""
    engine, pairs = results["engine"], results["pair_list"]
    for method in ("first_come", "greedy", "ortools"):
        other = results[method]
        if other and "objective_fen" in other:
            other["bound_fen"] = engine["bound_fen"]
            other["ratio"] = share(other["objective_fen"], engine["bound_fen"])
    solved = (results["ortools"] or {}).get("solve_cpu_seconds")
    return {
        "of_pair_list": _ratio(engine["seconds"], pairs["read_seconds"]),
        "of_pair_list_cpu": _ratio(engine["cpu_seconds"], pairs["read_cpu_seconds"]),
        "of_pair_list_on_disk": _ratio(engine["seconds"], pairs["disk_seconds"]),
        "faster_than_ortools": _ratio(solved, engine["solve_cpu_seconds"]) if solved else None,
    }


def measure_series(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the engine's measures from a hundredth of the size to all of it; linear means equal `us_per_need`."""
    series = []
    for parts in (100, 30, 10, 3, 1):
        needs, resources = options.needs // parts, max(options.resources // parts, 1)
        arguments = ["--needs", str(needs), "--resources", str(resources), "--scenario", options.scenario]
        found = run_apart("engine", [*arguments, "--caps", options.caps])
        assert found is not None
        row = {"needs": needs, "resources": resources}
        row |= {name: found[name] for name in ("seconds", "cpu_seconds", "peak_mb", "ratio")}
        series.append(row | {"us_per_need": round(1e6 * found["cpu_seconds"] / needs, 2)})
    return series


def main() -> int:
    """Run every method in a child process and print one object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--resources", type=int, default=1_000)
    parser.add_argument("--scenario", choices=["national", "local"], default="national")
    parser.add_argument("--caps", choices=["on", "off"], default="off")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--household", type=int, default=0, help="so many needs a household on average, its caps joint"
    )
    parser.add_argument("--runs", type=int, default=1, help="how often engine and pair list are measured")
    parser.add_argument(
        "--list-gigabytes", type=float, default=8, help="how much of the pair list may lie in memory"
    )
    parser.add_argument("--series", action="store_true", help="add the engine's series of smaller sizes")
    parser.add_argument("--only", choices=METHODS, help="measure this method alone, in this process")
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(run_one(options.only, options)))
        return 0
    results = take_turns(options.runs, sys.argv[1:])
    results |= {method: run_apart(method, sys.argv[1:]) for method in ("first_come", "greedy", "ortools")}
    compared = compare(results)
    answer = {
        "needs": options.needs,
        "resources": options.resources,
        "scenario": options.scenario,
        "caps": options.caps,
        **results.pop("engine"),
        **compared,
        **results,
    }
    if options.series:
        answer["series"] = measure_series(options)
    if not options.json:
        print(f"{options.needs} needs, {options.resources} funds, {options.scenario}, caps {options.caps}")
    print(json.dumps(answer, indent=None if options.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
