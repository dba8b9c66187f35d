"""The economic check's result and the consents of a case, on the record."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_record_for_case
from needs.models import CaseRecord, Consent, EconomicCheck, Need
from needs.models.verification import CHECK_SCOPE_LABELS, CONSENT_LABELS, GIVER_LABELS
from needs.services import gate
from needs.services.cases import locked
from needs.services.facts import complete_file
from needs.services.noting import note
from needs.services.refusals import NotReady
from needs.services.suspending import CHECK_FAILED, lift, suspend
from needs.states import NEED_ACTS, CaseState

RESULTS = frozenset({"passed", "failed", "exempt"})


@transaction.atomic
def record_check(
    *,
    case: CaseRecord,
    result: str,
    scope: Iterable[str],
    checked_on: date,
    authority: str,
    reference: str,
    by: User,
    now: datetime,
) -> EconomicCheck:
    """Record a check's result with what was looked at; it needs the household's consent, unless it is exempt.

    After help first it completes the file; a failed check then suspends what is still to come.
    """
    case = _for_recording(case, by)
    looked_at = sorted(set(scope))
    if result not in RESULTS or not set(looked_at) <= set(CHECK_SCOPE_LABELS):
        raise NotReady(["check_unknown"])
    if result != "exempt":
        if not looked_at:
            raise NotReady(["scope_missing"])
        if not case.consents.filter(kind="economic_check", withdrawn_on=None).exists():
            raise NotReady(["check_consent_missing"])
    check = EconomicCheck.objects.create(
        case=case,
        result=result,
        scope=looked_at,
        checked_on=checked_on,
        authority=authority,
        reference=reference,
        by=by,
        at=now,
    )
    case.economic_check = result
    case.save(update_fields=["economic_check"])
    note(case, "economic_check", by=by, now=now, data={"result": result, "scope": looked_at})
    if case.state == CaseState.VERIFIED:
        _after_help_first(case, result, by, now)
    return check


def _after_help_first(case: CaseRecord, result: str, by: User, now: datetime) -> None:
    complete_file(case=case, by=by, now=now)
    if result == "failed":
        suspend(need=case.need, reason=CHECK_FAILED, by=by, now=now)
    else:
        lift(need=case.need, by=by, now=now)


@transaction.atomic
def give_consent(
    *, case: CaseRecord, kind: str, scope: str, given_by: str, given_on: date, by: User, now: datetime
) -> Consent:
    """Record a separate consent; one that stands for the same is told so."""
    case = _for_recording(case, by)
    if kind not in CONSENT_LABELS or given_by not in GIVER_LABELS:
        raise NotReady(["consent_unknown"])
    if case.consents.filter(kind=kind, withdrawn_on=None).exists():
        raise NotReady(["consent_stands"])
    consent = Consent.objects.create(
        case=case, kind=kind, scope=scope, given_by=given_by, given_on=given_on, by=by, at=now
    )
    if kind == "publication":
        case.consent_on, case.consent_withdrawn_on = given_on, None
        case.save(update_fields=["consent_on", "consent_withdrawn_on"])
    note(case, "consent", by=by, now=now, data={"kind": kind, "given_by": given_by})
    return consent


@transaction.atomic
def withdraw_consent(
    *, case: CaseRecord, kind: str, withdrawn_on: date, reason: str, by: User, now: datetime
) -> CaseRecord:
    """Record that a consent was withdrawn; with that to publication the project leaves the public at once."""
    case = _for_recording(case, by)
    standing = case.consents.filter(kind=kind, withdrawn_on=None)
    if not standing.exists() and not (kind == "publication" and case.consent_on is not None):
        raise NotReady(["consent_missing"])
    if standing.filter(given_on__gt=withdrawn_on).exists():
        raise NotReady(["withdrawn_before_given"])
    standing.update(withdrawn_on=withdrawn_on, withdrawal_by=by)
    note(case, "consent_withdrawn", by=by, now=now, reason=reason, data={"kind": kind})
    if kind == "publication":
        case.consent_withdrawn_on = withdrawn_on
        case.save(update_fields=["consent_withdrawn_on"])
        _leave_public(case, reason, by, now)
    return case


def _leave_public(case: CaseRecord, reason: str, by: User, now: datetime) -> None:
    need = Need.objects.filter(case=case).first()
    if need is None or need.state not in NEED_ACTS["withdraw"].sources:
        return
    if need.gate_decisions.filter(outcome="published", withdrawn_at=None).exists():
        gate.withdraw(need=need, reason=reason, by=by, now=now)


def _for_recording(case: CaseRecord, by: User) -> CaseRecord:
    case = locked(case)
    if not can_record_for_case(by, region=case.region_id):
        raise NotAllowed("only the desk of the region records checks and consents")
    return case
