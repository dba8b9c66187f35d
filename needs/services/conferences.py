"""A case conference (联席会议): its decision is recorded with who met, and carried out under a clock."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_record_for_case, can_verify_case
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import start, stop
from jiujinan.codes import Tier
from jiujinan.sealing.fields import Plain
from needs.models import CaseRecord, Conference
from needs.models.verification import DECISION_LABELS
from needs.services import cases
from needs.services.facts import change_tier
from needs.services.noting import note
from needs.services.refusals import NotReady, require_text

FEWEST = 3  # who decide together: with fewer it is no conference


def conference_subject(conference: Conference) -> str:
    """Return the name of the conference's own clock."""
    return f"conference:{conference.pk}"


@transaction.atomic
def hold_conference(
    *,
    case: CaseRecord,
    held_on: date,
    participants: Sequence[User],
    guests: str,
    minutes: str,
    decision: str,
    reason: str,
    by: User,
    now: datetime,
) -> Conference:
    """Record a conference of at least three people of the desks and its decision, to be carried out in time."""
    case = cases.locked(case)
    if not can_record_for_case(by, region=case.region_id):
        raise NotAllowed("only the desk of the region records a conference")
    require_text(reason)
    if decision not in DECISION_LABELS:
        raise NotReady(["decision_missing"])
    people = {user.pk: user for user in participants}
    if len(people) < FEWEST:
        raise NotReady(["too_few_participants"])
    if not all(can_record_for_case(user, region=case.region_id) for user in people.values()):
        raise NotReady(["participant_of_another_region"])
    if not minutes.strip():
        raise NotReady(["minutes_missing"])
    if case.conferences.filter(applied_at=None).exists():
        raise NotReady(["conference_open"])
    conference = Conference(
        case=case, held_on=held_on, guests=guests, decision=decision, reason=reason, by=by, at=now
    )
    conference.minutes = Plain(minutes)
    conference.save()
    conference.participants.set(people.values())
    start(
        subject=conference_subject(conference),
        step=Step.CONFERENCE,
        case=case.pk,
        label=case.number,
        region=case.region_id,
        tier=case.tier,
        owner=case.owner,
        now=now,
    )
    note(
        case,
        "conference",
        by=by,
        now=now,
        reason=reason,
        data={"decision": decision, "participants": sorted(people)},
    )
    return conference


@transaction.atomic
def apply_conference(*, conference: Conference, by: User, now: datetime) -> CaseRecord:
    """Carry the decision out, by a verifier of the region who is not the officer; what refuses the act refuses this."""
    case = cases.locked(conference.case)
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.applied_at is not None:
        raise NotReady(["already_applied"])
    if not can_verify_case(by, region=case.region_id, officer_id=case.officer_id):
        raise NotAllowed("a verifier who did not take the case in carries a conference's decision out")
    conference.applied_by, conference.applied_at = by, now
    conference.save(update_fields=["applied_by", "applied_at"])
    _carry_out(conference, case, by, now)
    stop(subject=conference_subject(conference), now=now)
    note(case, "conference_applied", by=by, now=now, data={"decision": conference.decision})
    return case


def _carry_out(conference: Conference, case: CaseRecord, by: User, now: datetime) -> None:
    match conference.decision:
        case "verify":
            cases.verify(case=case, by=by, now=now)
        case "refuse":
            cases.refuse(case=case, reason=conference.reason, by=by, now=now)
        case "return":
            cases.return_for_more(case=case, reason=conference.reason, by=by, now=now)
        case "raise_tier":
            change_tier(case=case, tier=Tier.CRITICAL, reason=conference.reason, by=by, now=now)
        case _:
            CaseRecord.objects.filter(pk=case.pk).update(is_hard_case=True)
