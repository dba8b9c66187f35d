"""Measure a solve by province against the single one: `python -m bench.provinces --needs N --resources M --scenario S`.

Prints one JSON object: processor seconds of the single run; for each number of rounds those of all parts, of the
longest
one in each round, of what the coordinator does besides, with and without the finish; and what was covered, as a share
of the single run's, in all and by tier. `same` tells whether every need is covered as in the single run.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.instances import make_instance
from matching.engine import CashInstance, CashSolution, solve_cash
from matching.engine.certificate import certified_bound
from matching.engine.columns import Int64
from matching.engine.provinces import Part, PartAnswer, solve_by_province, solve_part
from matching.engine.ranks import rank_needs


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=100_000)
    parser.add_argument("--resources", type=int, default=5_000)
    parser.add_argument("--scenario", choices=["national", "local"], default="local")
    parser.add_argument("--rounds", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    small = make_instance(2000, 200, options.scenario, caps=True)
    solve_cash(small, method="large"), solve_by_province(small)  # compiles what has to be compiled
    instance = make_instance(options.needs, options.resources, options.scenario, caps=True)
    began = time.process_time()
    once = solve_cash(instance, method="large")
    single = time.process_time() - began
    divided = [
        tried(instance, once, rounds=rounds, finish=finish)
        for rounds in options.rounds
        for finish in (False, True)
    ]
    told = {
        "needs": options.needs,
        "resources": options.resources,
        "scenario": options.scenario,
        "single_cpu": round(single, 2),
        "divided": divided,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def tried(instance: CashInstance, once: CashSolution, *, rounds: int, finish: bool) -> dict[str, Any]:
    """Solve by province; return times and losses."""
    parts, longest = 0.0, []

    def solve_parts(every: Sequence[Part], shares: Sequence[Int64]) -> list[PartAnswer]:
        nonlocal parts
        answers, took = [], []
        for part, share in zip(every, shares, strict=True):
            began = time.process_time()
            answers.append(solve_part(part.instance, part.shared, share))
            took.append(time.process_time() - began)
        parts += sum(took)
        longest.append(round(max(took), 2))
        return answers

    began = time.process_time()
    found = solve_by_province(instance, solve_parts, rounds=rounds, finish=finish)
    seconds = time.process_time() - began
    tiers = [
        int(found.covered_fen[instance.needs.tier == tier].sum())
        / max(int(once.covered_fen[instance.needs.tier == tier].sum()), 1)
        for tier in range(3)
    ]
    last = int(rank_needs(instance.needs).level.max())
    return {
        "rounds": rounds,
        "finish": finish,
        "parts_cpu": round(parts, 2),
        "longest_parts_cpu": longest,
        "coordinator_cpu": round(seconds - parts, 2),
        "covered": round(int(found.covered_fen.sum()) / int(once.covered_fen.sum()), 5),
        "tiers": [round(share, 5) for share in tiers],
        "of_certified_bound": round(
            int(found.covered_fen.sum()) / certified_bound(instance, found.price_level, last), 5
        ),
        "same": bool((found.covered_fen == once.covered_fen).all()),
    }


if __name__ == "__main__":
    sys.exit(main())
