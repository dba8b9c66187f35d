"""Payment batches: prepared, approved by others, sent to the bank, read back into the ledger."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from donors.banking.payment_files import Answer, Order, payment_file, read_answers
from donors.errors import (
    AlreadyInPayment,
    ApproverNotIndependent,
    InvalidPayment,
    KeyReused,
    WrongOrganisation,
    WrongState,
)
from donors.ledger import services as ledger
from donors.ledger.errors import ExceedsReservation, InvalidAmount
from donors.ledger.models import Reservation
from donors.ledger.rules import is_valid_amount
from donors.models import BatchState, FundCharter, Payment, PaymentBatch, PaymentState, SecondApproval
from donors.queries import current_charters
from jiujinan.accounts.models import Organisation, User
from jiujinan.audit import services as audit


@dataclass(frozen=True)
class PaymentRequest:
    """What one payment of a batch should be; the payee by pseudonym."""

    reservation: Reservation
    payee_ref: str
    amount_fen: int


@transaction.atomic
def prepare_batch(
    *, holder: Organisation, requests: Sequence[PaymentRequest], by: User, now: datetime
) -> PaymentBatch:
    """
    Put payments together for the bank. Each is covered by what its reservation still holds.

    The batch needs a second approval if one fund's payments in it pass that fund's limit, by the role that
    the charter names. Raises InvalidAmount, ExceedsReservation, WrongOrganisation (another charity's fund),
    InvalidPayment (none, or two charters name different roles: these are not sent together).
    """
    if not requests:
        raise InvalidPayment(reason="empty")
    reservations = _lock_reservations(requests)
    for request in requests:
        if not is_valid_amount(request.amount_fen):
            raise InvalidAmount(amount=repr(request.amount_fen))
        if reservations[request.reservation.pk].fund.holder_id != holder.pk:
            raise WrongOrganisation(holder=holder.pk)
    _require_covered(requests, reservations)
    approvers = _second_approvers(requests, reservations)
    if len(approvers) > 1:
        raise InvalidPayment(reason="approvers_differ")
    batch = PaymentBatch.objects.create(
        holder=holder,
        prepared_by=by,
        prepared_at=now,
        needs_second_approval=bool(approvers),
        second_approval_by=next(iter(approvers), SecondApproval.PAYMENT_APPROVER),
    )
    Payment.objects.bulk_create(
        Payment(batch=batch, reservation=one.reservation, payee_ref=one.payee_ref, amount_fen=one.amount_fen)
        for one in requests
    )
    _record(batch, "prepare_batch", by, now)
    return batch


@transaction.atomic
def approve_batch(*, batch: PaymentBatch, by: User, now: datetime) -> PaymentBatch:
    """
    Give the first approval, or the second where one is needed; the last of them makes the batch approved.

    The preparer approves nothing, nobody approves twice. Raises ApproverNotIndependent, WrongState.
    """
    locked = _lock(batch, BatchState.DRAFT)
    if by.pk in {locked.prepared_by_id, locked.approved_by_id}:
        raise ApproverNotIndependent(by=by.pk)
    if locked.approved_by_id is None:
        locked.approved_by, locked.approved_at = by, now
    else:
        locked.second_approved_by, locked.second_approved_at = by, now
    if not locked.needs_second_approval or locked.second_approved_by_id is not None:
        locked.state = BatchState.APPROVED
    locked.save(
        update_fields=["state", "approved_by", "approved_at", "second_approved_by", "second_approved_at"]
    )
    _record(locked, "approve_batch", by, now)
    return locked


@transaction.atomic
def cancel_batch(*, batch: PaymentBatch, by: User | None, now: datetime) -> PaymentBatch:
    """Throw away what has not gone to the bank (`by` None: the clock did); its reservations stay. Raises WrongState."""
    locked = _lock(batch, BatchState.DRAFT, BatchState.APPROVED)
    locked.state = BatchState.CANCELLED
    locked.save(update_fields=["state"])
    locked.payments.update(state=PaymentState.FAILED, failure="cancelled")
    _record(locked, "cancel_batch", by, now)
    return locked


@transaction.atomic
def export_batch(*, batch: PaymentBatch, by: User, now: datetime) -> bytes:
    """Return the file for the bank; the same file again if asked again. Raises WrongState."""
    locked = _lock(batch, BatchState.APPROVED, BatchState.EXPORTED)
    if locked.state == BatchState.APPROVED:
        locked.state = BatchState.EXPORTED
        locked.save(update_fields=["state"])
        _record(locked, "export_batch", by, now)
    payments = locked.payments.order_by("pk")
    return payment_file(Order(one.pk, one.payee_ref, one.amount_fen) for one in payments)


@transaction.atomic
def read_back_batch(*, batch: PaymentBatch, data: bytes, by: User, now: datetime) -> PaymentBatch:
    """
    Enter the bank's answer: what was paid is disbursed, the rest of the reservation stays reserved.

    Reading an answer again changes nothing; a different answer for an answered payment raises KeyReused.
    When every payment is answered the batch is settled. Raises BadAnswerError, InvalidPayment, WrongState.
    """
    locked = _lock(batch, BatchState.EXPORTED, BatchState.SETTLED)
    rows = locked.payments.select_related("reservation").order_by("reservation__fund_id", "pk")
    payments = {payment.pk: payment for payment in rows}
    answers = {answer.payment: answer for answer in read_answers(data)}
    if answers.keys() - payments.keys():
        raise InvalidPayment(reason="not_of_this_batch")
    for key, payment in payments.items():
        if key in answers:
            _enter(payment, answers[key], by, now)
    waiting = any(payment.state == PaymentState.WAITING for payment in payments.values())
    if not waiting and locked.state == BatchState.EXPORTED:
        locked.state = BatchState.SETTLED
        locked.save(update_fields=["state"])
        _record(locked, "settle_batch", by, now)
    return locked


def _enter(payment: Payment, answer: Answer, by: User, now: datetime) -> None:
    if payment.state != PaymentState.WAITING:
        if (payment.state, payment.paid_fen, payment.bank_serial) != _outcome(answer):
            raise KeyReused(payment=str(payment.pk))
        return
    whole = answer.paid_fen == payment.amount_fen
    if answer.paid_fen > payment.amount_fen or (answer.result == PaymentState.PAID) is not whole:
        raise InvalidPayment(reason="paid_other_than_asked", payment=str(payment.pk))
    payment.state, payment.paid_fen, payment.bank_serial = _outcome(answer)
    payment.failure = answer.failure[:200]
    if answer.paid_fen:
        refs = {"payment": str(payment.pk), "bank_line": answer.bank_serial[:64]}
        payment.entry = ledger.disburse(
            reservation=payment.reservation,
            amount_fen=answer.paid_fen,
            key=f"payment:{payment.pk}",
            by=by,
            now=now,
            refs=refs,
        )
    payment.save(update_fields=["state", "paid_fen", "bank_serial", "failure", "entry"])


def _outcome(answer: Answer) -> tuple[str, int, str]:
    return answer.result, answer.paid_fen, answer.bank_serial[:64]


def _lock(batch: PaymentBatch, *states: BatchState) -> PaymentBatch:
    locked = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in states:
        raise WrongState(state=locked.state)
    return locked


def _lock_reservations(requests: Sequence[PaymentRequest]) -> dict[uuid.UUID, Reservation]:
    wanted = {request.reservation.pk for request in requests}
    rows = Reservation.objects.select_for_update(of=("self",)).select_related("fund").order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in=wanted)}


def _require_covered(requests: Sequence[PaymentRequest], reservations: dict[uuid.UUID, Reservation]) -> None:
    """Refuse to ask for more than a reservation holds, counting what waits in other batches."""
    waiting = Payment.objects.filter(reservation__in=reservations, state=PaymentState.WAITING)
    pending = dict(waiting.values_list("reservation_id").annotate(fen=Sum("amount_fen")).order_by())
    for key, row in reservations.items():
        asked_fen = sum(request.amount_fen for request in requests if request.reservation.pk == key)
        if asked_fen > row.outstanding_fen:
            raise ExceedsReservation(outstanding_fen=row.outstanding_fen)
        if asked_fen + pending.get(key, 0) > row.outstanding_fen:
            raise AlreadyInPayment(pending_fen=pending.get(key, 0))


def _second_approvers(
    requests: Sequence[PaymentRequest], reservations: dict[uuid.UUID, Reservation]
) -> set[str]:
    """Return who approves what passes a fund's limit, payee by payee: splitting a payment doesn't help."""
    charters = {charter.fund_id: charter for charter in _charters(reservations)}
    sums: dict[tuple[uuid.UUID, str], int] = {}
    for request in requests:
        place = (reservations[request.reservation.pk].fund_id, request.payee_ref)
        sums[place] = sums.get(place, 0) + request.amount_fen
    return {
        charters[fund_id].second_approval_by
        for (fund_id, _), fen in sums.items()
        for limit in [charters[fund_id].second_approval_above_fen]
        if limit is not None and fen > limit
    }


def _charters(reservations: dict[uuid.UUID, Reservation]) -> Sequence[FundCharter]:
    return list(current_charters(fund_ids={row.fund_id for row in reservations.values()}))


def _record(batch: PaymentBatch, action: str, by: User | None, now: datetime) -> None:
    stream = f"payments:{batch.holder_id}"
    audit.record(stream=stream, action=action, by=by, subject=f"batch:{batch.pk}", now=now)
