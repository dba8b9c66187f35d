"""Paying out, handing over, giving back: a commitment's way to the household."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from donors.errors import ExceedsHold
from donors.ledger.errors import ExceedsReservation
from donors.ledger.models import Reservation
from donors.ledger.services import disburse, release
from donors.models import SecondApproval, SupplyHold
from donors.queries import current_charter
from donors.services.holds import release_hold, use_hold
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import (
    NotAllowed,
    can_answer_referral,
    can_approve_payment,
    can_manage_fund,
    can_pay,
    can_second_payment,
)
from jiujinan.audit.services import record
from matching.clocks import end_clock
from matching.models import Commitment, Disbursement
from matching.states import (
    COMMITMENT_ACTS,
    DISBURSEMENTS_UNDER_WAY,
    STANDING_COMMITMENTS,
    DisbursementState,
)
from matching.telling import tell_case, tell_disbursement
from needs.services import coverage


class SecondApprovalMissing(Exception):
    """The charter asks for a second person's approval above this amount (fen)."""


class BankLineMissing(ValueError):
    """Money paid outside of a batch names the bank's line, so that each fen can be followed to it."""


class PaymentUnderWay(Exception):
    """Some of it is on its way to the bank; the batch is cancelled or answered first."""


class KeyReused(Exception):
    """The key belongs to another disbursement."""


@transaction.atomic
def deliver_commitment(
    *,
    commitment: Commitment,
    amount: int,
    key: str,
    payer: User,
    approver: User | None,
    now: datetime,
    bank_line: str = "",
) -> Disbursement:
    """
    Record one handover of goods, or one payment that the bank has made outside of a batch; a key has one effect.

    A payment names its line at the bank (at most 64 characters). Raises BankLineMissing, NotAllowed,
    SecondApprovalMissing, KeyReused, and ValueError for an amount that isn't payable.
    """
    commitment = _locked(commitment)
    known = Disbursement.objects.filter(key=key).first()
    if known is not None:
        if (known.commitment_id, known.amount) != (commitment.pk, amount):
            raise KeyReused(key)
        return known
    if not 0 < amount <= payable(commitment):
        raise ValueError("only what is committed, not yet disbursed and not under way can be disbursed")
    _require_people(commitment, amount, payer, approver)
    if commitment.fund_id and not bank_line.strip():
        raise BankLineMissing(str(commitment.pk))
    disbursement = Disbursement(
        commitment=commitment,
        amount=amount,
        key=key,
        state=DisbursementState.PAID,
        payer=payer,
        approver=approver,
        at=now,
    )
    disbursement.receipt = receipt_number(disbursement, now)
    refs = {"commitment": str(commitment.pk), "receipt": disbursement.receipt, "bank_line": bank_line.strip()}
    _take_from_supply(commitment, amount, key, payer, now, refs=refs)
    count_delivery(commitment=commitment, disbursement=disbursement, by=payer, now=now)
    return disbursement


def payable(commitment: Commitment) -> int:
    """Return what may still be paid or handed over: committed, not disbursed, not on its way to the bank."""
    under_way = commitment.disbursements.filter(state__in=DISBURSEMENTS_UNDER_WAY)
    return commitment.amount - commitment.disbursed - (under_way.aggregate(sum=Sum("amount"))["sum"] or 0)


def receipt_number(disbursement: Disbursement, now: datetime) -> str:
    """Return the number of a disbursement's receipt."""
    return f"R{now:%Y%m%d}-{disbursement.pk.hex[:10].upper()}"


def count_delivery(*, commitment: Commitment, disbursement: Disbursement, by: User, now: datetime) -> None:
    """Move the locked commitment, its need and those who are told, after the supply has given the amount."""
    commitment.disbursed += disbursement.amount
    act = "complete" if commitment.disbursed == commitment.amount else "disburse_part"
    commitment.state = COMMITMENT_ACTS[act].apply(commitment.state)
    commitment.save(update_fields=["disbursed", "state"])
    if act == "complete":
        end_clock(commitment, now)
    disbursement.save()
    item = coverage.deliver(item=commitment.item, amount=disbursement.amount, now=now)
    _note(commitment, "commitment.deliver", by, now, {"amount": disbursement.amount})
    tell_disbursement(disbursement, item, now)


@transaction.atomic
def release_commitment(*, commitment: Commitment, reason: str, by: User, now: datetime) -> Commitment:
    """Give back what was not disbursed: the money (or goods) and the gap return together.

    What was disbursed stays: the commitment is then complete with that amount, so that caps and reports count it.
    """
    commitment = _locked(commitment)
    if not answers_for(commitment, by):
        raise NotAllowed("only somebody who answers for the resource gives a commitment back")
    return _give_back(commitment, "commitment.release", reason, by, now)


