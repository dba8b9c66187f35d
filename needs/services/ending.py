"""The end of a case: closed when nothing is on its way any more, superseded by another record of the same matter."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_end_case
from jiujinan.clocks.services import stop
from needs.catalogue.engine import withdraw_project
from needs.models import CaseRecord, GateDecision, Need, ProgressUpdate, Project
from needs.services.cases import locked
from needs.services.noting import note_and_tell, subject_of
from needs.services.projection import month_of, tell_progress
from needs.services.refusals import NotReady, require_text
from needs.states import CASE_ACTS, NEED_ACTS, PROJECT_ACTS


@transaction.atomic
def close_case(*, case: CaseRecord, reason: str, by: User, now: datetime) -> CaseRecord:
    """Close a case, its need and its project together; help that is promised and not delivered must end first."""
    return _end(case, "close", reason, by, now)


@transaction.atomic
def supersede_case(
    *, case: CaseRecord, by_case: CaseRecord, reason: str, by: User, now: datetime
) -> CaseRecord:
    """Let another record of the same household's matter take the place of this one; its need is withdrawn."""
    if by_case.pk == case.pk:
        raise NotReady(["same_case"])
    return _end(case, "supersede", reason, by, now, {"superseded_by": by_case.number})


def _end(
    case: CaseRecord, act: str, reason: str, by: User, now: datetime, more: dict[str, object] | None = None
) -> CaseRecord:
    case = locked(case)
    if not can_end_case(by, region=case.region_id):
        raise NotAllowed("a verifier or supervisor of the region ends a case")
    require_text(reason)
    target = CASE_ACTS[act].apply(case.state)
    need = Need.objects.select_for_update().filter(case=case).first()
    if need is not None:
        if need.items.filter(committed__gt=F("fulfilled")).exists():
            raise NotReady(["help_on_its_way"])
        _end_need(need, "close" if act == "close" else "withdraw", now)
    case.state, case.state_reason, case.due_at = target, reason, None
    case.save(update_fields=["state", "state_reason", "due_at"])
    stop(subject=subject_of(case), now=now)
    note_and_tell(case, act, by=by, now=now, reason=reason, more=more)
    return case


def _end_need(need: Need, act: str, now: datetime) -> None:
    """End the need where it stands; a draft that is closed with its refused case is withdrawn."""
    name = act if need.state in NEED_ACTS[act].sources else "withdraw"
    if need.state not in NEED_ACTS[name].sources:
        return  # withdrawn before
    need.state = NEED_ACTS[name].apply(need.state)
    need.save(update_fields=["state"])
    decision = GateDecision.objects.filter(need=need, outcome="published", withdrawn_at=None).first()
    if decision is None or decision.project_id is None:
        return
    project = Project.objects.select_for_update().get(pk=decision.project_id)
    project.state = PROJECT_ACTS[name].apply(project.state)
    project.save(update_fields=["state"])
    withdraw_project(project.number)
    if name == "close":
        month = month_of(now)
        tell_progress(project=project, kind=ProgressUpdate.Kind.CLOSED, category="", month=month)
    GateDecision.objects.filter(pk=decision.pk).update(withdrawn_at=now)
