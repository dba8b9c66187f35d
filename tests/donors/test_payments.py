"""Payment batches: who approves, what the bank answers, what the ledger says afterwards."""

import csv
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from donors.banking.payment_files import ANSWER_COLUMNS, BadAnswerError
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
from donors.ledger.queries import balance_of
from donors.models import Fund, PaymentBatch
from donors.services import (
    PaymentRequest,
    approve_batch,
    cancel_batch,
    export_batch,
    prepare_batch,
    read_back_batch,
)
from jiujinan.accounts.models import User
from tests.donors.world import NOW, World, make_fund


@pytest.fixture
def fund(world: World) -> Fund:
    fund = make_fund(world, second_approval_above_fen=10_000)
    ledger.receive(fund=fund, amount_fen=100_000, key="r", by=None, now=NOW)
    return fund


@pytest.fixture
def chen(world: World) -> User:
    return User.objects.create(username="chen", full_name="陈审批")


def reserve(fund: Fund, amount_fen: int = 9_000, key: str = "v") -> Reservation:
    return ledger.reserve(fund=fund, amount_fen=amount_fen, key=key, by=None, now=NOW)


def prepare(world: World, *requests: tuple[Reservation, str, int]) -> PaymentBatch:
    asked = [PaymentRequest(*request) for request in requests]
    return prepare_batch(holder=world.charity, requests=asked, by=world.lin, now=NOW)


def sent(world: World, *requests: tuple[Reservation, str, int]) -> PaymentBatch:
    batch = approve_batch(batch=prepare(world, *requests), by=world.zhao, now=NOW)
    export_batch(batch=batch, by=world.lin, now=NOW)
    return batch


def answer(*rows: tuple[Any, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([ANSWER_COLUMNS, *rows])
    return text.getvalue().encode("utf-8-sig")


def read_back(world: World, batch: PaymentBatch, *rows: tuple[Any, ...]) -> PaymentBatch:
    return read_back_batch(batch=batch, data=answer(*rows), by=world.lin, now=NOW)


def test_a_batch_goes_to_the_bank_and_comes_back_into_the_ledger(world: World, fund: Fund) -> None:
    first, second, third = (reserve(fund, key=f"v{n}") for n in range(3))
    batch = sent(world, (first, "p-1", 9_000), (second, "p-2", 8_000), (third, "p-3", 7_000))
    whole, part, failed = batch.payments.order_by("payee_ref")
    settled = read_back(
        world,
        batch,
        (whole.pk, "成功", "90.00", "B1", ""),
        (part.pk, "部分成功", "30", "B2", "限额"),
        (failed.pk, "失败", "", "", "账号不符"),
    )
    book = balance_of(fund=fund)
    assert (settled.state, book.disbursed_fen, book.reserved_fen) == ("settled", 12_000, 15_000)
    failed.refresh_from_db()
    part.refresh_from_db()
    assert (part.state, part.paid_fen, failed.state, failed.failure) == (
        "partly_paid",
        3_000,
        "failed",
        "账号不符",
    )
    assert part.entry is not None
    assert part.entry.refs == {"payment": str(part.pk), "bank_line": "B2"}


def test_the_file_for_the_bank_names_nobody_and_computes_nothing(world: World, fund: Fund) -> None:
    batch = approve_batch(batch=prepare(world, (reserve(fund), "=p-1", 5)), by=world.zhao, now=NOW)
    data = export_batch(batch=batch, by=world.lin, now=NOW)
    assert data == export_batch(batch=batch, by=world.lin, now=NOW)
    payment = batch.payments.get()
    assert data.decode("utf-8-sig").splitlines() == [
        "付款编号,收款人代号,金额,用途",
        f"{payment.pk},'=p-1,0.05,救助款",
    ]


def test_reading_an_answer_again_changes_nothing_and_another_answer_is_refused(
    world: World, fund: Fund
) -> None:
    batch = sent(world, (reserve(fund), "p-1", 9_000))
    payment = batch.payments.get()
    for _ in range(2):
        read_back(world, batch, (payment.pk, "成功", "90", "B1", ""))
    assert balance_of(fund=fund).disbursed_fen == 9_000
    with pytest.raises(KeyReused):
        read_back(world, batch, (payment.pk, "成功", "90", "B2", ""))


def test_an_answer_for_some_leaves_the_batch_open(world: World, fund: Fund) -> None:
    batch = sent(world, (reserve(fund), "p-1", 4_000), (reserve(fund, key="v2"), "p-2", 4_000))
    first, second = batch.payments.order_by("payee_ref")
    assert read_back(world, batch, (first.pk, "成功", "40", "B1", "")).state == "exported"
    assert read_back(world, batch, (second.pk, "失败", "", "", "x")).state == "settled"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (("成功", "89", "B1", ""), InvalidPayment),
        (("部分成功", "90", "B1", ""), InvalidPayment),
        (("部分成功", "91", "B1", ""), InvalidPayment),
        (("成功", "90", "", ""), BadAnswerError),
        (("成功", "九十", "B1", ""), BadAnswerError),
        (("大概", "90", "B1", ""), BadAnswerError),
    ],
)
def test_an_answer_that_cannot_be_right_enters_nothing(
    world: World, fund: Fund, row: tuple[str, ...], error: type[Exception]
) -> None:
    batch = sent(world, (reserve(fund), "p-1", 9_000))
    with pytest.raises(error):
        read_back(world, batch, (batch.payments.get().pk, *row))
    assert balance_of(fund=fund).disbursed_fen == 0


