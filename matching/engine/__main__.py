"""Solve an instance given as CSV: `python -m matching.engine INSTANCE_DIR --out DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matching.engine.cash import ENGINE_VERSION, solve_cash
from matching.engine.certificate import certified_bound
from matching.engine.columns import InstanceError
from matching.engine.files import read_instance, write_solution
from matching.engine.ranks import rank_needs


def main(arguments: list[str] | None = None) -> int:
    """Read, solve, write; return 0, or 2 with a message if the instance cannot be read or the answer not written."""
    parser = argparse.ArgumentParser(prog="matching.engine", description=__doc__)
    parser.add_argument("instance", type=Path, help="folder with needs.csv and funds.csv")
    parser.add_argument("--out", type=Path, required=True, help="folder for the answer")
    parser.add_argument(
        "--today", type=int, default=0, help="ordinal day for the funds' periods; 0 ignores them"
    )
    parser.add_argument("--method", choices=["auto", "pairs", "large"], default="auto")
    chosen = parser.parse_args(arguments)
    try:
        instance = read_instance(chosen.instance, today=chosen.today)
    except (InstanceError, OSError, ValueError) as error:
        print(f"cannot read {chosen.instance}: {error}", file=sys.stderr)  # noqa: T201 - a command speaks
        return 2
    solution = solve_cash(instance, method=chosen.method)
    last_level = int(rank_needs(instance.needs).level.max(initial=0))
    covered = int(solution.covered_fen.sum())
    summary: dict[str, object] = {
        "engine_version": ENGINE_VERSION,
        "needs": len(instance.needs),
        "funds": len(instance.funds),
        "grants": len(solution.amount_fen),
        "gap_fen": int(instance.needs.gap_fen.sum()),
        "covered_fen": covered,
        "bound_fen": certified_bound(instance, solution.price_level, last_level),
    }
    try:
        write_solution(chosen.out, instance, solution, summary)
    except OSError as error:
        print(f"cannot write {chosen.out}: {error}", file=sys.stderr)  # noqa: T201 - a command speaks
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
