"""A batch whose preparing, approval, cancelling or answer dies at a named point: tried again there is one of it."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from donors.errors import InvalidPayment, WrongState
from donors.ledger.models import LedgerTransaction
from donors.models import Payment, PaymentBatch
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.outbox.models import OutboxEvent
from matching.models import Disbursement
from matching.services.paying import (
    Order,
    approve_payments,
    cancel_payments,
    export_payments,
    prepare_payments,
    read_answer,
)
from tests.killing import COMMIT, COMMITTED, Point, was_killed_at
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.services.test_paying import answer, committed
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
BATCH = r'UPDATE "donors_paymentbatch"'
END = [
    Point("the trail is written", r'UPDATE "audit_auditstream"'),
    Point("everything is written, nothing committed", COMMIT),
    Point("committed, and nobody heard of it", COMMITTED),
]
POINTS: dict[str, list[Point]] = {
    "prepare": [
        Point("the batch is written", r'INSERT INTO "donors_paymentbatch"'),
        Point("its payments are written", r'INSERT INTO "donors_payment"'),
        Point("the commitments know of it", r'INSERT INTO "matching_disbursement"'),
        *END,
    ],
    "approve": [
        Point("the batch is approved", BATCH),
        Point("its payments are approved", r'UPDATE "matching_disbursement"'),
        *END,
    ],
    "cancel": [
        Point("the batch is cancelled", BATCH),
        Point("the lines are cancelled", r'UPDATE "donors_payment"'),
        Point("its payments are cancelled", r'UPDATE "matching_disbursement"'),
        *END,
    ],
    "export": [Point("the batch is at the bank", BATCH), *END],
    "answer": [
        Point("the money is disbursed", r'INSERT INTO "ledger_ledgertransaction"'),
        Point("the line is answered", r'UPDATE "donors_payment"'),
        Point("the batch is settled", BATCH),
        Point("the commitment is moved on", r'UPDATE "matching_commitment"'),
        Point("the payment has its receipt", r'UPDATE "matching_disbursement"'),
        Point("the delivery is on the item", r'UPDATE "needs_needitem"'),
        Point("it is queued to be told", r'INSERT INTO "outbox_outboxevent"'),
        *END,
    ],
}
DONE_BEFORE = (InvalidPayment, NotAllowed, WrongState)  # what a second try of a done act may be told


def act_of(town: Town, name: str) -> Callable[[], Any]:
    """Return the act, with everything before it done."""
    commitment = committed(town)
    orders = [Order(commitment, commitment.amount)]
    payer: dict[str, Any] = {"by": town.he, "now": NOW}
    if name == "prepare":
        return lambda: prepare_payments(holder=town.charity, orders=orders, **payer)
    batch = prepare_payments(holder=town.charity, orders=orders, **payer)
    if name == "approve":
        return lambda: approve_payments(batch=batch, by=town.gao, now=NOW)
    if name == "cancel":
        return lambda: cancel_payments(batch=batch, **payer)
    approve_payments(batch=batch, by=town.gao, now=NOW)
    if name == "export":
        return lambda: export_payments(batch=batch, **payer)
    export_payments(batch=batch, **payer)
    data = answer((batch.payments.get(), "成功", "3000.00", f"B{batch.pk.hex[:9]}", ""))
    return lambda: read_answer(batch=batch, data=data, **payer)


def effects() -> list[Any]:
    counted = (PaymentBatch, Payment, Disbursement, LedgerTransaction, OutboxEvent)
    states = (PaymentBatch, Payment, Disbursement)
    return [model.objects.count() for model in counted] + [
        sorted(model.objects.values_list("pk", "state")) for model in states
    ]


@pytest.mark.parametrize("name", POINTS)
def test_a_batch_killed_at_any_point_and_tried_again_has_one_effect(name: str) -> None:
    town = build_town()
    for point in POINTS[name]:
        act = act_of(town, name)
        before = effects()
        assert was_killed_at(point, act), point.name
        assert (effects() != before) is point.leaves_an_effect, point.name
        everything_holds()
        for _ in range(2):
            with contextlib.suppress(*DONE_BEFORE):
                act()
        after = effects()
        assert after != before, point.name
        with contextlib.suppress(*DONE_BEFORE):
            act()
        assert effects() == after, point.name
    everything_holds()
    trails_hold()
