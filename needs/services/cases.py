"""The officer's and the verifier's acts on a case record."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case, can_verify_case
from jiujinan.audit.services import record
from jiujinan.codes import Tier
from jiujinan.outbox.services import tell
from needs.assessment.clocks import VERIFY_LIMITS, due
from needs.models import CaseRecord, Need
from needs.rules import obstacles_to_verifying
from needs.services.assessing import assess
from needs.states import CASE_ACTS, NEED_ACTS

_LONGEST_REASON = 300  # the column's width; SQLite would not refuse more, PostgreSQL would only break


class NotReady(Exception):
    """The case lacks something; `obstacles` are the codes of what."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__(", ".join(obstacles))
        self.obstacles = obstacles


@transaction.atomic
def take_up(*, case: CaseRecord, by: User, now: datetime) -> CaseRecord:
    """Make the person the case's officer and owner, and start its clock (首问负责)."""
    case = _locked(case)
    if not can_handle_case(by, region=case.region_id):
        raise NotAllowed("only a case officer of the region takes up a case")
    case.state = CASE_ACTS["take_up"].apply(case.state)
    case.officer = case.owner = by
    case.due_at = _due(case, now)
    case.save(update_fields=["state", "officer", "owner", "due_at"])
    assess(case=case, now=now)
    _note(case, "take_up", by, now)
    return case


@transaction.atomic
def verify(*, case: CaseRecord, by: User, now: datetime) -> Need:
    """Establish the need: checked, complete, by somebody other than the officer."""
    case = _locked(case)
    _require_verifier(case, by)
    obstacles = obstacles_to_verifying(
        economic_check=case.economic_check, items=case.need.items.count(), tier=case.tier
    )
    if obstacles:
        raise NotReady(obstacles)
    case.state = CASE_ACTS["verify"].apply(case.state)
    case.verifier, case.due_at = by, None
    case.save(update_fields=["state", "verifier", "due_at"])
    need = Need.objects.select_for_update().get(case=case)
    need.state = NEED_ACTS["verify"].apply(need.state)
    need.verified_at = now
    need.save(update_fields=["state", "verified_at"])
    _note(case, "verify", by, now)
    return need


@transaction.atomic
def return_for_more(*, case: CaseRecord, reason: str, by: User, now: datetime) -> CaseRecord:
    """Send the case back for what is missing; its owner keeps it, under a fresh clock."""
    case = _locked(case)
    _require_verifier(case, by)
    _require_reason(reason)
    case.state = CASE_ACTS["return"].apply(case.state)
    case.state_reason = reason
    case.due_at = _due(case, now)
    case.save(update_fields=["state", "state_reason", "due_at"])
    _note(case, "return", by, now, reason)
    return case


@transaction.atomic
def refuse(*, case: CaseRecord, reason: str, by: User, now: datetime) -> CaseRecord:
    """Refuse the case with its reason; the source is told, so that the person can be."""
    case = _locked(case)
    _require_verifier(case, by)
    _require_reason(reason)
    case.state = CASE_ACTS["refuse"].apply(case.state)
    case.state_reason, case.verifier, case.due_at = reason, by, None
    case.save(update_fields=["state", "state_reason", "verifier", "due_at"])
    _note(case, "refuse", by, now, reason)
    return case


def _locked(case: CaseRecord) -> CaseRecord:
    return (
        CaseRecord.objects.select_for_update(of=("self",)).select_related("household", "need").get(pk=case.pk)
    )


def _require_verifier(case: CaseRecord, by: User) -> None:
    if not can_verify_case(by, region=case.region_id, officer_id=case.officer_id):
        raise NotAllowed("only a verifier of the region who did not take the case in decides on it")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise NotReady(["reason_missing"])
    if len(reason) > _LONGEST_REASON:
        raise NotReady(["reason_too_long"])


def _due(case: CaseRecord, now: datetime) -> datetime:
    """Return when verifying is due; working days are those of local time, whatever zone the clock speaks in."""
    return due(VERIFY_LIMITS[Tier(case.tier)], since=timezone.localtime(now))


def _note(case: CaseRecord, act: str, by: User, now: datetime, reason: str = "") -> None:
    subject = f"case:{case.pk}"
    entry = record(stream=subject, action=f"case.{act}", by=by, subject=subject, reason=reason, now=now)
    tell(
        destination="case-record",
        subject=subject,
        kind=f"case.{case.state}",
        payload={"source": case.source, "number": case.number, "state": case.state, "reason": reason},
        key=f"{subject}:{act}:{entry.seq}",  # an act is told once, two acts of one moment are two
        now=now,
    )
