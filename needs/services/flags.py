"""Integrity flags: raised on evidence, with the effect and the time that the region's rule gives, ended by a clock."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_flag_household
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import notify, start, stop
from jiujinan.sealing.fields import Plain
from needs.models import CaseRecord, IntegrityFlag, IntegrityRule
from needs.models.local_rules import FLAG_LABELS
from needs.rules import flag_terms
from needs.services.cases import locked
from needs.services.noting import note
from needs.services.refusals import NotReady, require_text


def flag_subject(flag: IntegrityFlag) -> str:
    """Return the name of the flag's own clock."""
    return f"flag:{flag.pk}"


@transaction.atomic
def raise_flag(
    *, case: CaseRecord, kind: str, evidence: str, decision_number: str, by: User, now: datetime
) -> IntegrityFlag:
    """Flag the case's household, by somebody who did not take the case in; the evidence is sealed."""
    case = locked(case)
    if not can_flag_household(by, region=case.region_id, officer_id=case.officer_id):
        raise NotAllowed("a flag is raised by a verifier or supervisor who did not take the case in")
    if kind not in FLAG_LABELS:
        raise NotReady(["flag_unknown"])
    require_text(decision_number, name="decision_number")
    if not evidence.strip():
        raise NotReady(["evidence_missing"])
    if IntegrityFlag.objects.filter(household=case.household_id, kind=kind, ended_at=None).exists():
        raise NotReady(["flag_stands"])
    today = timezone.localdate(now)
    rules = IntegrityRule.objects.filter(kind=kind).order_by("valid_from", "pk")
    terms = flag_terms(rules, kind=kind, region=case.region_id, on=today)
    flag = IntegrityFlag(
        household=case.household,
        kind=kind,
        effect=terms.effect,
        decision_number=decision_number,
        raised_by=by,
        raised_at=now,
        expires_on=terms.expires_on,
    )
    flag.evidence = Plain(evidence)
    flag.save()
    start(
        subject=flag_subject(flag),
        step=Step.INTEGRITY,
        case=case.pk,
        label=case.number,
        region=case.region_id,
        tier=case.tier,
        owner=case.owner,
        due_at=timezone.make_aware(datetime.combine(flag.expires_on, datetime.min.time())),
        now=now,
    )
    note(case, "flag", by=by, now=now, data={"kind": kind, "effect": terms.effect, "flag": str(flag.pk)})
    return flag


@transaction.atomic
def end_flag(*, flag: IntegrityFlag, case: CaseRecord, reason: str, by: User, now: datetime) -> None:
    """End a flag before its time, with the reason: evidence that did not hold, a debt made good."""
    case = locked(case)
    if not can_flag_household(by, region=case.region_id, officer_id=case.officer_id):
        raise NotAllowed("a flag is ended by a verifier or supervisor who did not take the case in")
    require_text(reason)
    _end(flag, reason, by, now)
    note(case, "flag_ended", by=by, now=now, reason=reason, data={"flag": str(flag.pk)})


def expire_flags(*, now: datetime) -> int:
    """End the flags whose time is over and tell the case's owner; return how many."""
    ended = 0
    overdue = IntegrityFlag.objects.filter(ended_at=None, expires_on__lte=timezone.localdate(now))
    for flag in overdue.order_by("expires_on", "pk"):
        with transaction.atomic():
            if not _end(flag, "", None, now):
                continue
            ended += 1
            case = flag.household.cases.select_related("owner").order_by("-received_at").first()
            if case is not None:
                note(case, "flag_ended", by=None, now=now, data={"flag": str(flag.pk)})
                notify(
                    to=case.owner,
                    kind="ended",
                    subject=flag_subject(flag),
                    step=Step.INTEGRITY,
                    case=case.pk,
                    label=case.number,
                    key=f"{flag_subject(flag)}:ended",
                    now=now,
                )
    return ended


def _end(flag: IntegrityFlag, reason: str, by: User | None, now: datetime) -> bool:
    changed = IntegrityFlag.objects.filter(pk=flag.pk, ended_at=None).update(
        ended_at=now, ended_by=by, end_reason=reason
    )
    stop(subject=flag_subject(flag), now=now, outcome="" if by else "expired")
    return bool(changed)