def expire_commitments(*, now: datetime, limit: int = 500) -> int:
    """
    End the promises whose time to be used is over, each in its own transaction; return how many.

    What is on its way to the bank is waited for: the bank's answer ends it or lets the rest expire.
    """
    overdue = Commitment.objects.filter(state__in=STANDING_COMMITMENTS, expires_at__lte=now)
    ended = 0
    for commitment in overdue.order_by("expires_at", "pk")[:limit]:
        with transaction.atomic():
            locked = _locked(commitment)
            if locked.state not in STANDING_COMMITMENTS or payable(locked) < locked.amount - locked.disbursed:
                continue
            _give_back(locked, "commitment.expire", "expired", None, now)
            ended += 1
    return ended


def _give_back(commitment: Commitment, act: str, reason: str, by: User | None, now: datetime) -> Commitment:
    left = commitment.amount - commitment.disbursed
    if payable(commitment) < left:
        raise PaymentUnderWay(str(commitment.pk))
    _end_early(commitment)
    end_clock(commitment, now)
    key = f"release:{commitment.pk}"
    with suppress(
        ExceedsReservation, ExceedsHold
    ):  # the backstop of ledger or shelf was faster than the clock
        if commitment.fund_id:
            release(
                reservation=Reservation.objects.get(pk=commitment.hold),
                key=key,
                by=by,
                now=now,
                refs={"reason": "expired"} if by is None else None,
            )
        else:
            release_hold(hold=SupplyHold.objects.get(pk=commitment.hold), key=key, by=by, now=now)
    item = coverage.release(item=commitment.item, amount=left, now=now)
    _note(commitment, act, by, now, {"amount": left}, reason)
    tell_case(item=item, kind="help.released", amount=left, key=key, now=now)
    return commitment


def _end_early(commitment: Commitment) -> None:
    target = COMMITMENT_ACTS["release"].apply(commitment.state)
    if commitment.disbursed:
        target = COMMITMENT_ACTS["complete"].apply(commitment.state)
        commitment.amount = commitment.disbursed
    commitment.state = target
    commitment.save(update_fields=["state", "amount"])


def _locked(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("fund", "lot", "item__need__case")
        .get(pk=commitment.pk)
    )


def _require_people(commitment: Commitment, amount: int, payer: User, approver: User | None) -> None:
    if commitment.lot is not None:
        if not can_answer_referral(payer, organisation_id=commitment.lot.station_id):
            raise NotAllowed("only a keeper of the station hands its goods over")
        return
    fund = commitment.fund
    assert fund is not None, "a commitment is of money or goods"
    if not can_pay(payer, organisation_id=fund.holder_id):
        raise NotAllowed("only a payer of the holding charity pays")
    charter = current_charter(fund=fund)
    limit = charter.second_approval_above_fen
    is_above = limit is not None and amount > limit
    if is_above and approver is None:
        raise SecondApprovalMissing(limit)
    if approver is None:
        return
    if is_above and charter.second_approval_by == SecondApproval.FUND_MANAGER:
        hands = {payer.pk, commitment.by_id}
        role = charter.second_approval_by
        fine = can_second_payment(approver, organisation_id=fund.holder_id, role=role, had_a_hand=hands)
    else:
        fine = can_approve_payment(approver, organisation_id=fund.holder_id, payer_id=payer.pk)
    if not fine:
        raise NotAllowed("the second approval is another person's, with the role that the charter names")


def answers_for(commitment: Commitment, by: User) -> bool:
    """Return whether the person may give the commitment back: for the fund, or as keeper of the station."""
    if commitment.lot is not None:
        return can_answer_referral(by, organisation_id=commitment.lot.station_id)
    fund = commitment.fund
    assert fund is not None, "a commitment is of money or goods"
    return can_manage_fund(by, organisation_ids=[fund.holder_id, fund.named_for_id])


def _take_from_supply(
    commitment: Commitment, amount: int, key: str, payer: User, now: datetime, *, refs: dict[str, str]
) -> None:
    if commitment.fund_id:
        disburse(
            reservation=Reservation.objects.get(pk=commitment.hold),
            amount_fen=amount,
            key=key,
            by=payer,
            now=now,
            refs=refs,
        )
    else:
        use_hold(hold=SupplyHold.objects.get(pk=commitment.hold), quantity=amount, key=key, by=payer, now=now)


def _note(
    commitment: Commitment,
    act: str,
    by: User | None,
    now: datetime,
    data: dict[str, object],
    reason: str = "",
) -> None:
    record(
        stream=f"need:{commitment.item.need_id}",
        action=act,
        by=by,
        subject=f"commitment:{commitment.pk}",
        reason=reason,
        data=data,
        now=now,
    )
