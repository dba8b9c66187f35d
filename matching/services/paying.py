"""Commitments on their way through the bank: put into a batch, approved, exported, answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from donors.errors import InvalidPayment
from donors.ledger.models import Reservation
from donors.models import BatchState, PaymentBatch, PaymentState, SecondApproval
from donors.services import payments
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.predicates import NotAllowed, can_approve_payment, can_pay, can_second_payment
from jiujinan.audit.services import record
from jiujinan.outbox.services import tell
from matching.models import Commitment, Disbursement
from matching.rules import APPROVE_WITHIN
from matching.services.delivery import count_delivery, payable, receipt_number
from matching.states import (
    DISBURSEMENT_ACTS,
    DISBURSEMENTS_UNDER_WAY,
    STANDING_COMMITMENTS,
    DisbursementState,
)


@dataclass(frozen=True)
class Order:
    """Pay so much (fen) of this commitment."""

    commitment: Commitment
    amount_fen: int


@transaction.atomic
def prepare_payments(
    *, holder: Organisation, orders: Sequence[Order], by: User, now: datetime
) -> PaymentBatch:
    """
    Put payments of commitments together for the charity's bank; each commitment once.

    Raises NotAllowed, InvalidPayment (nothing, twice the same, more than is payable, not of money),
    and what `donors.services.prepare_batch` raises.
    """
    if not can_pay(by, organisation_id=holder.pk):
        raise NotAllowed("only a payer of the holding charity prepares payments")
    asked = {order.commitment.pk: order.amount_fen for order in orders}
    if len(asked) < len(orders):
        raise InvalidPayment(reason="twice")
    commitments = _locked(list(asked))
    for commitment in commitments:
        _require_payable(commitment, asked[commitment.pk])
    reservations = Reservation.objects.in_bulk([commitment.hold for commitment in commitments])
    batch = payments.prepare_batch(
        holder=holder,
        requests=[
            payments.PaymentRequest(reservations[one.hold], payee_of(one), asked[one.pk])
            for one in commitments
        ],
        by=by,
        now=now,
    )
    lines = {payment.reservation_id: payment for payment in batch.payments.all()}
    Disbursement.objects.bulk_create(
        Disbursement(
            commitment=one,
            amount=asked[one.pk],
            key=f"payment:{lines[one.hold].pk}",
            state=DisbursementState.PREPARED,
            payment=lines[one.hold],
            payer=by,
            at=now,
        )
        for one in commitments
    )
    return batch


@transaction.atomic
def approve_payments(*, batch: PaymentBatch, by: User, now: datetime) -> PaymentBatch:
    """
    Give a batch its first or second approval; the charter says whose the second is.

    Raises NotAllowed, ApproverNotIndependent, WrongState.
    """
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if not has_role_to_approve(batch=batch, by=by):
        raise NotAllowed("another person, with the role that the charter names, approves")
    approved = payments.approve_batch(batch=batch, by=by, now=now)
    if approved.state == BatchState.APPROVED:
        prepared = _of(batch).filter(state=DisbursementState.PREPARED)
        prepared.update(state=DISBURSEMENT_ACTS["approve"].apply(DisbursementState.PREPARED), approver=by)
    return approved


def has_role_to_approve(*, batch: PaymentBatch, by: User) -> bool:
    """Return whether the approval that the batch waits for is this person's to give."""
    if batch.approved_by_id is None:
        return can_approve_payment(by, organisation_id=batch.holder_id, payer_id=batch.prepared_by_id)
    had_a_hand = {batch.prepared_by_id}
    if batch.second_approval_by == SecondApproval.FUND_MANAGER:
        had_a_hand |= set(_of(batch).values_list("commitment__by_id", flat=True))
    return can_second_payment(
        by, organisation_id=batch.holder_id, role=batch.second_approval_by, had_a_hand=had_a_hand
    )


@transaction.atomic
def cancel_payments(*, batch: PaymentBatch, by: User, now: datetime) -> PaymentBatch:
    """Throw away a batch that has not gone to the bank. Raises NotAllowed, WrongState."""
    _require_payer(batch, by)
    return _cancel(batch, by, now)


