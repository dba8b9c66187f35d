"""The main job's steps, each over everything that is ready for it. A refusal of one case never stops another."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from django.db.models import Q

from donors.errors import DonorsError
from donors.ledger.errors import LedgerError
from donors.queries import current_charter
from jiujinan.accounts.models import User
from matching.eligibility import OutsideCharter
from matching.main_job.people import People
from matching.models import Commitment, Proposal, Referral
from matching.services.delivery import deliver_commitment
from matching.services.proposals import AlreadyAnswered, accept_proposal
from matching.services.referrals import advance_referral
from matching.states import STANDING_COMMITMENTS, WAITING_REFERRALS, ProposalState
from needs.models import CaseRecord, GateDecision, Need
from needs.services.cases import NotReady, return_for_more, take_up, verify
from needs.services.coverage import GapExceeded, NeedNotServed
from needs.services.gate import decide
from needs.states import CaseState, NeedState

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")
Progress = Callable[[str, int, int], None]  # step, done, of how many

PURPOSE = "main-job"  # marks the runs whose proposals the main job itself answers
REFUSALS = (OutsideCharter, AlreadyAnswered, GapExceeded, NeedNotServed, LedgerError, DonorsError)


def watched(step: str, things: list[Thing], progress: Progress) -> Iterable[Thing]:
    """Yield the things one by one, telling how far the step has come."""
    progress(step, 0, len(things))
    for done, thing in enumerate(things, start=1):
        yield thing
        progress(step, done, len(things))


def verify_cases(*, people: People, progress: Progress, now: datetime) -> int:
    """Take up and verify what was received; return for more what is not complete. Returns how many verified."""
    verified = 0
    received = Q(state=CaseState.RECEIVED)
    interrupted = Q(state=CaseState.UNDER_VERIFICATION, officer=people.officer)
    waiting = list(CaseRecord.objects.filter(received | interrupted).order_by("received_at", "number"))
    for case in watched("verify", waiting, progress):
        is_new = case.state == CaseState.RECEIVED
        taken = take_up(case=case, by=people.officer, now=now) if is_new else case
        try:
            verify(case=taken, by=people.verifier, now=now)
            verified += 1
        except NotReady as missing:
            return_for_more(case=taken, reason=", ".join(missing.obstacles), by=people.verifier, now=now)
    return verified


def publish_needs(*, people: People, progress: Progress, now: datetime) -> tuple[int, int]:
    """Bring every verified need before the gate. Returns how many were published and how many held."""
    waiting = list(Need.objects.filter(state=NeedState.VERIFIED).order_by("tier", "-score", "pk"))
    outcomes = {"published": 0, "held": 0}
    for need in watched("publish", waiting, progress):
        decision: GateDecision = decide(need=need, by=people.publisher, now=now)
        outcomes[decision.outcome] += 1
    return outcomes["published"], outcomes["held"]


def accept_all(*, people: People, progress: Progress, now: datetime) -> None:
    """Answer with yes what main jobs proposed (an interrupted one too), for those who answer for the resources."""
    proposals = list(
        Proposal.objects.filter(
            run__summary__purpose=PURPOSE, state=ProposalState.PROPOSED, expires_at__gt=now
        )
        .select_related("fund", "offer", "lot")
        .order_by("pk")
    )
    for proposal in watched("accept", proposals, progress):
        by = people.manager if proposal.fund_id else people.worker
        try:
            accept_proposal(proposal=proposal, by=by, now=now)
        except REFUSALS as refusal:
            logger.warning("proposal %s was not accepted: %s", proposal.pk, type(refusal).__name__)


def deliver_all(*, people: People, progress: Progress, now: datetime) -> None:
    """
    Pay out and hand over what is committed; agencies accept what was referred to them.

    No bank is connected to a main job: its payments name the number of their own order, under which the bank's
    statement shows them. Through the portal the bank's answer names the line.
    """
    standing = list(
        Commitment.objects.filter(state__in=STANDING_COMMITMENTS)
        .select_related("fund", "lot")
        .order_by("at", "pk")
    )
    for commitment in watched("deliver", standing, progress):
        deliver_commitment(
            commitment=commitment,
            amount=commitment.amount - commitment.disbursed,
            key=f"main-job:{commitment.pk}",
            payer=people.payer if commitment.fund_id else people.worker,
            approver=_approver(commitment, people),
            now=now,
            bank_line=f"MJ{commitment.pk.hex[:20].upper()}" if commitment.fund_id else "",
        )
    waiting = list(Referral.objects.filter(state__in=WAITING_REFERRALS).order_by("requested_at", "pk"))
    for referral in watched("refer", waiting, progress):
        advance_referral(referral=referral, act="accept", by=people.worker, now=now)


def _approver(commitment: Commitment, people: People) -> User | None:
    if commitment.fund is None:
        return None
    limit = current_charter(fund=commitment.fund).second_approval_above_fen
    return people.approver if limit is not None and commitment.amount > limit else None
