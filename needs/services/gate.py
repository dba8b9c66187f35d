"""The publish gate: who may be shown, and how coarsely. It fails closed and is bound to what it let through."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_publish_case, can_withdraw_case
from jiujinan.audit.services import record
from jiujinan.outbox.services import tell
from needs.aid.queries import hard_obstacles
from needs.anonymise.counting import row_of
from needs.anonymise.lattice import Levels, Subject
from needs.anonymise.plan import Plan
from needs.anonymise.risk import Decision
from needs.models import CaseRecord, GateDecision, Need, NeedItem, ProgressUpdate, Project
from needs.rules import obstacles_to_publishing
from needs.services import crowd
from needs.services.measuring import standing_plan
from needs.services.projection import month_of, refresh_progress, tell_progress
from needs.services.refusals import NotReady
from needs.services.showing import content_hash, prepare, retell, show, take_out
from needs.services.telling import told_text
from needs.states import NEED_ACTS

__all__ = ["content_hash", "decide", "end", "make_coarser", "withdraw"]


@transaction.atomic
def decide(*, need: Need, by: User, now: datetime, plan: Plan | None = None) -> GateDecision:
    """Measure the need and publish it as coarsely as it must be, or hold it with the reasons.

    `plan` is one that was just measured, if there is one; else the kept plan is asked. Raises NotAllowed unless
    `by` is a publisher of the region who neither took the case in nor verified it; ForbiddenAct unless the need
    is verified and not yet published.
    """
    case = CaseRecord.objects.select_for_update().get(pk=need.case_id)
    need = Need.objects.select_for_update().get(pk=need.pk)
    if not can_publish_case(
        by, region=case.region_id, officer_id=case.officer_id, verifier_id=case.verifier_id
    ):
        raise NotAllowed("only a publisher of the region who neither took in nor verified the case publishes")
    target = NEED_ACTS["publish"].apply(need.state)
    obstacles = obstacles_to_publishing(
        consented=case.consent_on is not None, consent_withdrawn=case.consent_withdrawn_on is not None
    )
    obstacles += hard_obstacles(case=case, today=timezone.localdate(now))
    if obstacles:
        return _hold(need, obstacles, {}, by, now)
    asked, version = _plan_to_ask(plan, now)
    subject = crowd.subject(case_id=case.pk, now=now)
    measured = asked.decide(subject)
    if measured.published is None:
        return _hold(need, list(measured.reasons), measures_of(measured), by, now)
    need.state, need.published_at = target, now
    need.save(update_fields=["state", "published_at"])
    case.publisher = by
    case.save(update_fields=["publisher"])
    told = told_text(need=need, by=by, now=now)
    project, places = prepare(need=need, said=measured.published, told=told, now=now)
    decision = _pass(need, subject, measured, project, places, version, by, now)
    show(project=project)
    tell_progress(project=project, kind=ProgressUpdate.Kind.PUBLISHED, category="", month=month_of(now))
    _show_progress(need, now)
    _tell(decision, case, now)
    return decision


@transaction.atomic
def withdraw(*, need: Need, reason: str, by: User, now: datetime) -> None:
    """Take the need's project out of page, search, feed, API and cache, in one transaction with the act."""
    case = CaseRecord.objects.select_for_update().get(pk=need.case_id)
    if not can_withdraw_case(by, region=case.region_id):
        raise NotAllowed("only somebody of the desk that covers the region withdraws a need")
    if not reason.strip():
        raise NotReady(["reason_missing"])
    need = Need.objects.select_for_update().get(pk=need.pk)
    need.state = NEED_ACTS["withdraw"].apply(need.state)
    need.save(update_fields=["state"])
    _end_project(need, "withdraw", now)
    _note(need, "gate.withdraw", by, now, {}, reason)


@transaction.atomic
def end(*, need: Need, act: str, reason: str, by: User | None, now: datetime) -> bool:
    """End a need's publication whose ground is gone; return whether anything stood.

    `act` is one of the need's: `hold` (it stays verified, and is helped out of the public: consent withdrawn,
    sensitive, no safe level left) or `close` (its case is closed). `reason` is a code; `by` nobody for the clock.
    """
    need = Need.objects.select_for_update().get(pk=need.pk)
    if need.state in NEED_ACTS[act].sources:
        need.state = NEED_ACTS[act].apply(need.state)
        need.save(update_fields=["state"])
    ended = _end_project(need, "close" if act == "close" else "withdraw", now)
    if ended:
        _note(need, f"gate.{act}", by, now, {"reason": reason})
    return ended


