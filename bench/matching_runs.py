"""Measure the matching engine on synthetic needs and funds, beside first come, greedy and OR-Tools.

    python bench/matching.py --needs 1000000 --resources 50000 --scenario national --caps off --json

Every method runs in a process of its own, so that `peak_mb` is its own; `cpu_seconds` is what `seconds` would be on a
machine that has nothing else to do. The instances are described in `instances`.

The pair list is every eligible pair as two int32, need and fund, and nothing else: what a method that lists pairs reads
at the very least. `read_seconds` is one pass over so many bytes in memory, from blocks larger than any cache, though so
long a list would rarely fit there: a lower bound of what reading it costs. `disk_seconds` is what one pass over it on
disk would take, reckoned from a file of at most 1 GiB that the page cache has been told to forget.
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

from bench.instances import make_instance
from bench.pair_list import count_pairs, read_from_disk, read_pair_list
from matching.engine import CashInstance
from matching.engine.baselines import first_come, greedy
from matching.engine.capped import solve_capped
from matching.engine.certificate import certified_bound
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, prepare, solve_compressed, waiting_needs

METHODS = ("engine", "first_come", "greedy", "ortools", "pair_list")
ORTOOLS_PAIRS = 20_000_000
ORTOOLS_NEEDS = 1_000_000


def by_ortools(instance: CashInstance, ready: Prepared, *, caps: bool) -> Allocation | None:
    """Solve by OR-Tools: over all pairs with caps, on the compressed network without; None where it does not fit."""
    if caps:
        return _ortools_pairs(instance, ready)
    return _ortools_network(instance, ready) if len(instance.needs) <= ORTOOLS_NEEDS else None


def _ortools_pairs(instance: CashInstance, ready: Prepared) -> Allocation | None:
    from matching.engine.eligibility import eligible_pairs
    from matching.engine.pairwise import solve_pairs

    if len(instance.needs) * len(instance.funds) > ORTOOLS_PAIRS:
        return None
    pairs = eligible_pairs(instance)
    amount = solve_pairs(instance, pairs, ready.ranks, parts=1)
    return Allocation(pairs.need, pairs.fund, amount, np.zeros(len(instance.funds), dtype=np.int64))


def _ortools_network(instance: CashInstance, ready: Prepared) -> Allocation:
    from ortools.graph.python import min_cost_flow

    network = ready.network
    tails, heads, vertices = _arcs(ready)
    waiting = waiting_needs(instance, ready)
    need, _, gap, level = waiting.by_node.T
    node = np.repeat(np.arange(len(network.parent)), np.diff(waiting.node_offsets))
    source, sink = vertices, vertices + 1
    total = int(gap.sum())
    money = np.zeros(network.pool_count, dtype=np.int64)
    placed = network.fund_pool >= 0
    np.add.at(money, network.fund_pool[placed], instance.funds.available_fen[placed])
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tail: Int64, head: Int64, capacity: Int64, cost: Int64) -> Any:
        columns = (
            tail.astype(np.int32),
            head.astype(np.int32),
            capacity.astype(np.int64),
            cost.astype(np.int64),
        )
        return flow.add_arcs_with_capacity_and_unit_cost(*columns)

    zero = np.zeros(len(heads), dtype=np.int64)
    handles = add(np.full(len(node), source), node, gap, level)
    add(tails, heads, zero + total, zero)
    pools = np.arange(network.pool_count)
    add(len(network.parent) + pools, np.full(len(pools), sink), money, np.zeros(len(pools), dtype=np.int64))
    bypass = np.array([int(ready.ranks.level.max()) + 1])
    add(np.array([source]), np.array([sink]), np.array([total]), bypass)
    flow.set_nodes_supplies(np.array([source, sink], dtype=np.int32), np.array([total, -total]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-Tools found no optimum: {status}")
    amount = np.asarray(flow.flows(handles), dtype=np.int64)
    nowhere = np.zeros(len(amount), dtype=np.int64)
    return Allocation(need, nowhere, amount, np.zeros(len(instance.funds), dtype=np.int64))


def _arcs(ready: Prepared) -> tuple[Int64, Int64, int]:
    """Return the tails and heads of the network's arcs (nodes first, then pools), and the number of vertices."""
    network = ready.network
    nodes, inner = len(network.parent), np.flatnonzero(network.parent >= 0)
    own = np.repeat(np.arange(nodes), np.diff(network.arc_offsets))
    heads = np.concatenate([network.arc_pool + nodes, network.parent[inner]])
    return np.concatenate([own, inner]), heads, nodes + network.pool_count


