"""What is public is checked again, nightly and after each import: it stays, becomes coarser or ends. Never finer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from needs.anonymise.cases import month_number
from needs.anonymise.counting import Row, row_of, subject_of_row
from needs.anonymise.lattice import Levels
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
Asked = tuple[Row, int, Levels, Levels, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """How many publications ended, were made coarser, and stand as they were."""

    ended: int = 0
    coarser: int = 0
    kept: int = 0

    def plus(self, other: "Checked") -> "Checked":
        """Return the sum of both."""
        return Checked(self.ended + other.ended, self.coarser + other.coarser, self.kept + other.kept)


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
    return checked.plus(Checked(ended=ended))


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
    """Check every publication that stands now against the plan's crowds; each change is a transaction of its own.

    What is measured is counted once for all records of the same codes, month and levels; the database is written
    to for those alone that end or become coarser, and once for each chunk. Decisions that are made on the way are
    right already: they are not read.
    """
    latest = _standing().aggregate(latest=Max("pk"))["latest"] or 0
    made: dict[Asked, Decision] = {}
    total, after = Checked(), 0
    while chunk := list(_standing().filter(pk__gt=after, pk__lte=latest).values(*_CHECKED)[:CHUNK]):
        for row in chunk:
            total = total.plus(_check(row, plan, made, now))
        after = chunk[-1]["pk"]
        _standing().filter(pk__in=[row["pk"] for row in chunk]).update(checked_at=now)
    return total


def _check(row: dict[str, Any], plan: KeptPlan, made: dict[Asked, Decision], now: datetime) -> Checked:
    """Check one publication, and make it coarser or end it if it must be."""
    published = row["project__published_month"]
    month = month_number(published.year, published.month)
    levels = Levels(**row["measures"].get("levels", {}))
    codes = row["subject"] or _codes_today(row, now)
    # What it said on its first day stays in readers' hands, however coarse it is now.
    first = Levels(**row["measures"].get("first_levels", row["measures"].get("levels", {})))
    asked: Asked = (_row(codes), month, levels, first, row["measures"].get("place", 0))
    if asked not in made:
        made[asked] = _measured(asked, codes[0], plan)
    found = made[asked]
    if found.published is None:
        need = Need.objects.get(pk=row["need_id"])
        return Checked(ended=gate.end(need=need, act="hold", reason="no_safe_level", by=None, now=now))
    if found.measures is None or found.measures.levels == levels:
        return Checked(kept=1)
    standing = _standing().filter(pk=row["pk"]).first()
    if standing is None:  # it left the public while the others were checked
        return Checked()
    subject = subject_of_row(_row(codes), month=codes[0])
    gate.make_coarser(decision=standing, said=found, subject=subject, plan=plan.version, now=now)
    return Checked(coarser=1)


def _measured(asked: Asked, month: int, plan: KeptPlan) -> Decision:
    """Measure a record whose case is of this month, against the crowds of the month that it was published in."""
    row, published, levels, first, place = asked
    crowds, settings, audience = plan.plan.crowds, plan.plan.settings, plan.plan.audience
    subject = subject_of_row(row, month=month)
    now = replace(crowds, month=published)
    return recheck(subject, levels, now, settings, audience=audience, first=first, place=place)


def _row(codes: list[int]) -> Row:
    """Return the row in the codes that a decision keeps: the month of its case comes before it."""
    own: Row = tuple(codes[1:])  # type: ignore[assignment]  # seven, as they were written
    return own


def _codes_today(row: dict[str, Any], now: datetime) -> list[int]:
    """Return the codes for a decision that was made before they were kept."""
    subject = crowd.subject(case_id=row["need__case_id"], now=now)
    return [subject.month, *row_of(subject)]


def _standing() -> QuerySet[GateDecision]:
    found = GateDecision.objects.filter(outcome="published", withdrawn_at=None, project__state="published")
    return found.order_by("pk")


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
