"""Taking a complaint in, taking a project down before anything is looked into, and answering."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.accounts.roles import Role
from jiujinan.audit.services import record
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import start, stop
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import Plain
from needs.discovery.complaint_states import (
    COMPLAINT_ACTS,
    FOR_SUPERVISORS,
    ComplaintKind,
    ComplaintState,
    Outcome,
    tier_of,
)
from needs.discovery.models import Complaint
from needs.discovery.services.limits import hold_back
from needs.discovery.services.owners import first_owner
from needs.discovery.services.reports import NotYet
from needs.discovery.services.tracking import Receipt, new_number, sent_before, tracked
from needs.models import GateDecision, Project
from needs.services import gate
from needs.states import ProjectState


@dataclass(frozen=True)
class Grievance:
    """What somebody says is wrong. `project` is a public number or empty; then `region` says whose desk answers."""

    token: str
    kind: ComplaintKind
    words: str = field(repr=False)
    project: str = ""
    region: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@transaction.atomic
def lodge(*, grievance: Grievance, origin: str, now: datetime) -> Receipt:
    """
    Keep the complaint with an owner and a deadline from its first minute; return its tracking number.

    `origin` is where the form came from; only a keyed digest is kept, for a day. Raise TooMany past the limits,
    NobodyInCharge where no unit covers the place.
    """
    token = f"complaint:{grievance.token}"
    known = sent_before(Complaint.objects.all(), token)
    if known is not None:
        return known
    number = new_number(token)
    hold_back(Complaint.objects.all(), origin=origin, phone=grievance.phone, now=now)
    region = _region_of(grievance)
    wanted = Role.SUPERVISOR if grievance.kind in FOR_SUPERVISORS else Role.CASE_OFFICER
    complaint = Complaint(
        tracking_index=blind_index(number, kind="tracking"),
        tracking_number=Plain(number),
        origin_index=blind_index(origin, kind="origin") if origin else "",
        phone_index=blind_index(grievance.phone, kind="phone") if grievance.phone else "",
        kind=grievance.kind,
        project=Project.objects.filter(number=grievance.project).first() if grievance.project else None,
        region_id=region,
        received_at=now,
        due_at=now,
        owner=first_owner(region=region, now=now, wanted=wanted),
    )
    complaint.words = Plain(grievance.words)
    complaint.name = Plain(grievance.name.strip()) if grievance.name.strip() else None
    complaint.phone = Plain(grievance.phone) if grievance.phone else None
    complaint.save(force_insert=True)
    _start_clock(complaint, now)
    _note(complaint, "lodged", None, now, data={"kind": grievance.kind, "project": complaint.project_id})
    return Receipt(number, complaint.due_at)


@transaction.atomic
def take_down(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Take the project out of the public first; what is behind it is looked into afterwards.

    Raise NotAllowed unless `by` may withdraw the case, NotYet("nothing_public") where nothing stands any more.
    """
    complaint = _locked(complaint)
    standing = GateDecision.objects.filter(
        project=complaint.project_id, outcome="published", withdrawn_at=None
    ).select_related("need")
    decision = standing.first() if complaint.project_id else None
    if decision is None:
        raise NotYet("nothing_public")
    gate.withdraw(need=decision.need, reason=f"complaint:{complaint.pk}", by=by, now=now)
    complaint.taken_down_at = now
    complaint.save(update_fields=["taken_down_at"])
    _note(complaint, "taken_down", by, now, data={"project": complaint.project_id})


@transaction.atomic
def look_into(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Begin to look into it; what might point to a person must have left the public before."""
    complaint = _handled(complaint, by)
    _ask_for_taking_down(complaint)
    complaint.state = COMPLAINT_ACTS["look_into"].apply(complaint.state)
    complaint.owner = by
    complaint.save(update_fields=["state", "owner"])
    _start_clock(complaint, now)
    _note(complaint, "looked_into", by, now)


@transaction.atomic
def answer_complaint(*, complaint: Complaint, outcome: Outcome, reason: str, by: User, now: datetime) -> None:
    """Answer it; `reason` says what was found and what the person was told."""
    complaint = _handled(complaint, by)
    if not reason.strip():
        raise NotYet("reason_missing")
    _ask_for_taking_down(complaint)
    complaint.state = COMPLAINT_ACTS["answer"].apply(complaint.state)
    complaint.outcome, complaint.due_at = outcome, None
    complaint.save(update_fields=["state", "outcome", "due_at"])
    stop(subject=_clock_name(complaint), now=now)
    _note(complaint, "answered", by, now, reason=reason, data={"outcome": outcome})


def follow_complaint(*, number: str) -> Complaint | None:
    """Return the complaint of a tracking number, None where there is none; show its state and outcome alone."""
    return tracked(Complaint.objects.all(), number).first()


def complaint_trail(complaint: Complaint) -> str:
    """Return the name under which the complaint's openings and acts are recorded."""
    return f"complaint-{complaint.pk}"


def _region_of(grievance: Grievance) -> str:
    """Return the region whose desk answers: that of the project's case, which only the desk sees."""
    if not grievance.project:
        return grievance.region
    decision = (
        GateDecision.objects.filter(project=grievance.project)
        .select_related("need__case")
        .order_by("-at")
        .first()
    )
    if decision is not None:
        return str(decision.need.case.region_id)
    return str(Project.objects.values_list("region_id", flat=True).get(number=grievance.project))


def _ask_for_taking_down(complaint: Complaint) -> None:
    standing = complaint.project is not None and complaint.project.state == ProjectState.PUBLISHED
    if complaint.kind == ComplaintKind.POINTS_TO_PERSON and standing and not complaint.taken_down_at:
        raise NotYet("take_down_first")


def _locked(complaint: Complaint) -> Complaint:
    locked = Complaint.objects.select_for_update(of=("self",)).select_related("project")
    return locked.get(pk=complaint.pk)


def _handled(complaint: Complaint, by: User) -> Complaint:
    complaint = _locked(complaint)
    if not can_handle_case(by, region=complaint.region_id):
        raise NotAllowed("only an officer or supervisor of the region answers a complaint")
    return complaint


def _start_clock(complaint: Complaint, now: datetime) -> None:
    clock = start(
        subject=_clock_name(complaint),
        step=Step.CONTACT,
        label=f"C{complaint.pk}",
        region=complaint.region_id,
        tier=tier_of(ComplaintKind(complaint.kind))
        if complaint.state == ComplaintState.RECEIVED
        else tier_of(ComplaintKind.OTHER),
        owner=complaint.owner,
        now=now,
    )
    complaint.due_at = clock.due_at
    complaint.save(update_fields=["due_at"])


def _clock_name(complaint: Complaint) -> str:
    return f"complaint:{complaint.pk}"


def _note(
    complaint: Complaint,
    act: str,
    by: User | None,
    now: datetime,
    *,
    reason: str = "",
    data: dict[str, object] | None = None,
) -> None:
    subject = f"case:{complaint_trail(complaint)}"
    record(
        stream=subject, action=f"complaint.{act}", by=by, subject=subject, reason=reason, data=data, now=now
    )
