"""Answering what a verifier asked about single items; the last answer brings the case back to verification."""

from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import stop
from needs.models import CaseRecord, ItemReturn
from needs.services.assessing import assess
from needs.services.cases import begin, locked
from needs.services.noting import note, note_and_tell, subject_of
from needs.services.refusals import NotReady, require_text
from needs.states import CASE_ACTS, CaseState


@transaction.atomic
def answer(*, question: ItemReturn, text: str, by: User, now: datetime) -> CaseRecord:
    """Answer one question about an item; with the last of them the case is under verification again."""
    case = locked(question.case)
    if not can_handle_case(by, region=case.region_id):
        raise NotAllowed("only a case officer of the region answers what is missing")
    require_text(text, name="answer")
    answered = ItemReturn.objects.filter(pk=question.pk, answered_at=None).update(
        answer=text, answered_by=by, answered_at=now
    )
    if not answered:
        raise NotReady(["already_answered"])
    note(case, "answer_item", by=by, now=now, reason=text, data={"question": question.pk})
    is_last = not case.item_returns.filter(answered_at=None).exists()
    if is_last and case.state == CaseState.RETURNED:
        _complete(case, by, now)
    return case


def answer_by_source(*, case: CaseRecord, version: int, by: User, now: datetime) -> int:
    """Count a newer file of the source as the answer to every open question; return to how many."""
    return case.item_returns.filter(answered_at=None).update(
        answer=f"v{version}", answered_by=by, answered_at=now
    )


def _complete(case: CaseRecord, by: User, now: datetime) -> None:
    case.state = CASE_ACTS["complete"].apply(case.state)
    stop(subject=subject_of(case), steps=[Step.COMPLETE], now=now)
    case.due_at = begin(case, Step.VERIFY, now).due_at
    case.save(update_fields=["state", "due_at"])
    assess(case=case, now=now)
    note_and_tell(case, "complete", by=by, now=now)
