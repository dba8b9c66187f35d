"""
Measures two hundred donors at one need at once: `python -m bench.crowd [--donors N] [--rounds N]`.

Every donor accepts his own proposal through `matching.services.proposals`, on a database connection of his own, all
of a round released by one barrier. Prints one JSON object: outcomes, what was served past its gap (must be nothing),
acceptances a second. Needs DATABASE_URL to name a PostgreSQL with as many connections; works in a database of its
own (`test_…`), which it drops.
"""

import argparse
import json
import sys
import time
from collections import Counter
from typing import Any

from django.db import connection

from bench.database import in_a_fresh_database
from matching.services.runs import run_matching
from tests.matching.invariants import everything_holds
from tests.matching.services.crowding import all_at_once, needs_with_offers, past_the_gap
from tests.town import NOW, build_town


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Let them all accept, and look at every need afterwards."""
    town = build_town()
    run = run_matching(by=town.chen, now=NOW)
    funds = [town.fund(yuan=1_000_000) for _ in range(options.donors)]
    rounds = needs_with_offers(town, run, funds, options.rounds)
    start = time.perf_counter()
    outcomes = all_at_once(town, rounds, processes=options.processes)
    seconds = time.perf_counter() - start
    everything_holds()
    return {
        "donors": options.donors,
        "rounds": options.rounds,
        "seconds": round(seconds, 1),
        "answers_per_second": round(options.donors * options.rounds / seconds),
        "outcomes": dict(sum(outcomes, Counter())),
        "past_the_gap": past_the_gap(rounds),
    }


def main() -> int:
    """Print the figures; status 1 if any need was served past its gap."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--donors", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--processes", type=int, default=4)
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        print("DATABASE_URL must name a PostgreSQL", file=sys.stderr)
        return 2
    figures = in_a_fresh_database(measure, options)
    print(json.dumps(figures, indent=2))
    return 1 if figures["past_the_gap"] else 0


if __name__ == "__main__":
    sys.exit(main())
