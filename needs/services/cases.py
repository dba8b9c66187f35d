"""The officer's and the verifier's acts on a case record."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case, can_verify_case
from jiujinan.clocks.models import Clock
from jiujinan.clocks.queries import verifier_level
from jiujinan.clocks.rules import Level, Step
from jiujinan.clocks.services import start, stop
from jiujinan.codes import ItemKind
from needs.aid.queries import hard_obstacles
from needs.assessment.approval import may_approve, required_level
from needs.models import CaseRecord, ItemReturn, Need
from needs.queries import current_approvals, standing_flags
from needs.rules import is_helped_first, obstacles_to_verifying
from needs.services.assessing import assess
from needs.services.noting import note_and_tell, subject_of
from needs.services.refusals import NotReady, require_text
from needs.states import CASE_ACTS, NEED_ACTS

__all__ = ["NotReady", "level_needed", "obstacles", "refuse", "return_for_more", "take_up", "verify"]
_WORK = (Step.TAKE_UP, Step.VERIFY, Step.COMPLETE)


@transaction.atomic
def take_up(*, case: CaseRecord, by: User, now: datetime) -> CaseRecord:
    """Make the person the case's officer and owner, and start the clock of its verification (首问负责)."""
    case = locked(case)
    if not can_handle_case(by, region=case.region_id):
        raise NotAllowed("only a case officer of the region takes up a case")
    case.state = CASE_ACTS["take_up"].apply(case.state)
    case.officer = case.owner = by
    stop(subject=subject_of(case), steps=_WORK, now=now)
    case.due_at = begin(case, Step.VERIFY, now).due_at
    case.save(update_fields=["state", "officer", "owner", "due_at"])
    assess(case=case, now=now)
    note_and_tell(case, "take_up", by=by, now=now)
    return case


@transaction.atomic
def verify(*, case: CaseRecord, by: User, now: datetime) -> Need:
    """Establish the need: checked, complete, by somebody other than the officer, of the level that the amount needs.

    A critical case whose economic check is not back is helped first (先行救助, 社会救助法 art. 50): the clock of its
    file starts, and its help is suspended when the file is not completed in time.
    """
    case = locked(case)
    require_verifier(case, by)
    found = obstacles(case, now) + hard_obstacles(case=case, today=timezone.localdate(now))
    if not may_approve(verifier_level(by, case.region_id), needed := level_needed(case, now)):
        found.append(f"level_{needed}")
    if found:
        raise NotReady(found)
    case.state = CASE_ACTS["verify"].apply(case.state)
    case.verifier, case.due_at = by, None
    stop(subject=subject_of(case), steps=_WORK, now=now)
    if is_helped_first(economic_check=case.economic_check):
        case.file_due_at = begin(case, Step.FILE, now).due_at
    case.save(update_fields=["state", "verifier", "due_at", "file_due_at"])
    need = Need.objects.select_for_update().get(case=case)
    need.state = NEED_ACTS["verify"].apply(need.state)
    need.verified_at = now
    need.save(update_fields=["state", "verified_at"])
    note_and_tell(case, "verify", by=by, now=now)
    return need


def obstacles(case: CaseRecord, now: datetime) -> list[str]:
    """Return the codes of what stands in the way of verifying the case, whoever does it."""
    unapplied = case.conferences.filter(applied_at=None).exclude(decision="verify")
    return obstacles_to_verifying(
        economic_check=case.economic_check,
        items=case.need.items.count() if hasattr(case, "need") else 0,
        tier=case.tier,
        open_questions=case.item_returns.filter(answered_at=None).count(),
        blocking_flags=standing_flags(case)
        .filter(effect="blocks", expires_on__gte=timezone.localdate(now))
        .count(),
        other_decision=unapplied.exists(),
    )


def level_needed(case: CaseRecord, now: datetime) -> Level:
    """Return which level must verify the case: by the cash it lacks and its tier, after the region's table."""
    cash = case.need.items.filter(kind=ItemKind.CASH) if hasattr(case, "need") else []
    return required_level(
        current_approvals(),
        region=case.region_id,
        tier=case.tier,
        amount_fen=sum(item.lacking for item in cash),
        on=timezone.localdate(now),
    )


@transaction.atomic
def return_for_more(
    *,
    case: CaseRecord,
    reason: str,
    by: User,
    now: datetime,
    questions: Mapping[UUID, str] | None = None,
) -> CaseRecord:
    """Send the case back for what is missing; its owner keeps it, under a fresh clock.

    `questions` say of single items what is missing; the others are then not asked again, and answering the last
    question brings the case back by itself (`returns.answer`).
    """
    case = locked(case)
    require_verifier(case, by)
    require_text(reason)
    case.state = CASE_ACTS["return"].apply(case.state)
    case.state_reason = reason
    _ask(case, questions or {}, by, now)
    stop(subject=subject_of(case), steps=_WORK, now=now)
    case.due_at = begin(case, Step.COMPLETE, now).due_at
    case.save(update_fields=["state", "state_reason", "due_at"])
    note_and_tell(case, "return", by=by, now=now, reason=reason)
    return case


def _ask(case: CaseRecord, questions: Mapping[UUID, str], by: User, now: datetime) -> None:
    items = {item.pk: item for item in case.need.items.filter(pk__in=list(questions))}
    for pk, question in questions.items():
        require_text(question, name="question")
        if pk not in items:
            raise NotReady(["item_unknown"])
        ItemReturn.objects.create(
            case=case,
            item=items[pk],
            category=items[pk].category,
            question=question,
            asked_by=by,
            asked_at=now,
        )


@transaction.atomic
def refuse(*, case: CaseRecord, reason: str, by: User, now: datetime) -> CaseRecord:
    """Refuse the case with its reason and until when to appeal; the source is told, so that the person can be."""
    case = locked(case)
    require_verifier(case, by)
    require_text(reason)
    case.state = CASE_ACTS["refuse"].apply(case.state)
    stop(subject=subject_of(case), now=now)
    window = begin(case, Step.APPEAL_WINDOW, now)
    case.appeal_until = timezone.localdate(window.due_at)
    case.state_reason, case.verifier, case.due_at = reason, by, None
    case.save(update_fields=["state", "state_reason", "verifier", "due_at", "appeal_until"])
    note_and_tell(
        case,
        "refuse",
        by=by,
        now=now,
        reason=reason,
        more={"appeal_until": case.appeal_until.isoformat()},
    )
    return case


def locked(case: CaseRecord) -> CaseRecord:
    """Return the case under its row lock, with what its acts look at."""
    return (
        CaseRecord.objects.select_for_update(of=("self",))
        .select_related("household", "need", "beneficiary", "owner")
        .get(pk=case.pk)
    )


def require_verifier(case: CaseRecord, by: User) -> None:
    """Raise NotAllowed unless the person verifies for the region and neither took the case in nor refused it once."""
    may = can_verify_case(by, region=case.region_id, officer_id=case.officer_id)
    if not may or case.appeals.filter(outcome="overturned", refused_by=by).exists():
        raise NotAllowed("only a verifier of the region who did not take the case in decides on it")


def begin(case: CaseRecord, step: Step, now: datetime) -> Clock:
    """Start a clock of the case for its owner."""
    return start(
        subject=subject_of(case),
        step=step,
        case=case.pk,
        label=case.number,
        region=case.region_id,
        tier=case.tier,
        owner=case.owner,
        now=now,
    )
