"""A match run: gather, solve, keep what came of it with its reasons."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.codes import Tier
from matching.engine import ENGINE_VERSION
from matching.gathering import gather
from matching.models import MatchRun, Proposal, Unmatched
from matching.rules import ANSWER_WITHIN, RULE_VERSION
from matching.snapshot import Snapshot
from matching.solving import Solved, solve
from matching.states import ProposalState
from matching.telling import tell_expired_proposals

_COLUMN = {"fund": "fund_id", "offer": "offer_id", "lot": "lot_id", "item": "item_id"}


class NotRepeatable(Exception):
    """Solving the run's snapshot again gave another outcome."""


def run_matching(*, by: User, now: datetime, purpose: str = "proposals") -> MatchRun:
    """Propose matches for everything open; the solve itself holds no lock. `purpose` is kept with the run."""
    expire_proposals(now=now)
    snapshot = gather(now=now)
    solved = solve(snapshot)
    return _keep(snapshot=snapshot, solved=solved, by=by, now=now, purpose=purpose)


@transaction.atomic
def _keep(*, snapshot: Snapshot, solved: Solved, by: User, now: datetime, purpose: str) -> MatchRun:
    run = MatchRun.objects.create(
        at=now,
        by=by,
        rule_version=RULE_VERSION,
        engine_version=ENGINE_VERSION,
        snapshot=snapshot.to_bytes(),
        snapshot_digest=snapshot.digest(),
        outcome_digest=solved.digest(),
        summary={"purpose": purpose, "matches": len(solved.matches), "left": len(solved.left)},
    )
    tiers = {row.item: Tier(row.tier) for row in (*snapshot.cash, *snapshot.services, *snapshot.goods)}
    Proposal.objects.bulk_create(
        [
            Proposal(
                run=run,
                item_id=UUID(match.item),
                amount=match.amount,
                reasons=match.reasons,
                expires_at=now + ANSWER_WITHIN[tiers[match.item]],
                **{_COLUMN[match.kind]: UUID(match.resource)},
            )
            for match in solved.matches
        ],
        batch_size=1000,
    )
    Unmatched.objects.bulk_create(
        [
            Unmatched(
                run=run, left=left.amount, reasons=left.reasons, **{_COLUMN[left.kind]: UUID(left.subject)}
            )
            for left in solved.left
        ],
        batch_size=1000,
    )
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
    """Solve the run's snapshot again; raise NotRepeatable unless the same outcome comes, bit for bit."""
    solved = solve(Snapshot.from_bytes(bytes(run.snapshot)))
    if solved.digest() != run.outcome_digest:
        raise NotRepeatable(str(run.pk))
    return solved


def expire_proposals(*, now: datetime) -> int:
    """End the proposals that nobody answered in time; what they held is offered again by the next run."""
    unanswered = Proposal.objects.filter(state=ProposalState.PROPOSED, expires_at__lte=now)
    with transaction.atomic():
        expired = list(unanswered.select_for_update(of=("self",)).select_related("item__need__case__owner"))
        ended = Proposal.objects.filter(pk__in=[one.pk for one in expired]).update(
            state=ProposalState.EXPIRED, answered_at=now
        )
        if ended:
            tell_expired_proposals(expired, now)
            record(
                stream="matching",
                action="proposals.expire",
                by=None,
                subject="proposals",
                data={"ended": ended},
                now=now,
            )
    return ended