@transaction.atomic
def make_coarser(
    *, decision: GateDecision, said: Decision, subject: Subject, plan: int, now: datetime
) -> GateDecision:
    """
    Tell a public project more coarsely, by a decision of its own that is bound to the new content.

    Raises ValueError for a record that is held, or finer in any attribute than what is public, or no coarser.
    """
    if said.published is None or said.measures is None:
        raise ValueError("a record that may not be shown is ended, not retold")
    public, levels = Levels(**decision.measures.get("levels", {})), said.measures.levels
    if levels == public or not public.is_at_most(levels):
        raise ValueError("what is public becomes coarser, never finer")
    need = Need.objects.select_for_update().get(pk=decision.need_id)
    project = Project.objects.select_for_update().get(pk=decision.project_id)
    places = retell(project=project, need=need, said=said.published)
    GateDecision.objects.filter(pk=decision.pk).update(withdrawn_at=now)
    first = decision.measures.get("first_levels", decision.measures.get("levels", {}))
    again = _pass(need, subject, said, project, places, plan, None, now, first_levels=first)
    show(project=project)
    _show_progress(need, now)
    _note(need, "gate.coarsen", None, now, {"project": project.number, "content": project.content_hash})
    return again


def measures_of(measured: Decision) -> dict[str, object]:
    """Return what a decision keeps of its measures: figures and levels."""
    found = measured.measures
    if found is None:
        return {}
    return {
        "k_ref": found.k_ref,
        "k_case": found.k_case,
        "k_notice": found.k_notice,
        "k_offer": found.k_offer,
        "place": found.place,
        "l": found.l,
        "t": found.t,
        "information_loss": found.information_loss,
        "levels": {name: getattr(found.levels, name) for name in type(found.levels).__slots__},
    }


def _plan_to_ask(measured: Plan | None, now: datetime) -> tuple[Plan, int | None]:
    """Return the plan that was just measured, or the kept one with its version."""
    if measured is not None:
        return measured, None
    kept = standing_plan(now=now)
    return kept.plan, kept.version


def _pass(
    need: Need,
    subject: Subject,
    measured: Decision,
    project: Project,
    places: dict[str, int],
    plan: int | None,
    by: User | None,
    now: datetime,
    **remembered: object,
) -> GateDecision:
    decision = GateDecision.objects.create(
        need=need,
        outcome="published",
        reasons=[str(one) for one in measured.reasons],
        measures={**measures_of(measured), **remembered},
        item_places=places,
        content_hash=project.content_hash,
        subject=[subject.month, *row_of(subject)],
        plan_id=plan,
        project=project,
        by=by,
        at=now,
    )
    _note(need, "gate.publish", by, now, {"project": project.number, "content": project.content_hash})
    return decision


def _show_progress(need: Need, now: datetime) -> None:
    for item in NeedItem.objects.filter(need=need, committed__gt=0):
        refresh_progress(item=item, step=None, now=now)  # a department may have helped before publication


def _end_project(need: Need, act: str, now: datetime) -> bool:
    decision = GateDecision.objects.filter(need=need, outcome="published", withdrawn_at=None).first()
    if decision is None or decision.project_id is None:
        return False
    take_out(project=Project.objects.select_for_update().get(pk=decision.project_id), act=act)
    decision.withdrawn_at = now
    decision.save(update_fields=["withdrawn_at"])
    return True


def _hold(
    need: Need, reasons: list[str], measures: Mapping[str, object], by: User, now: datetime
) -> GateDecision:
    decision = GateDecision.objects.create(
        need=need,
        outcome="held",
        reasons=[str(one) for one in reasons],
        measures=dict(measures),
        by=by,
        at=now,
    )
    _note(need, "gate.hold", by, now, {"reasons": decision.reasons})
    return decision


def _tell(decision: GateDecision, case: CaseRecord, now: datetime) -> None:
    tell(
        destination="case-record",
        subject=f"case:{case.pk}",
        kind="need.published",
        payload={"source": case.source, "number": case.number, "project": decision.project_id},
        key=f"gate:{decision.pk}",
        now=now,
    )


def _note(
    need: Need, act: str, by: User | None, now: datetime, data: Mapping[str, object], reason: str = ""
) -> None:
    subject = f"case:{need.case_id}"
    record(stream=subject, action=act, by=by, subject=f"need:{need.pk}", reason=reason, data=data, now=now)