def cancel_forgotten(*, now: datetime) -> int:
    """
    Cancel the drafts that nobody approved in time, each in its own transaction; return how many.

    What was promised stays promised and can be prepared again; the charity is told.
    """
    forgotten = PaymentBatch.objects.filter(state=BatchState.DRAFT, prepared_at__lte=now - APPROVE_WITHIN)
    cancelled = 0
    for batch in forgotten.order_by("prepared_at", "pk"):
        with transaction.atomic():
            locked = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
            if locked.state != BatchState.DRAFT:
                continue  # approved or cancelled while we were on our way
            _cancel(locked, None, now)
            tell(
                destination="organisation",
                subject=f"organisation:{locked.holder_id}",
                kind="payments.cancelled",
                payload={"batch": str(locked.pk), "prepared_at": locked.prepared_at.isoformat()},
                key=f"batch:{locked.pk}:forgotten",
                now=now,
            )
            cancelled += 1
    return cancelled


def _cancel(batch: PaymentBatch, by: User | None, now: datetime) -> PaymentBatch:
    cancelled = payments.cancel_batch(batch=batch, by=by, now=now)
    under_way = _of(batch).filter(state__in=DISBURSEMENTS_UNDER_WAY)
    under_way.update(state=DisbursementState.CANCELLED)
    return cancelled


def _of(batch: PaymentBatch) -> QuerySet[Disbursement]:
    return Disbursement.objects.filter(payment__batch=batch)


@transaction.atomic
def export_payments(*, batch: PaymentBatch, by: User, now: datetime) -> bytes:
    """Return the file for the bank, the same each time. Raises NotAllowed, WrongState."""
    _require_payer(batch, by)
    return payments.export_batch(batch=batch, by=by, now=now)


@transaction.atomic
def read_answer(*, batch: PaymentBatch, data: bytes, by: User, now: datetime) -> PaymentBatch:
    """
    Enter the bank's answer into ledger, commitment, need and what is told of them, each payment once.

    Paid in full or in part: so much is delivered, and the rest stays promised. Failed: nothing moves, and
    the commitment can be paid again. Raises NotAllowed, BadAnswerError, InvalidPayment, KeyReused, WrongState.
    """
    _require_payer(batch, by)
    of_batch = _of(batch)
    # In the order of all delivery: commitments, then books (read_back_batch), then items.
    commitments = {one.pk: one for one in _locked(list(of_batch.values_list("commitment_id", flat=True)))}
    settled = payments.read_back_batch(batch=batch, data=data, by=by, now=now)
    answered = of_batch.filter(state=DisbursementState.APPROVED).exclude(payment__state=PaymentState.WAITING)
    for disbursement in answered.select_related("payment").order_by("commitment__item_id", "pk"):
        _settle(disbursement, commitments[disbursement.commitment_id], by, now)
    return settled


def payee_of(commitment: Commitment) -> str:
    """Return the pseudonym of the household; the charity's own system knows whom it stands for."""
    return f"H{commitment.item.need.case.household_id.hex[:16].upper()}"


def _settle(disbursement: Disbursement, commitment: Commitment, by: User, now: datetime) -> None:
    payment = disbursement.payment
    assert payment is not None, "only payments of a batch are answered"
    if payment.state == PaymentState.FAILED:
        disbursement.state = DISBURSEMENT_ACTS["fail"].apply(disbursement.state)
        disbursement.save(update_fields=["state"])
        record(
            stream=f"need:{commitment.item.need_id}",
            action="commitment.payment_failed",
            by=by,
            subject=f"commitment:{commitment.pk}",
            data={"amount": disbursement.amount, "payment": str(payment.pk)},
            now=now,
        )
        return
    disbursement.state = DISBURSEMENT_ACTS["pay"].apply(disbursement.state)
    disbursement.amount, disbursement.at = payment.paid_fen, now
    disbursement.receipt = receipt_number(disbursement, now)
    disbursement.commitment = commitment
    count_delivery(commitment=commitment, disbursement=disbursement, by=by, now=now)


def _require_payable(commitment: Commitment, amount_fen: int) -> None:
    if commitment.fund_id is None or commitment.state not in STANDING_COMMITMENTS:
        raise InvalidPayment(reason="not_payable")
    if amount_fen > payable(commitment):
        raise InvalidPayment(reason="more_than_payable")


def _require_payer(batch: PaymentBatch, by: User) -> None:
    if not can_pay(by, organisation_id=batch.holder_id):
        raise NotAllowed("only a payer of the holding charity does that")


def _locked(commitment_ids: list[UUID]) -> list[Commitment]:
    rows = Commitment.objects.select_for_update(of=("self",)).filter(pk__in=commitment_ids)
    return list(rows.select_related("fund", "lot", "item__need__case").order_by("pk"))
