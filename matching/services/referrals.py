"""A referral's way: answered, begun, given session by session, ended with an outcome that is fed back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from donors.models import SupplyHold
from donors.services.holds import release_hold, use_hold
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_answer_referral
from jiujinan.audit.services import record
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import notify
from matching.clocks import end_clock
from matching.models import Referral
from matching.states import REFERRAL_ACTS, WAITING_REFERRALS, ReferralState
from matching.telling import tell_referral
from needs.models import NeedItem
from needs.services import coverage

ENDED_WITHOUT_SERVICE = frozenset(
    {ReferralState.REJECTED, ReferralState.EXPIRED, ReferralState.CANCELLED, ReferralState.FAILED}
)


class OutcomeMissing(ValueError):
    """A referral that ends says what came of it."""


@transaction.atomic
def advance_referral(*, referral: Referral, act: str, by: User, now: datetime, outcome: str = "") -> Referral:
    """Do one act of the referral's table (receive, accept, reject, start, hold, complete, fail, cancel).

    Acts that end it need an outcome; whatever was not given returns to the agency's capacity and to the gap.
    """
    referral = _locked(referral)
    if not can_answer_referral(by, organisation_id=referral.offer.organisation_id):
        raise NotAllowed("only a worker of the agency answers its referrals")
    target = REFERRAL_ACTS[act].apply(referral.state)
    ends = target in ENDED_WITHOUT_SERVICE or target == ReferralState.COMPLETED
    if ends and not outcome.strip():
        raise OutcomeMissing(act)
    referral.state = target
    referral.outcome = outcome or referral.outcome
    if referral.answered_at is None:
        referral.answered_by, referral.answered_at = by, now
    referral.save(update_fields=["state", "outcome", "answered_by", "answered_at"])
    if target not in WAITING_REFERRALS:
        end_clock(referral, now)
    item = _give_back(referral, by, now) if ends else referral.item
    _note(referral, f"referral.{act}", by, now, outcome)
    tell_referral(referral, item, now)
    return referral


@transaction.atomic
def give_sessions(*, referral: Referral, sessions: int, key: str, by: User, now: datetime) -> Referral:
    """Record sessions that were given; the household has them, the agency's capacity is used."""
    referral = _locked(referral)
    if not can_answer_referral(by, organisation_id=referral.offer.organisation_id):
        raise NotAllowed("only a worker of the agency records its sessions")
    if referral.state != ReferralState.IN_PROGRESS:
        REFERRAL_ACTS["complete"].apply(referral.state)
    before = SupplyHold.objects.get(pk=referral.hold).used
    hold = use_hold(hold=SupplyHold.objects.get(pk=referral.hold), quantity=sessions, key=key, by=by, now=now)
    if hold.used == before:
        return referral
    referral.given = hold.used
    referral.save(update_fields=["given"])
    item = coverage.deliver(item=referral.item, amount=sessions, now=now)
    _note(referral, "referral.give", by, now)
    tell_referral(referral, item, now)
    return referral


def expire_referrals(*, now: datetime) -> int:
    """End the referrals that no agency answered in time: capacity and gap return, source and owner are told."""
    overdue = Referral.objects.filter(state__in=WAITING_REFERRALS, answer_due_at__lte=now)
    ended = 0
    for pk in list(overdue.order_by("answer_due_at", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            ended += _expire(pk, now)
    return ended


def _expire(pk: UUID, now: datetime) -> bool:
    referral = _locked(Referral(pk=pk))
    if referral.state not in WAITING_REFERRALS:
        return False  # answered while we were on our way
    referral.state = REFERRAL_ACTS["expire"].apply(referral.state)
    referral.answered_at = now
    referral.save(update_fields=["state", "answered_at"])
    end_clock(referral, now, outcome="expired")
    item = _give_back(referral, None, now)
    _note(referral, "referral.expire", None, now)
    tell_referral(referral, item, now)
    case = referral.item.need.case
    notify(
        to=case.owner,
        kind="ended",
        subject=f"referral:{referral.pk}",
        step=Step.REFERRAL,
        case=case.pk,
        label=case.number,
        due_at=referral.answer_due_at,
        key=f"referral:{referral.pk}:expired",
        now=now,
    )
    return True


def _give_back(referral: Referral, by: User | None, now: datetime) -> NeedItem:
    left = referral.quantity - referral.given
    if not left:
        return referral.item
    release_hold(hold=SupplyHold.objects.get(pk=referral.hold), key=f"release:{referral.pk}", by=by, now=now)
    return coverage.release(item=referral.item, amount=left, now=now)


def _locked(referral: Referral) -> Referral:
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("offer", "item__need__case")
        .get(pk=referral.pk)
    )


def _note(referral: Referral, act: str, by: User | None, now: datetime, reason: str = "") -> None:
    record(
        stream=f"need:{referral.item.need_id}",
        action=act,
        by=by,
        subject=f"referral:{referral.pk}",
        reason=reason[:500],
        data={"given": referral.given, "quantity": referral.quantity},
        now=now,
    )
