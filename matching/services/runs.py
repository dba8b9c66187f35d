"""A match run: gather, solve, keep what came of it with its reasons."""

from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.clocks.queries import current_limits
from jiujinan.clocks.rules import Step
from matching.engine import ENGINE_VERSION
from matching.gathering import gather
from matching.models import MatchRun, Proposal, Unmatched
from matching.rules import RULE_VERSION
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
    ends = _answer_dates(snapshot, now)
    Proposal.objects.bulk_create(
        [
            Proposal(
                run=run,
                item_id=UUID(match.item),
                amount=match.amount,
                reasons=match.reasons,
                expires_at=ends[match.item],
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


def _answer_dates(snapshot: Snapshot, now: datetime) -> dict[str, datetime]:
    """Return until when a proposal for each item waits, by the dated limits of its region and tier."""
    limits, since = current_limits(), timezone.localtime(now)

    @cache
    def end(tier: str, region: str) -> datetime:
        return limits.timing(Step.PROPOSAL, tier=tier, region=region, since=since).due_at

    items = (*snapshot.cash, *snapshot.services, *snapshot.goods)
    return {row.item: end(row.tier, str(row.region)) for row in items}


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