def describe(instance: CashInstance, ready: Prepared, found: Allocation, seconds: float) -> dict[str, Any]:
    """Return the measures of one allocation."""
    covered = np.zeros(len(instance.needs), dtype=np.int64)
    np.add.at(covered, found.need, found.amount_fen)
    tiers = np.unique(instance.needs.tier).tolist()
    gaps = instance.needs.gap_fen
    served = int((covered > 0).sum())
    grants = int((found.amount_fen > 0).sum())
    return {
        "seconds": round(seconds, 3),
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
        ratios[str(tier)] = round(int(covered[among].sum()) / max(bound, 1), 8)
    seconds = round(time.perf_counter() - start, 3)
    return {
        "bound_fen": bound,
        "ratio": round(int(covered.sum()) / max(bound, 1), 8),
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
        warm = solve[method](small, prepare(small))
        if method == "engine" and warm is not None:
            certify(small, prepare(small), warm)
    instance = make_instance(options.needs, options.resources, options.scenario, caps=caps, seed=options.seed)
    start, cpu = time.perf_counter(), time.process_time()
    ready = prepare(instance)
    prepared, cpu_prepared = time.perf_counter() - start, time.process_time() - cpu
    if method == "pair_list":
        pairs = count_pairs(instance, ready)
        return {
            "pairs": pairs,
            "gigabytes": round(8 * pairs / 1e9, 1),
            "read_seconds": round(read_pair_list(pairs), 3),
            "disk_seconds": round(read_from_disk(pairs), 2),
        }
    found = solve[method](instance, ready)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    if found is None:
        return None
    measures = describe(instance, ready, found, seconds)
    measures["cpu_seconds"] = round(cpu, 3)
    measures["solve_cpu_seconds"] = round(cpu - cpu_prepared, 3)
    measures["prepare_seconds"] = round(prepared, 3)
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


def compare(results: dict[str, Any]) -> dict[str, Any]:
    """Return how the engine stands to OR-Tools and to one reading of the pair list; set the others beside its bound."""
    engine, pairs = results["engine"], results["pair_list"]
    for method in ("first_come", "greedy", "ortools"):
        other = results[method]
        if other and "objective_fen" in other:
            other["bound_fen"] = engine["bound_fen"]
            other["ratio"] = round(other["objective_fen"] / max(engine["bound_fen"], 1), 8)
    times: dict[str, Any] = {"of_pair_list": None, "of_pair_list_on_disk": None, "faster_than_ortools": None}
    if pairs["read_seconds"]:
        times["of_pair_list"] = round(engine["cpu_seconds"] / pairs["read_seconds"], 2)
    if pairs["disk_seconds"]:
        times["of_pair_list_on_disk"] = round(engine["seconds"] / pairs["disk_seconds"], 3)
    if (results["ortools"] or {}).get("solve_cpu_seconds"):
        ratio = results["ortools"]["solve_cpu_seconds"] / max(engine["solve_cpu_seconds"], 0.001)
        times["faster_than_ortools"] = round(ratio, 1)
    return times


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
    parser.add_argument("--series", action="store_true", help="add the engine's series of smaller sizes")
    parser.add_argument("--only", choices=METHODS, help="measure this method alone, in this process")
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(run_one(options.only, options)))
        return 0
    results: dict[str, Any] = {method: run_apart(method, sys.argv[1:]) for method in METHODS}
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
