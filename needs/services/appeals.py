"""Asking again after a refusal: recorded, decided by another person under a clock, answered either way."""

from datetime import date, datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_decide_appeal, can_record_for_case
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import start, stop
from needs.models import Appeal, CaseRecord
from needs.services.cases import begin, locked
from needs.services.noting import note_and_tell, subject_of
from needs.services.refusals import NotReady, require_text
from needs.states import CASE_ACTS, CaseState

UPHELD, OVERTURNED = "upheld", "overturned"


def appeal_subject(appeal: Appeal) -> str:
    """Return the name of the appeal's own clock."""
    return f"appeal:{appeal.pk}"


@transaction.atomic
def file_appeal(*, case: CaseRecord, grounds: str, filed_on: date, by: User, now: datetime) -> Appeal:
    """Record an appeal against a refusal within its time, and start the clock of its decision."""
    case = locked(case)
    if not can_record_for_case(by, region=case.region_id):
        raise NotAllowed("only the desk of the region records an appeal")
    require_text(grounds, name="grounds")
    if case.state != CaseState.REFUSED:
        raise NotReady(["not_refused"])
    if case.appeal_until is None or filed_on > case.appeal_until:
        raise NotReady(["appeal_too_late"])
    if case.appeals.filter(decided_at=None).exists():
        raise NotReady(["appeal_open"])
    appeal = Appeal(
        case=case,
        grounds=grounds,
        filed_on=filed_on,
        recorded_by=by,
        recorded_at=now,
        refused_by=case.verifier,
        due_at=now,
    )
    appeal.save()
    stop(subject=subject_of(case), steps=[Step.APPEAL_WINDOW], now=now)
    clock = start(
        subject=appeal_subject(appeal),
        step=Step.APPEAL,
        case=case.pk,
        label=case.number,
        region=case.region_id,
        tier=case.tier,
        owner=case.owner,
        now=now,
    )
    Appeal.objects.filter(pk=appeal.pk).update(due_at=clock.due_at)
    CaseRecord.objects.filter(pk=case.pk).update(due_at=clock.due_at)
    note_and_tell(case, "appeal", by=by, now=now, reason=grounds, kind="case.appealed")
    appeal.due_at = clock.due_at
    return appeal


@transaction.atomic
def decide_appeal(*, appeal: Appeal, outcome: str, reason: str, by: User, now: datetime) -> CaseRecord:
    """Decide by somebody who neither refused nor recorded it: the refusal stands, or the case is verified again."""
    case = locked(appeal.case)
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if not can_decide_appeal(
        by, region=case.region_id, refused_by=appeal.refused_by_id, recorded_by=appeal.recorded_by_id
    ):
        raise NotAllowed(
            "an appeal is decided by somebody who neither refused the case nor took the appeal in"
        )
    if outcome not in {UPHELD, OVERTURNED}:
        raise NotReady(["outcome_missing"])
    require_text(reason)
    if appeal.decided_at is not None:
        raise NotReady(["already_decided"])
    appeal.outcome, appeal.reason = outcome, reason
    appeal.decided_by, appeal.decided_at = by, now
    appeal.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    stop(subject=appeal_subject(appeal), now=now)
    _follow(case, outcome, now)
    note_and_tell(case, f"appeal_{outcome}", by=by, now=now, reason=reason, kind=f"appeal.{outcome}")
    return case


def _follow(case: CaseRecord, outcome: str, now: datetime) -> None:
    if outcome == OVERTURNED:
        case.state = CASE_ACTS["reopen"].apply(case.state)
        case.verifier, case.appeal_until = None, None
        case.due_at = begin(case, Step.VERIFY, now).due_at
    else:
        case.due_at = None
    case.save(update_fields=["state", "verifier", "appeal_until", "due_at"])
