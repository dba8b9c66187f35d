"""A match run: gather, solve, keep what came of it with its reasons."""

from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from matching.engine import ENGINE_VERSION
from matching.gathering import gather
from matching.models import MatchRun
from matching.parts import snapshot_of_run
from matching.rules import RULE_VERSION
from matching.services.expiring import expire_proposals
from matching.services.keeping import keep
from matching.services.provinces import HandOut, by_workers
from matching.snapshot import Snapshot
from matching.solving import Solved, solve


class NotRepeatable(Exception):
    """Solving the run's snapshot again gave another outcome."""


def run_matching(
    *, by: User, now: datetime, purpose: str = "proposals", hand_out: HandOut | None = None
) -> MatchRun:
    """Propose matches for everything open; the solve itself holds no lock. `purpose` is kept with the run.

    Where the settings ask for a solve by province, `hand_out` tells workers of its parts; without it all is solved
    here.
    """
    expire_proposals(now=now)
    snapshot = gather(now=now)
    if snapshot.province_rounds and hand_out:
        with by_workers(hand_out, now=now) as solve_parts:
            solved = solve(snapshot, solve_parts)
    else:
        solved = solve(snapshot)
    return keep_run(snapshot=snapshot, solved=solved, by=by, now=now, purpose=purpose)


@transaction.atomic
def keep_run(*, snapshot: Snapshot, solved: Solved, by: User, now: datetime, purpose: str) -> MatchRun:
    """Write down a run that was solved: what it saw, what came of it, its proposals and its trail."""
    run = MatchRun.objects.create(
        at=now,
        by=by,
        rule_version=RULE_VERSION,
        engine_version=ENGINE_VERSION,
        header=snapshot.header(),
        snapshot_digest=snapshot.digest(),
        outcome_digest=solved.digest(),
        summary={"purpose": purpose, "matches": solved.matches, "left": solved.left},
    )
    keep(run=run, snapshot=snapshot, solved=solved)
    record(
        stream="matching",
        action="match.run",
        by=by,
        subject=f"run:{run.pk}",
        data={"snapshot": run.snapshot_digest, "outcome": run.outcome_digest, **run.summary},
        now=now,
    )
    return run


def replay(*, run: MatchRun) -> Solved:
    """Solve what the run saw again; raise NotRepeatable unless the same outcome comes, bit for bit, or NotKept."""
    snapshot = snapshot_of_run(run)
    if snapshot.digest() != run.snapshot_digest:
        raise NotRepeatable(f"{run.pk}: what it saw was changed")
    solved = solve(snapshot)
    if solved.digest() != run.outcome_digest:
        raise NotRepeatable(str(run.pk))
    return solved
