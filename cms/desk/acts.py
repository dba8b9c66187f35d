"""The buttons of a case: which acts the tables and the predicates allow, and the one domain call of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import can_handle_case, can_publish_case, can_verify_case
from needs.models import CaseRecord
from needs.services import cases, gate
from needs.states import CASE_ACTS, NEED_ACTS

Allowed = Callable[[User, CaseRecord], bool]


@dataclass(frozen=True)
class Act:
    """One button: its label, whether it needs a reason, who may press it, what it does."""

    label: str
    needs_reason: bool
    allowed: Allowed
    do: Callable[[CaseRecord, str, User, datetime], object]


def _handles(act: str) -> Allowed:
    return lambda user, case: (
        case.state in CASE_ACTS[act].sources and can_handle_case(user, region=case.region_id)
    )


def _verifies(act: str) -> Allowed:
    return lambda user, case: (
        case.state in CASE_ACTS[act].sources
        and can_verify_case(user, region=case.region_id, officer_id=case.officer_id)
    )


def _publishes(act: str) -> Allowed:
    return lambda user, case: (
        hasattr(case, "need")
        and case.need.state in NEED_ACTS[act].sources
        and case.need.state != "draft"
        and can_publish_case(
            user, region=case.region_id, officer_id=case.officer_id, verifier_id=case.verifier_id
        )
    )


ACTS = {
    "take_up": Act(
        gettext_noop("Take up"),
        False,
        _handles("take_up"),
        lambda case, reason, by, now: cases.take_up(case=case, by=by, now=now),
    ),
    "verify": Act(
        gettext_noop("Verify"),
        False,
        _verifies("verify"),
        lambda case, reason, by, now: cases.verify(case=case, by=by, now=now),
    ),
    "return": Act(
        gettext_noop("Return for more"),
        True,
        _verifies("return"),
        lambda case, reason, by, now: cases.return_for_more(case=case, reason=reason, by=by, now=now),
    ),
    "refuse": Act(
        gettext_noop("Refuse"),
        True,
        _verifies("refuse"),
        lambda case, reason, by, now: cases.refuse(case=case, reason=reason, by=by, now=now),
    ),
    "publish": Act(
        gettext_noop("Put before the publish gate"),
        False,
        _publishes("publish"),
        lambda case, reason, by, now: gate.decide(need=case.need, by=by, now=now),
    ),
    "withdraw": Act(
        gettext_noop("Withdraw from the public"),
        True,
        _publishes("withdraw"),
        lambda case, reason, by, now: gate.withdraw(need=case.need, reason=reason, by=by, now=now),
    ),
}


def acts_for(user: User, case: CaseRecord) -> dict[str, Act]:
    """Return the acts that this person may do to this case now."""
    return {name: act for name, act in ACTS.items() if act.allowed(user, case)}
