"""Several people at the same batch in the same moment, on a real PostgreSQL: one effect each."""

from collections.abc import Callable
from typing import Any

import pytest

from donors.ledger.models import FundBalance, LedgerTransaction
from donors.models import PaymentBatch
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.outbox.models import OutboxEvent
from matching.models import Commitment, Disbursement
from matching.rules import APPROVE_WITHIN
from matching.services.delivery import release_commitment
from matching.services.paying import (
    Order,
    approve_payments,
    cancel_forgotten,
    cancel_payments,
    export_payments,
    prepare_payments,
    read_answer,
)
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.services.test_paying import answer, committed
from tests.matching.services.test_together import at_once
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MANY = 8


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


def preparing(town: Town, *commitments: Commitment) -> Callable[[], PaymentBatch]:
    orders = [Order(one, one.amount) for one in commitments]
    return lambda: prepare_payments(holder=town.charity, orders=orders, by=town.he, now=NOW)


def test_the_same_promises_prepared_by_many_are_in_one_batch(town: Town) -> None:
    first, second = committed(town), committed(town)
    acts = [preparing(town, first, second), preparing(town, second, first)] * (MANY // 2)
    assert at_once(*acts) == {"done": 1, "InvalidPayment": MANY - 1}
    assert PaymentBatch.objects.get().payments.count() == Disbursement.objects.count() == 2


def test_approvals_at_once_count_each_person_once(town: Town) -> None:
    commitment = committed(town, second_approval_above_fen=100_000)
    third = register_person(username="sun", full_name="Sun", password=None)
    join(user=third, organisation=town.charity, role=Role.PAYMENT_APPROVER)
    batch = preparing(town, commitment)()
    acts = [lambda by=by: approve_payments(batch=batch, by=by, now=NOW) for by in (town.gao, third)]
    outcome = at_once(*acts * (MANY // 2))
    batch.refresh_from_db()
    assert outcome["done"] == 2
    assert batch.state == "approved"
    assert {batch.approved_by_id, batch.second_approved_by_id} == {town.gao.pk, third.pk}
    assert Disbursement.objects.get().state == "approved"


def test_a_batch_is_approved_or_cancelled_or_both_in_that_order_and_never_half(town: Town) -> None:
    commitment = committed(town)
    batch = preparing(town, commitment)()

    def give_back() -> Any:
        return release_commitment(commitment=commitment, reason="另有安排", by=town.chen, now=NOW)

    outcome = at_once(
        lambda: approve_payments(batch=batch, by=town.gao, now=NOW),
        lambda: cancel_payments(batch=batch, by=town.he, now=NOW),
        lambda: cancel_forgotten(now=NOW + APPROVE_WITHIN),
        give_back,
    )
    batch.refresh_from_db()
    assert set(outcome) <= {"done", "WrongState", "PaymentUnderWay"}
    assert batch.state == Disbursement.objects.get().state == "cancelled"
    everything_holds()
    trails_hold()


def test_an_answer_read_by_many_is_entered_once(town: Town) -> None:
    first, second = committed(town), committed(town)
    batch = approve_payments(batch=preparing(town, first, second)(), by=town.gao, now=NOW)
    assert at_once(*[lambda: export_payments(batch=batch, by=town.he, now=NOW)] * 4) == {"done": 4}
    data = answer(
        *((one, "成功", "3000.00", f"B{place}", "") for place, one in enumerate(batch.payments.all()))
    )
    acts = [lambda: read_answer(batch=batch, data=data, by=town.he, now=NOW)] * MANY
    assert at_once(*acts) == {"done": MANY}
    assert LedgerTransaction.objects.filter(kind="disburse").count() == 2
    told = OutboxEvent.objects.filter(kind="help.delivered", stream__destination="case-record")
    assert told.count() == 2
    assert sum(book.disbursed_fen for book in FundBalance.objects.all()) == 600_000
    everything_holds()
    trails_hold()
