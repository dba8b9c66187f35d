"""What is public is checked again, nightly and after each import: it stays, becomes coarser or ends. Never finer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from needs.anonymise.cases import month_number
from needs.anonymise.counting import Row, row_of, subject_of_row
from needs.anonymise.lattice import Levels, Subject
from needs.anonymise.plan import recheck
from needs.anonymise.risk import Decision
from needs.models import GateDecision, Need, RiskPlan
from needs.services import crowd, gate
from needs.services.measuring import KeptPlan, outdate_plans, standing_plan
from needs.states import CaseState, NeedState, ProjectState

CHUNK = 2_000
# Longer than a whole check takes: a check that died is begun again.
CLAIM = timedelta(minutes=20)
_ENDS = {CaseState.CLOSED: "close", CaseState.SUPERSEDED: "withdraw", CaseState.REFUSED: "withdraw"}
_CHECKED = ("pk", "need_id", "need__case_id", "subject", "measures", "project__published_month")
Asked = tuple[Row, int, Levels, Levels]


@dataclass(frozen=True, slots=True)
class Checked:
    """How many publications ended, were made coarser, and stand as they were."""

    ended: int = 0
    coarser: int = 0
    kept: int = 0


def guard_the_public(*, now: datetime) -> Checked:
    """End what lost its ground; where cases came in since the last measurement, measure anew and check everything."""
    ended = end_ungrounded(now=now)
    plan = standing_plan(now=now)
    waiting = RiskPlan.objects.filter(pk=plan.version, checked_at=None)
    unclaimed = waiting.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM))
    if not unclaimed.update(claimed_at=now):
        return Checked(ended=ended)
    checked = check_everything(plan=plan, now=now)
    RiskPlan.objects.filter(pk=plan.version).update(checked_at=now)
    return replace(checked, ended=checked.ended + ended)


def remeasure(*, now: datetime) -> Checked:
    """Measure everybody anew, whatever is kept, and check everything that is public."""
    outdate_plans(now=now)
    return guard_the_public(now=now)


def end_ungrounded(*, now: datetime) -> int:
    """End each publication without consent, verified case or published need; return how many.

    The acts do this themselves, and the database hides the project in the same statement; this is for whatever
    went around them, and empties index and decision of it.
    """
    ended = 0
    for decision in _ungrounded().select_related("need__case"):
        case = decision.need.case
        act = _ENDS.get(CaseState(case.state), "hold")
        ended += gate.end(need=decision.need, act=act, reason=_ground_lost(decision.need), by=None, now=now)
    return ended


def check_everything(*, plan: KeptPlan, now: datetime) -> Checked:
    """Check every standing publication against the plan's crowds; each change is a transaction of its own."""
    made: dict[Asked, Decision] = {}
    ended = coarser = kept = 0
    for decision, levels, subject, month in _standing(now):
        # What it said on its first day stays in readers' hands, however coarse it is now.
        first = Levels(**decision["measures"].get("first_levels", decision["measures"].get("levels", {})))
        key = (tuple(decision["subject"][1:]), month, levels, first)
        if key not in made:
            crowds = replace(plan.plan.crowds, month=month)
            made[key] = recheck(
                subject, levels, crowds, plan.plan.settings, audience=plan.plan.audience, first=first
            )
        found = made[key]
        if found.published is None:
            need = Need.objects.get(pk=decision["need_id"])
            ended += gate.end(need=need, act="hold", reason="no_safe_level", by=None, now=now)
        elif found.measures is not None and found.measures.levels != levels:
            standing = GateDecision.objects.get(pk=decision["pk"])
            gate.make_coarser(decision=standing, said=found, subject=subject, plan=plan.version, now=now)
            coarser += 1
        else:
            kept += 1
    GateDecision.objects.filter(outcome="published", withdrawn_at=None).update(checked_at=now)
    return Checked(ended, coarser, kept)


def _ungrounded() -> QuerySet[GateDecision]:
    return GateDecision.objects.filter(outcome="published", withdrawn_at=None).exclude(
        need__case__consent_on__isnull=False,
        need__case__consent_withdrawn_on=None,
        need__case__sensitive_kind="",
        need__case__state=CaseState.VERIFIED,
        need__state=NeedState.PUBLISHED,
        project__state=ProjectState.PUBLISHED,
    )


def _ground_lost(need: Need) -> str:
    case = need.case
    if case.consent_withdrawn_on or case.consent_on is None:
        return "consent_withdrawn" if case.consent_withdrawn_on else "consent_missing"
    if case.sensitive_kind:
        return "sensitive"
    return "not_published" if case.state == CaseState.VERIFIED else f"case_{case.state}"


def _standing(now: datetime) -> Iterator[tuple[dict[str, Any], Levels, Subject, int]]:
    """Yield each standing decision with its levels, the codes it was made on, and its month of publication."""
    found = GateDecision.objects.filter(outcome="published", withdrawn_at=None, project__state="published")
    for row in found.order_by("pk").values(*_CHECKED).iterator(chunk_size=CHUNK):
        published = row["project__published_month"]
        month = month_number(published.year, published.month)
        levels = Levels(**row["measures"].get("levels", {}))
        if not row["subject"]:  # decided before subjects were kept
            subject = crowd.subject(case_id=row["need__case_id"], now=now)
            row["subject"] = [subject.month, *row_of(subject)]
        own: Row = tuple(row["subject"][1:])
        yield row, levels, subject_of_row(own, month=row["subject"][0]), month