def test_an_answer_for_another_batch_is_refused(world: World, fund: Fund) -> None:
    batch = sent(world, (reserve(fund), "p-1", 9_000))
    other = sent(world, (reserve(fund, key="v2"), "p-2", 9_000))
    with pytest.raises(InvalidPayment):
        read_back(world, batch, (other.payments.get().pk, "成功", "90", "B1", ""))
    with pytest.raises(BadAnswerError):
        read_back_batch(batch=batch, data=b"a,b\n", by=world.lin, now=NOW)


def test_who_prepares_does_not_approve(world: World, fund: Fund) -> None:
    batch = prepare(world, (reserve(fund), "p-1", 9_000))
    with pytest.raises(ApproverNotIndependent):
        approve_batch(batch=batch, by=world.lin, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(approved_by=world.lin)
    with pytest.raises(WrongState):
        export_batch(batch=batch, by=world.lin, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(state="exported")


def test_above_the_limit_a_third_person_approves_too(world: World, fund: Fund, chen: User) -> None:
    batch = prepare(world, (reserve(fund, 10_001), "p-1", 10_001))
    assert batch.needs_second_approval
    assert approve_batch(batch=batch, by=world.zhao, now=NOW).state == "draft"
    with pytest.raises(ApproverNotIndependent):
        approve_batch(batch=batch, by=world.zhao, now=NOW)
    assert approve_batch(batch=batch, by=chen, now=NOW).state == "approved"


def test_splitting_a_payment_does_not_evade_the_second_approval(world: World, fund: Fund) -> None:
    first, second = reserve(fund, 6_000, "v1"), reserve(fund, 6_000, "v2")
    assert prepare(world, (first, "p-1", 6_000), (second, "p-1", 6_000)).needs_second_approval


def test_at_the_limit_one_approval_is_enough(world: World, fund: Fund) -> None:
    batch = prepare(world, (reserve(fund, 10_000), "p-1", 10_000))
    assert approve_batch(batch=batch, by=world.zhao, now=NOW).state == "approved"


def test_no_reservation_is_paid_twice_over(world: World, fund: Fund) -> None:
    held = reserve(fund)
    with pytest.raises(ExceedsReservation):
        prepare(world, (held, "p-1", 5_000), (held, "p-2", 5_000))
    draft = prepare(world, (held, "p-1", 5_000))
    with pytest.raises(AlreadyInPayment):
        prepare(world, (held, "p-1", 5_000))
    cancel_batch(batch=draft, by=world.lin, now=NOW)
    assert prepare(world, (held, "p-1", 9_000)).state == "draft"


def test_bad_requests_are_refused(world: World, fund: Fund) -> None:
    with pytest.raises(InvalidPayment):
        prepare(world)
    with pytest.raises(InvalidAmount):
        prepare(world, (reserve(fund), "p-1", 0))
    request = PaymentRequest(reserve(fund, key="v2"), "p-1", 5)
    with pytest.raises(WrongOrganisation):
        prepare_batch(holder=world.enterprise, requests=[request], by=world.lin, now=NOW)
