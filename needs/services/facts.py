"""Changing one fact of a case: each act re-scores the case in its own transaction and leaves a trace."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_record_for_case
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import stop
from jiujinan.codes import Group, ReliefCircle, Tier
from needs.models import CaseRecord, Household, Need, NeedItem, Person
from needs.services.assessing import assess
from needs.services.cases import begin, locked
from needs.services.coverage import GapExceeded
from needs.services.noting import note, note_and_tell, subject_of
from needs.services.projection import refresh_progress
from needs.services.refusals import NotReady, require_text
from needs.states import CaseState

MONEY = frozenset(
    {
        "monthly_income_fen",
        "medical_expense_fen",
        "schooling_expense_fen",
        "other_expense_fen",
    }
)
LONGEST_LANGUAGE = 20


@transaction.atomic
def establish_circle(
    *, case: CaseRecord, circle: ReliefCircle | None, reason: str, by: User, now: datetime
) -> Need:
    """Record the circle that the government established, or None to let the means decide."""
    case = _for_recording(case, reason, by)
    Household.objects.filter(pk=case.household_id).update(declared_circle=circle or "")
    return _rescored(case, "circle", by, now, reason, {"circle": circle or ""})


@transaction.atomic
def set_groups(
    *, case: CaseRecord, groups: Iterable[Group], reason: str, by: User | None, now: datetime
) -> Need:
    """Record to which groups the household belongs; a watch list does it without a person (`by` None)."""
    case = locked(case) if by is None else _for_recording(case, reason, by)
    case.groups = sorted({str(Group(one)) for one in groups})
    case.save(update_fields=["groups"])
    return _rescored(case, "groups", by, now, reason, {"groups": case.groups})


@transaction.atomic
def change_means(*, case: CaseRecord, reason: str, by: User, now: datetime, **changes: int) -> Need:
    """Record other income or expenses of the household, in fen: the fields of `MONEY`, or `size` in people."""
    case = _for_recording(case, reason, by)
    if unknown := set(changes) - MONEY - {"size"}:
        raise ValueError(f"no figure of a household: {sorted(unknown)}")
    if any(value < (name == "size") for name, value in changes.items()):
        raise NotReady(["figure_out_of_range"])
    Household.objects.filter(pk=case.household_id).update(**changes)
    return _rescored(case, "means", by, now, reason, dict(changes))


@transaction.atomic
def change_tier(*, case: CaseRecord, tier: Tier, reason: str, by: User, now: datetime) -> Need:
    """Record another urgency; a running clock of verification starts anew under the new tier's limit."""
    case = _for_recording(case, reason, by)
    before, case.tier = case.tier, tier
    case.save(update_fields=["tier"])
    steps = {
        CaseState.RECEIVED: Step.TAKE_UP,
        CaseState.UNDER_VERIFICATION: Step.VERIFY,
        CaseState.RETURNED: Step.COMPLETE,
    }
    if step := steps.get(CaseState(case.state)):
        case.due_at = begin(case, step, now).due_at
        case.save(update_fields=["due_at"])
    return _rescored(case, "tier", by, now, reason, {"from": before, "to": tier})


@transaction.atomic
def set_beneficiary(*, case: CaseRecord, person: Person | None, reason: str, by: User, now: datetime) -> Need:
    """Record that the help is for one person of the household alone, or (None) for all of it."""
    case = _for_recording(case, reason, by)
    if person is not None and person.household_id != case.household_id:
        raise NotReady(["not_of_the_household"])
    case.beneficiary = person
    case.save(update_fields=["beneficiary"])
    return _rescored(case, "beneficiary", by, now, reason, {"person": str(person.pk) if person else ""})


@transaction.atomic
def revise_item(
    *, item: NeedItem, required: int, government: int, insurance: int, reason: str, by: User, now: datetime
) -> NeedItem:
    """Record other amounts of an item, in its unit; raise GapExceeded where more is committed than would lack."""
    case = _for_recording(CaseRecord.objects.get(need=item.need_id), reason, by)
    locked_item = NeedItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    if min(government, insurance) < 0 or required <= 0 or government + insurance > required:
        raise NotReady(["figure_out_of_range"])
    if required - government - insurance < locked_item.committed:
        raise GapExceeded(locked_item.gap)
    try:
        NeedItem.objects.filter(pk=item.pk).update(
            required=required, government=government, insurance=insurance
        )
    except IntegrityError as refusal:
        raise GapExceeded(locked_item.gap) from refusal
    locked_item.refresh_from_db()
    figures = {"required": required, "government": government, "insurance": insurance}
    _rescored(case, "item", by, now, reason, {"item": str(item.pk), **figures})
    refresh_progress(item=locked_item, step=None, now=now)
    return locked_item


@transaction.atomic
def set_languages(
    *, case: CaseRecord, languages: Iterable[str], reason: str, by: User, now: datetime
) -> CaseRecord:
    """Record which languages the household speaks, for referrals; none named means that any agency will do."""
    case = _for_recording(case, reason, by)
    words = sorted({word.strip() for word in languages if word.strip()})
    if any(not word.isalpha() or len(word) > LONGEST_LANGUAGE for word in words):
        raise NotReady(["not_a_language"])
    case.languages = words
    case.save(update_fields=["languages"])
    note(case, "languages", by=by, now=now, reason=reason, data={"languages": words})
    return case


@transaction.atomic
def tie_items(
    *, case: CaseRecord, items: Iterable[NeedItem], reason: str, by: User, now: datetime
) -> CaseRecord:
    """Record which items make sense only together (treatment money and the care after it); none unties them all."""
    case = _for_recording(case, reason, by)
    own = {item.pk for item in NeedItem.objects.filter(need__case=case)}
    tied = {item.pk for item in items}
    if tied - own or len(tied) == 1:
        raise NotReady(["a_package_has_two_items"])
    NeedItem.objects.filter(pk__in=own - tied).update(package=0)
    NeedItem.objects.filter(pk__in=tied).update(package=1)
    note(case, "package", by=by, now=now, reason=reason, data={"items": sorted(str(one) for one in tied)})
    return case


def _for_recording(case: CaseRecord, reason: str, by: User) -> CaseRecord:
    case = locked(case)
    if not can_record_for_case(by, region=case.region_id):
        raise NotAllowed("only the desk of the region changes the facts of its cases")
    require_text(reason)
    if case.state in {CaseState.SUPERSEDED, CaseState.CLOSED}:
        raise NotReady(["case_ended"])
    return case


def _rescored(
    case: CaseRecord, act: str, by: User | None, now: datetime, reason: str, data: dict[str, object]
) -> Need:
    case = locked(case)
    need = assess(case=case, now=now)
    note(case, act, by=by, now=now, reason=reason, data={**data, "score": need.score})
    return need


def complete_file(*, case: CaseRecord, by: User, now: datetime) -> None:
    """End the clock of a file that was to be completed after help first; in the caller's transaction."""
    if case.file_due_at is not None and case.file_completed_at is None:
        case.file_completed_at = now
        case.save(update_fields=["file_completed_at"])
        stop(subject=subject_of(case), steps=[Step.FILE], now=now)
        note_and_tell(case, "file_completed", by=by, now=now, kind="case.file_completed")
