"""Measure a run by province with a real worker: `python -m bench.provinces_by_workers --of NAME`.

`NAME` is a database that `bench.runs --fill NAME --caps on` has filled (DATABASE_URL says where; REDIS_URL names the
broker); what happens, happens in a copy of it. The run is solved in one piece, by province in this process, and by
province with a worker of two processes beside this one; `--kill` kills that worker without warning while it solves a
part. Prints one JSON object; `same` tells whether the last two gave the same bytes, `single_fen` and `proposed_fen`
what the first and the last offer in all.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.database import in_a_copy_of

QUEUE = "bench-provinces"
ROOT = Path(__file__).parents[1]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", metavar="NAME", required=True, help="a database filled by bench.runs")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kill", action="store_true", help="kill the worker in the middle of a part")
    parser.add_argument("--patience", type=int, default=20, help="seconds that a silent worker is waited for")
    options = parser.parse_args()
    sys.stdout.write(json.dumps(in_a_copy_of(options.of, measure, options)) + "\n")
    return 0


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Solve three ways; return the figures."""
    from django.conf import settings
    from django.db.models import Sum

    from jiujinan.accounts.models import User
    from matching.gathering import gather
    from matching.models import MatchRun, Proposal, SolvePart
    from matching.services.runs import replay, run_matching
    from matching.solving import solve
    from tests.town import NOW

    figures: dict[str, Any] = {}
    settings.MATCHING_PROVINCE_ROUNDS = 0
    single = timed(figures, "single", lambda: solve(gather(now=NOW)))
    figures["single_fen"] = int(single.grants("cash")["amount"].sum())
    del single
    settings.MATCHING_PROVINCE_ROUNDS = options.rounds
    digest = timed(figures, "in_place", lambda: solve(gather(now=NOW)).digest())
    worker = Worker(options)
    by = User.objects.order_by("pk").first()
    assert by is not None
    run = timed(figures, "with_worker", lambda: run_matching(by=by, now=NOW, hand_out=worker.hand_out))
    worker.kill()
    figures |= {
        "same": run.outcome_digest == digest,
        "replayed": timed(figures, "replay", lambda: replay(run=run).digest()) == digest,
        "parts_by_worker": worker.answered(),
        "killed": worker.killed,
        "runs": MatchRun.objects.count(),
        "proposals": Proposal.objects.count(),
        "proposed_fen": Proposal.objects.aggregate(fen=Sum("amount"))["fen"],
        "parts_left": SolvePart.objects.count(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return figures


def timed(figures: dict[str, Any], name: str, what: Callable[[], Any]) -> Any:
    """Do it; note seconds by the clock and of this process."""
    began, cpu = time.perf_counter(), time.process_time()
    done = what()
    figures[f"{name}_seconds"] = round(time.perf_counter() - began, 1)
    figures[f"{name}_cpu"] = round(time.process_time() - cpu, 1)
    return done


class Worker:
    """A worker of two processes on the database at hand, and who answered which part."""

    def __init__(self, options: argparse.Namespace) -> None:
        from django.db import connection

        from jiujinan.celery import app
        from matching.services import provinces

        app.conf.task_default_queue = QUEUE
        provinces.PATIENCE_SECONDS = options.patience
        self.dies, self.killed, self.asked, self.here = options.kill, False, 0, 0
        self.answer_here = provinces.answer_part
        provinces.answer_part = self.counted
        place = connection.settings_dict
        url = (
            f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
        )
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "jiujinan.celery",
            "worker",
            "--queues",
            QUEUE,
            "--concurrency",
        ]
        self.process = subprocess.Popen(
            [*command, "2", "--without-gossip", "--without-mingle", "--loglevel", "error"],
            env={**os.environ, "DATABASE_URL": url}, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def counted(self, *, part: int, round_: int) -> bool:
        """Solve a part in this process, and count it."""
        self.asked += 1
        here = self.answer_here(part=part, round_=round_)
        self.here += here
        return here

    def hand_out(self, part: int, round_: int) -> None:
        """Tell the worker of a part, as the hourly task does; kill it in the first that it takes, if it has to die."""
        from matching import tasks
        from matching.models import SolvePart

        tasks._hand_out(part, round_)
        if self.dies and not self.killed:
            until = time.monotonic() + 60
            while not SolvePart.objects.filter(taken=True, answer=None).exists():
                assert time.monotonic() < until
                time.sleep(0.01)
            self.kill()
            self.killed = SolvePart.objects.filter(taken=True, answer=None).exists()

    def kill(self) -> None:
        """Kill the worker and both its processes without warning."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def answered(self) -> int:
        """Return how many parts the worker answered."""
        return self.asked - self.here - int(self.killed)


if __name__ == "__main__":
    sys.exit(main())
