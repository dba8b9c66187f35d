"""Measure a whole run, PostgreSQL to PostgreSQL: `DATABASE_URL=… python -m bench.runs --needs N --resources M`.

Fills a fresh database with the needs and funds of `bench.instances` (`bench.run_world`), runs the matching as the
hourly task does, and prints one JSON object: seconds of gathering, solving and keeping, what a page's question costs
afterwards (why an item, why a fund, why not a pair), read from the run's parts, and how many rows have their reason (it
fails unless all have). Filling a million takes minutes: `--fill NAME` keeps the filled database under that name,
`--of NAME` measures in a copy of it.
"""

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from bench.database import in_a_copy_of, in_a_fresh_database, keep_as_template
from bench.run_world import build_world

ASKED = 400


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=1_000_000)
    parser.add_argument("--resources", type=int, default=50_000)
    parser.add_argument("--scenario", choices=["national", "local"], default="national")
    parser.add_argument("--caps", choices=["on", "off"], default="off")
    parser.add_argument(
        "--fill", metavar="NAME", help="fill a database, keep it under this name, measure nothing"
    )
    parser.add_argument("--of", metavar="NAME", help="measure in a copy of the database of this name")
    options = parser.parse_args()
    if options.of:
        figures = in_a_copy_of(options.of, measure, options)
    else:
        figures = in_a_fresh_database(fill if options.fill else fill_and_measure, options)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def fill(options: argparse.Namespace) -> dict[str, Any]:
    """Fill the database at hand and keep it."""
    began = time.perf_counter()
    build_world(options)
    keep_as_template(options.fill)
    return {"filled": options.fill, "seconds": round(time.perf_counter() - began, 1)}


def fill_and_measure(options: argparse.Namespace) -> dict[str, Any]:
    """Fill the database at hand and measure in it."""
    build_world(options)
    return measure(options)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run, ask; return the figures."""
    from jiujinan.accounts.models import User
    from tests.town import NOW

    by = User.objects.order_by("pk").first()
    figures = run_in_steps(by, NOW)
    return {
        "scenario": options.scenario,
        "caps": options.caps,
        **figures,
        "rows_with_their_reason": rows_with_their_reason(),
        **ask(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def run_in_steps(by: Any, now: Any) -> dict[str, Any]:
    """Run as `run_matching` does, each step timed."""
    from matching.gathering import gather
    from matching.models import Proposal
    from matching.services import runs
    from matching.solving import solve

    seconds: dict[str, Any] = {}

    def timed(name: str, what: Callable[[], Any]) -> Any:
        began, cpu = time.perf_counter(), time.process_time()
        done = what()
        seconds[f"{name}_seconds"] = round(time.perf_counter() - began, 2)
        seconds[f"{name}_cpu"] = round(time.process_time() - cpu, 2)
        return done

    timed("expire", lambda: runs.expire_proposals(now=now))
    snapshot = timed("gather", lambda: gather(now=now))
    solved = timed("solve", lambda: solve(snapshot))
    timed(
        "keep",
        lambda: runs.keep_run(snapshot=snapshot, solved=solved, by=by, now=now, purpose="bench"),
    )
    outside = sum(seconds[f"{name}_seconds"] for name in ("expire", "gather", "keep"))
    return {**seconds, "outside_the_solve_seconds": round(outside, 2), "proposals": Proposal.objects.count()}


def rows_with_their_reason() -> int:
    """Return how many needs and resources the run saw; fail unless each has the reason for what became of it."""
    from matching.parts import TABLES, whole
    from matching.queries import latest_run
    from tests.matching.invariants import every_row_has_its_reason

    run = latest_run()
    assert run is not None
    every_row_has_its_reason(run)
    return sum(len(whole(run, table, "seen")["id"]) for table in TABLES[:-1])


def ask() -> dict[str, float]:
    """Ask why of items, funds and pairs drawn by chance; return medians and 95th percentiles in milliseconds."""
    from matching.columns import uuids
    from matching.parts import whole
    from matching.queries import latest_run, why_item, why_pair, why_supply

    run = latest_run()
    assert run is not None
    items, funds = (uuids(whole(run, table, "seen")["id"]) for table in ("cash", "funds"))
    draw = random.Random(1)

    def quantiles(name: str, question: Callable[[UUID, UUID], object]) -> dict[str, float]:
        took = []
        for _ in range(ASKED):
            item, fund = draw.choice(items), draw.choice(funds)
            began = time.perf_counter()
            assert question(item, fund) is not None
            took.append((time.perf_counter() - began) * 1000)
        return {
            f"{name}_ms": round(statistics.median(took), 1),
            f"{name}_p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        }

    return {
        **quantiles("why_item", lambda item, _: why_item(kind="cash", item=item)),
        **quantiles("why_fund", lambda _, fund: why_supply(kind="fund", supply=fund)),
        **quantiles("why_pair", lambda item, fund: why_pair(kind="cash", item=item, supply=fund)),
    }


if __name__ == "__main__":
    sys.exit(main())
