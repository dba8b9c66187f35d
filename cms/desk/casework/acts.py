"""The longer acts on a case: label, form, who may now, and the one domain call of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from cms.desk.casework import forms
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import (
    can_decide_appeal,
    can_end_case,
    can_flag_household,
    can_handle_case,
    can_reassign_case,
    can_record_for_case,
    can_verify_case,
)
from jiujinan.codes import ReliefCircle, Tier
from needs.models import CaseRecord, Need, NeedItem
from needs.services import appeals, cases, checks, conferences, ending, facts, flags, owners, returns
from needs.states import CASE_ACTS, CaseState

ENDED = frozenset({CaseState.SUPERSEDED, CaseState.CLOSED})


@dataclass(frozen=True)
class Act:
    """One act: `group` is the heading it stands under."""

    label: str
    group: str
    form: type[forms.CaseForm]
    allowed: Callable[[User, CaseRecord], bool]
    do: Callable[[CaseRecord, Any, User, datetime], object]


GROUPS = {
    "decide": gettext_noop("On the way to a decision"),
    "record": gettext_noop("Put on record"),
    "facts": gettext_noop("Change a fact"),
    "people": gettext_noop("Who answers for it"),
}


def _records(user: User, case: CaseRecord) -> bool:
    return case.state not in ENDED and can_record_for_case(user, region=case.region_id)


def _verifies(user: User, case: CaseRecord) -> bool:
    return can_verify_case(user, region=case.region_id, officer_id=case.officer_id)


def _open_appeal(case: CaseRecord) -> Any:
    return case.appeals.filter(decided_at=None).first()


def _open_conference(case: CaseRecord) -> Any:
    return case.conferences.filter(applied_at=None).first()


def _decides_appeal(user: User, case: CaseRecord) -> bool:
    appeal = _open_appeal(case)
    return appeal is not None and can_decide_appeal(
        user, region=case.region_id, refused_by=appeal.refused_by_id, recorded_by=appeal.recorded_by_id
    )


def _flags(user: User, case: CaseRecord) -> bool:
    return can_flag_household(user, region=case.region_id, officer_id=case.officer_id)


def _has_need(case: CaseRecord) -> bool:
    return Need.objects.filter(case=case).exists()


ACTS = {
    "ask": Act(
        gettext_noop("Return single items"),
        "decide",
        forms.QuestionsForm,
        lambda user, case: (
            case.state in CASE_ACTS["return"].sources and _verifies(user, case) and _has_need(case)
        ),
        lambda case, form, by, now: cases.return_for_more(
            case=case,
            reason=form.cleaned_data["reason"],
            questions=form.questions(form.cleaned_data),
            by=by,
            now=now,
        ),
    ),
    "answer": Act(
        gettext_noop("Answer a question about an item"),
        "decide",
        forms.AnswerForm,
        lambda user, case: (
            can_handle_case(user, region=case.region_id)
            and case.item_returns.filter(answered_at=None).exists()
        ),
        lambda case, form, by, now: returns.answer(
            question=form.cleaned_data["question"], text=form.cleaned_data["text"], by=by, now=now
        ),
    ),
    "appeal": Act(
        gettext_noop("Record an appeal"),
        "decide",
        forms.AppealForm,
        lambda user, case: (
            case.state == CaseState.REFUSED and _records(user, case) and _open_appeal(case) is None
        ),
        lambda case, form, by, now: appeals.file_appeal(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "decide_appeal": Act(
        gettext_noop("Decide the appeal"),
        "decide",
        forms.AppealDecisionForm,
        _decides_appeal,
        lambda case, form, by, now: appeals.decide_appeal(
            appeal=_open_appeal(case), by=by, now=now, **form.cleaned_data
        ),
    ),
    "conference": Act(
        gettext_noop("Record a case conference"),
        "decide",
        forms.ConferenceForm,
        lambda user, case: _records(user, case) and _open_conference(case) is None,
        lambda case, form, by, now: conferences.hold_conference(
            case=case, by=by, now=now, **form.cleaned_data
        ),
    ),
    "apply_conference": Act(
        gettext_noop("Carry out the conference's decision"),
        "decide",
        forms.ConfirmForm,
        lambda user, case: _open_conference(case) is not None and _verifies(user, case),
        lambda case, form, by, now: conferences.apply_conference(
            conference=_open_conference(case), by=by, now=now
        ),
    ),
    "close": Act(
        gettext_noop("Close the case"),
        "decide",
        forms.WithReason,
        lambda user, case: (
            case.state in CASE_ACTS["close"].sources and can_end_case(user, region=case.region_id)
        ),
        lambda case, form, by, now: ending.close_case(
            case=case, reason=form.cleaned_data["reason"], by=by, now=now
        ),
    ),
    "check": Act(
        gettext_noop("Economic check"),
        "record",
        forms.CheckForm,
        _records,
        lambda case, form, by, now: checks.record_check(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "consent": Act(
        gettext_noop("Consent"),
        "record",
        forms.ConsentForm,
        _records,
        lambda case, form, by, now: checks.give_consent(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "withdraw_consent": Act(
        gettext_noop("Withdrawal of consent"),
        "record",
        forms.WithdrawalForm,
        lambda user, case: (
            _records(user, case)
            and (
                case.consents.filter(withdrawn_on=None).exists()
                or (case.consent_on is not None and case.consent_withdrawn_on is None)
            )
        ),
        lambda case, form, by, now: checks.withdraw_consent(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "flag": Act(
        gettext_noop("Integrity flag"),
        "record",
        forms.FlagForm,
        _flags,
        lambda case, form, by, now: flags.raise_flag(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "end_flag": Act(
        gettext_noop("End an integrity flag"),
        "record",
        forms.EndFlagForm,
        lambda user, case: _flags(user, case) and case.household.flags.filter(ended_at=None).exists(),
        lambda case, form, by, now: flags.end_flag(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "item": Act(
        gettext_noop("Amounts of an item"),
        "facts",
        forms.ItemForm,
        lambda user, case: _records(user, case) and NeedItem.objects.filter(need__case=case).exists(),
        lambda case, form, by, now: facts.revise_item(
            item=form.cleaned_data["item"],
            reason=form.cleaned_data["reason"],
            by=by,
            now=now,
            **form.amounts(),
        ),
    ),
    "means": Act(
        gettext_noop("Income and expenses"),
        "facts",
        forms.MeansForm,
        _records,
        lambda case, form, by, now: facts.change_means(
            case=case, reason=form.cleaned_data["reason"], by=by, now=now, **form.figures()
        ),
    ),
    "circle": Act(
        gettext_noop("Relief circle"),
        "facts",
        forms.CircleForm,
        _records,
        lambda case, form, by, now: facts.establish_circle(
            case=case,
            circle=ReliefCircle(form.cleaned_data["circle"]) if form.cleaned_data["circle"] else None,
            reason=form.cleaned_data["reason"],
            by=by,
            now=now,
        ),
    ),
    "tier": Act(
        gettext_noop("Urgency"),
        "facts",
        forms.TierForm,
        _records,
        lambda case, form, by, now: facts.change_tier(
            case=case,
            tier=Tier(form.cleaned_data["tier"]),
            reason=form.cleaned_data["reason"],
            by=by,
            now=now,
        ),
    ),
    "groups": Act(
        gettext_noop("Groups"),
        "facts",
        forms.GroupsForm,
        _records,
        lambda case, form, by, now: facts.set_groups(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "languages": Act(
        gettext_noop("Languages"),
        "facts",
        forms.LanguagesForm,
        _records,
        lambda case, form, by, now: facts.set_languages(
            case=case, languages=form.words(), reason=form.cleaned_data["reason"], by=by, now=now
        ),
    ),
    "package": Act(
        gettext_noop("What makes sense only together"),
        "facts",
        forms.PackageForm,
        lambda user, case: _records(user, case) and NeedItem.objects.filter(need__case=case).count() > 1,
        lambda case, form, by, now: facts.tie_items(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "beneficiary": Act(
        gettext_noop("Beneficiary"),
        "facts",
        forms.BeneficiaryForm,
        _records,
        lambda case, form, by, now: facts.set_beneficiary(case=case, by=by, now=now, **form.cleaned_data),
    ),
    "reassign": Act(
        gettext_noop("Pass on to a colleague"),
        "people",
        forms.ReassignForm,
        lambda user, case: (
            case.state not in ENDED and can_reassign_case(user, region=case.region_id, owner_id=case.owner_id)
        ),
        lambda case, form, by, now: owners.reassign(case=case, by=by, now=now, **form.cleaned_data),
    ),
}


def acts_for(user: User, case: CaseRecord) -> list[tuple[str, list[tuple[str, Act]]]]:
    """Return the acts open to the person now, under their headings."""
    open_acts = {name: act for name, act in ACTS.items() if act.allowed(user, case)}
    found = [
        (heading, [(name, act) for name, act in open_acts.items() if act.group == group])
        for group, heading in GROUPS.items()
    ]
    return [(heading, acts) for heading, acts in found if acts]
