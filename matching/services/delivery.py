"""Paying out, handing over, giving back: a commitment's way to the household."""

from datetime import datetime

from django.db import transaction

from donors.ledger.models import Reservation
from donors.ledger.services import disburse, release
from donors.models import SupplyHold
from donors.queries import current_charter
from donors.services.holds import release_hold, use_hold
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import (
    NotAllowed,
    can_answer_referral,
    can_approve_payment,
    can_manage_fund,
    can_pay,
)
from jiujinan.audit.services import record
from matching.clocks import end_clock
from matching.models import Commitment, Disbursement
from matching.states import COMMITMENT_ACTS, DisbursementState
from matching.telling import tell_case, tell_disbursement
from needs.services import coverage


class SecondApprovalMissing(Exception):
    """The charter asks for a second person's approval above this amount (fen)."""


class KeyReused(Exception):
    """The key belongs to another disbursement."""


@transaction.atomic
def deliver_commitment(
    *, commitment: Commitment, amount: int, key: str, payer: User, approver: User | None, now: datetime
) -> Disbursement:
    """Record one payment (or handover of goods) of the amount; the same key has one effect."""
    commitment = _locked(commitment)
    known = Disbursement.objects.filter(key=key).first()
    if known is not None:
        if (known.commitment_id, known.amount) != (commitment.pk, amount):
            raise KeyReused(key)
        return known
    if not 0 < amount <= commitment.amount - commitment.disbursed:
        raise ValueError("only what is committed and not yet disbursed can be disbursed")
    _require_people(commitment, amount, payer, approver)
    commitment.disbursed += amount
    act = "complete" if commitment.disbursed == commitment.amount else "disburse_part"
    commitment.state = COMMITMENT_ACTS[act].apply(commitment.state)
    commitment.save(update_fields=["disbursed", "state"])
    if act == "complete":
        end_clock(commitment, now)
    disbursement = Disbursement(
        commitment=commitment,
        amount=amount,
        key=key,
        state=DisbursementState.PAID,
        payer=payer,
        approver=approver,
        at=now,
    )
    disbursement.receipt = f"R{now:%Y%m%d}-{disbursement.pk.hex[:10].upper()}"
    _take_from_supply(commitment, amount, key, payer, now, receipt=disbursement.receipt)
    disbursement.save()
    item = coverage.deliver(item=commitment.item, amount=amount, now=now)
    _note(commitment, "commitment.deliver", payer, now, {"amount": amount})
    tell_disbursement(disbursement, item, now)
    return disbursement


@transaction.atomic
def release_commitment(*, commitment: Commitment, reason: str, by: User, now: datetime) -> Commitment:
    """Give back what was not disbursed: the money (or goods) and the gap return together.

    What was disbursed stays: the commitment is then complete with that amount, so that caps and reports count it.
    """
    commitment = _locked(commitment)
    if not _answers_for(commitment, by):
        raise NotAllowed("only somebody who answers for the resource gives a commitment back")
    left = commitment.amount - commitment.disbursed
    _end_early(commitment)
    end_clock(commitment, now)
    key = f"release:{commitment.pk}"
    if commitment.fund_id:
        release(reservation=Reservation.objects.get(pk=commitment.hold), key=key, by=by, now=now)
    else:
        release_hold(hold=SupplyHold.objects.get(pk=commitment.hold), key=key, by=by, now=now)
    item = coverage.release(item=commitment.item, amount=left, now=now)
    _note(commitment, "commitment.release", by, now, {"amount": left}, reason)
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
    limit = current_charter(fund=fund).second_approval_above_fen
    if limit is not None and amount > limit and approver is None:
        raise SecondApprovalMissing(limit)
    if approver is not None and not can_approve_payment(
        approver, organisation_id=fund.holder_id, payer_id=payer.pk
    ):
        raise NotAllowed("the second approval is another person's, with that role")


def _answers_for(commitment: Commitment, by: User) -> bool:
    if commitment.lot is not None:
        return can_answer_referral(by, organisation_id=commitment.lot.station_id)
    fund = commitment.fund
    assert fund is not None, "a commitment is of money or goods"
    return can_manage_fund(by, organisation_ids=[fund.holder_id, fund.named_for_id])


def _take_from_supply(
    commitment: Commitment, amount: int, key: str, payer: User, now: datetime, *, receipt: str
) -> None:
    if commitment.fund_id:
        disburse(
            reservation=Reservation.objects.get(pk=commitment.hold),
            amount_fen=amount,
            key=key,
            by=payer,
            now=now,
            refs={"commitment": str(commitment.pk), "receipt": receipt},
        )
    else:
        use_hold(hold=SupplyHold.objects.get(pk=commitment.hold), quantity=amount, key=key, by=payer, now=now)


def _note(
    commitment: Commitment, act: str, by: User, now: datetime, data: dict[str, object], reason: str = ""
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
