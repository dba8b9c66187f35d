"""A commitment's way through the bank: asked for, approved by another, answered, entered once."""

import csv
import io
from datetime import timedelta

import pytest

from donors.errors import ApproverNotIndependent, InvalidCharter, InvalidPayment, KeyReused, WrongState
from donors.ledger.models import FundBalance, LedgerTransaction, Reservation
from donors.ledger.services import expire_reservations, receive
from donors.models import FundKind, Payment, PaymentBatch
from donors.services import create_fund
from donors.tasks import expire_promises
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.outbox.models import OutboxEvent
from matching.engine import Rule
from matching.models import Commitment, Disbursement, MatchRun, Proposal, Repayment
from matching.rules import APPROVE_WITHIN
from matching.services.delivery import (
    PaymentUnderWay,
    deliver_commitment,
    expire_commitments,
    payable,
    release_commitment,
)
from matching.services.paying import (
    Order,
    approve_payments,
    cancel_forgotten,
    cancel_payments,
    export_payments,
    prepare_payments,
    read_answer,
)
from matching.services.proposals import accept_proposal
from matching.services.repaying import repay
from needs.models import NeedItem
from tests.matching.invariants import everything_holds, trails_hold
from tests.town import NOW, Town

HEAD = ["付款编号", "结果", "实付金额", "交易流水号", "失败原因"]


def committed(town: Town, *, yuan: int = 3000, **charter: object) -> Commitment:
    need = town.verified(yuan=yuan)
    return accept(town, need.items.get(), yuan * 100, fund=town.fund(yuan=10_000, **charter))


def accept(town: Town, item: NeedItem, amount: int, **resource: object) -> Commitment:
    run = MatchRun.objects.create(
        at=NOW, by=town.lin, rule_version="1", engine_version="1", snapshot_digest="", outcome_digest="",
    )  # fmt: skip
    proposal = Proposal.objects.create(
        run=run,
        item=item,
        amount=amount,
        rules_passed=Rule.REGION,
        expires_at=NOW + timedelta(days=1),
        **resource,
    )
    by = town.liang if "lot" in resource else town.chen
    commitment = accept_proposal(proposal=proposal, by=by, now=NOW)
    assert isinstance(commitment, Commitment)
    return commitment


def prepared(town: Town, *commitments: Commitment) -> PaymentBatch:
    orders = [Order(one, one.amount) for one in commitments]
    return prepare_payments(holder=town.charity, orders=orders, by=town.he, now=NOW)


def at_the_bank(town: Town, *commitments: Commitment) -> PaymentBatch:
    batch = approve_payments(batch=prepared(town, *commitments), by=town.gao, now=NOW)
    export_payments(batch=batch, by=town.he, now=NOW)
    return batch


def answer(*rows: tuple[Payment, str, str, str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([[str(payment.pk), *rest] for payment, *rest in rows])
    return text.getvalue().encode("utf-8-sig")


def state_of(commitment: Commitment) -> tuple[str, int, int, int]:
    commitment.refresh_from_db()
    item = NeedItem.objects.get(pk=commitment.item_id)
    return commitment.state, commitment.disbursed, item.fulfilled, item.gap


def test_a_paid_answer_moves_commitment_ledger_and_need_once(town: Town) -> None:
    commitment = committed(town)
    batch = at_the_bank(town, commitment)
    payment = batch.payments.get()
    assert payment.payee_ref.startswith("H")
    data = answer((payment, "成功", "3000.00", "B1", ""))
    assert read_answer(batch=batch, data=data, by=town.he, now=NOW).state == "settled"
    read_answer(batch=batch, data=data, by=town.he, now=NOW)
    assert state_of(commitment) == ("completed", 300_000, 300_000, 0)
    paid = Disbursement.objects.get()
    assert (paid.state, paid.payer, paid.approver, paid.payment) == ("paid", town.he, town.gao, payment)
    assert paid.receipt
    assert FundBalance.objects.get(fund=commitment.fund).disbursed_fen == 300_000
    entry = LedgerTransaction.objects.get(kind="disburse")
    assert entry.refs["bank_line"] == "B1"
    told = OutboxEvent.objects.filter(kind="help.delivered", stream__destination="case-record")
    assert told.count() == 1
    everything_holds()


def test_a_partial_answer_delivers_so_much_and_the_rest_can_be_paid_again(town: Town) -> None:
    commitment = committed(town)
    batch = at_the_bank(town, commitment)
    data = answer((batch.payments.get(), "部分成功", "1200.00", "B1", "限额"))
    read_answer(batch=batch, data=data, by=town.he, now=NOW)
    assert state_of(commitment) == ("partly_disbursed", 120_000, 120_000, 0)
    assert payable(commitment) == 180_000
    again = prepare_payments(holder=town.charity, orders=[Order(commitment, 180_000)], by=town.he, now=NOW)
    approve_payments(batch=again, by=town.gao, now=NOW)
    export_payments(batch=again, by=town.he, now=NOW)
    read_answer(
        batch=again, data=answer((again.payments.get(), "成功", "1800", "B2", "")), by=town.he, now=NOW
    )
    assert state_of(commitment) == ("completed", 300_000, 300_000, 0)
    everything_holds()


def test_a_failed_answer_moves_nothing_and_the_promise_stands(town: Town) -> None:
    commitment = committed(town)
    batch = at_the_bank(town, commitment)
    read_answer(
        batch=batch, data=answer((batch.payments.get(), "失败", "", "", "户名不符")), by=town.he, now=NOW
    )
    assert state_of(commitment) == ("reserved", 0, 0, 0)
    assert Disbursement.objects.get().state == "failed"
    assert payable(commitment) == 300_000
    release_commitment(commitment=commitment, reason="账户有误", by=town.chen, now=NOW)
    assert state_of(commitment) == ("released", 0, 0, 300_000)
    everything_holds()


def test_an_answer_may_come_in_pieces_and_never_contradict_itself(town: Town) -> None:
    first, second = committed(town), committed(town, yuan=1000)
    batch = at_the_bank(town, first, second)
    payments = {one.amount_fen: one for one in batch.payments.all()}
    read_answer(batch=batch, data=answer((payments[300_000], "成功", "3000", "B1", "")), by=town.he, now=NOW)
    assert (state_of(first)[0], state_of(second)[0]) == ("completed", "reserved")
    with pytest.raises(KeyReused):
        read_answer(batch=batch, data=answer((payments[300_000], "失败", "", "", "错")), by=town.he, now=NOW)
    read_answer(batch=batch, data=answer((payments[100_000], "成功", "1000", "B2", "")), by=town.he, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, state_of(second)[0]) == ("settled", "completed")
    everything_holds()


def test_what_is_under_way_is_neither_paid_again_nor_released_nor_expired(town: Town) -> None:
    commitment = committed(town)
    batch = prepared(town, commitment)
    with pytest.raises(InvalidPayment):
        prepared(town, commitment)
    with pytest.raises(PaymentUnderWay):
        release_commitment(commitment=commitment, reason="不再需要", by=town.chen, now=NOW)
    with pytest.raises(ValueError, match="under way"):
        deliver_commitment(
            commitment=commitment, amount=1, key="k", payer=town.he, approver=None, now=NOW, bank_line="B1"
        )
    much_later = NOW + timedelta(days=400)
    assert expire_commitments(now=much_later) == 0
    assert not Reservation.objects.expired(much_later).exists()
    cancel_payments(batch=batch, by=town.he, now=NOW)
    assert Disbursement.objects.get().state == "cancelled"
    release_commitment(commitment=commitment, reason="不再需要", by=town.chen, now=NOW)
    assert state_of(commitment) == ("released", 0, 0, 300_000)
    everything_holds()


def test_each_duty_is_its_own_persons(town: Town) -> None:
    commitment = committed(town)
    orders = [Order(commitment, 300_000)]
    for stranger in (town.chen, town.gao, town.qian):
        with pytest.raises(NotAllowed):
            prepare_payments(holder=town.charity, orders=orders, by=stranger, now=NOW)
    batch = prepared(town, commitment)
    for stranger in (town.chen, town.he, town.qian):
        with pytest.raises(NotAllowed):
            approve_payments(batch=batch, by=stranger, now=NOW)
    with pytest.raises(WrongState):
        export_payments(batch=batch, by=town.he, now=NOW)
    approve_payments(batch=batch, by=town.gao, now=NOW)
    with pytest.raises(NotAllowed):
        export_payments(batch=batch, by=town.gao, now=NOW)


def test_above_the_limit_a_third_person_approves(town: Town) -> None:
    commitment = committed(town, second_approval_above_fen=100_000)
    third: User = register_person(username="sun", full_name="Sun", password=None)
    join(user=third, organisation=town.charity, role=Role.PAYMENT_APPROVER)
    batch = approve_payments(batch=prepared(town, commitment), by=town.gao, now=NOW)
    assert batch.state == "draft"
    with pytest.raises(ApproverNotIndependent):
        approve_payments(batch=batch, by=town.gao, now=NOW)
    assert approve_payments(batch=batch, by=third, now=NOW).state == "approved"
    assert Disbursement.objects.get().state == "approved"


def test_the_charter_says_whose_the_second_approval_is(town: Town) -> None:
    charter = {"second_approval_above_fen": 100_000, "second_approval_by": "fund_manager"}
    commitment = committed(town, **charter)
    sun, ma = (register_person(username=name, full_name=name, password=None) for name in ("sun", "ma"))
    join(user=sun, organisation=town.charity, role=Role.PAYMENT_APPROVER)
    join(user=ma, organisation=town.charity, role=Role.FUND_MANAGER)
    batch = prepared(town, commitment)
    with pytest.raises(NotAllowed):
        approve_payments(batch=batch, by=ma, now=NOW)
    batch = approve_payments(batch=batch, by=town.gao, now=NOW)
    for stranger in (sun, town.gao, town.he, town.chen):  # Chen promised the money
        with pytest.raises(NotAllowed):
            approve_payments(batch=batch, by=stranger, now=NOW)
    assert approve_payments(batch=batch, by=ma, now=NOW).state == "approved"
    with pytest.raises(InvalidCharter):
        town.fund(second_approval_by="payer")


def test_the_same_holds_for_a_payment_outside_of_a_batch(town: Town) -> None:
    commitment = committed(town, second_approval_above_fen=100_000, second_approval_by="fund_manager")
    ma = register_person(username="ma", full_name="Ma", password=None)
    join(user=ma, organisation=town.charity, role=Role.FUND_MANAGER)
    pay = {"commitment": commitment, "amount": 300_000, "key": "k", "payer": town.he, "bank_line": "B1"}
    for approver in (town.gao, town.chen):
        with pytest.raises(NotAllowed):
            deliver_commitment(approver=approver, now=NOW, **pay)
    assert deliver_commitment(approver=ma, now=NOW, **pay).approver == ma


def test_charters_that_name_different_approvers_are_not_paid_together(town: Town) -> None:
    above = {"second_approval_above_fen": 100_000}
    first = committed(town, **above)
    second = committed(town, second_approval_by="fund_manager", **above)
    with pytest.raises(InvalidPayment):
        prepared(town, first, second)
    below = committed(town, yuan=500, second_approval_by="fund_manager", **above)
    assert prepared(town, first, below).second_approval_by == "payment_approver"


def test_a_draft_that_nobody_approves_is_cancelled_by_the_clock_and_told_once(town: Town) -> None:
    commitment, kept = committed(town), committed(town)
    draft = prepared(town, commitment)
    approved = approve_payments(batch=prepared(town, kept), by=town.gao, now=NOW)
    late = NOW + APPROVE_WITHIN
    assert cancel_forgotten(now=late - timedelta(seconds=1)) == 0
    assert [cancel_forgotten(now=late), cancel_forgotten(now=late)] == [1, 0]
    draft.refresh_from_db()
    approved.refresh_from_db()
    assert (draft.state, approved.state) == ("cancelled", "approved")
    [told] = OutboxEvent.objects.filter(kind="payments.cancelled")
    assert told.payload["batch"] == str(draft.pk)
    assert payable(commitment) == 300_000
    assert prepared(town, commitment).state == "draft"
    everything_holds()
    trails_hold()


def test_a_batch_pays_each_commitment_once_and_no_goods(town: Town) -> None:
    commitment = committed(town)
    with pytest.raises(InvalidPayment):
        prepare_payments(
            holder=town.charity, orders=[Order(commitment, 1), Order(commitment, 1)], by=town.he, now=NOW
        )
    need = town.verified(items=[{"kind": "goods", "category": "food", "unit": "piece", "required": 3}])
    goods = accept(town, need.items.get(), 3, lot=town.lot())
    with pytest.raises(InvalidPayment):
        prepare_payments(holder=town.charity, orders=[Order(goods, 1)], by=town.he, now=NOW)


def test_a_promise_that_nobody_uses_ends_by_the_clock(town: Town) -> None:
    commitment = committed(town)
    reservation = Reservation.objects.get(pk=commitment.hold)
    assert commitment.expires_at is not None
    assert reservation.expires_at is not None
    assert reservation.expires_at > commitment.expires_at > NOW
    assert expire_commitments(now=commitment.expires_at - timedelta(seconds=1)) == 0
    assert expire_commitments(now=commitment.expires_at) == 1
    assert expire_commitments(now=commitment.expires_at) == 0
    assert state_of(commitment) == ("released", 0, 0, 300_000)
    assert FundBalance.objects.get(fund=commitment.fund).available_fen == 1_000_000
    assert LedgerTransaction.objects.get(kind="release").refs == {"reason": "expired"}
    everything_holds()


def test_goods_that_nobody_hands_over_go_back_to_the_shelf(town: Town) -> None:
    need = town.verified(items=[{"kind": "goods", "category": "food", "unit": "piece", "required": 3}])
    lot = town.lot(pieces=5)
    commitment = accept(town, need.items.get(), 3, lot=lot)
    deliver_commitment(commitment=commitment, amount=1, key="k", payer=town.liang, approver=None, now=NOW)
    assert expire_commitments(now=NOW + timedelta(days=31)) == 1
    lot.refresh_from_db()
    assert (lot.reserved, lot.used, *state_of(commitment)) == (0, 1, "completed", 1, 1, 2)
    everything_holds()


def test_the_gap_comes_back_even_where_the_ledger_let_go_first(town: Town) -> None:
    commitment = committed(town)
    late = NOW + timedelta(days=400)

    assert len(expire_reservations(now=late)) == 1
    assert expire_commitments(now=late) == 1
    assert state_of(commitment) == ("released", 0, 0, 300_000)
    assert expire_promises() == 0
    everything_holds()


def test_a_revolving_fund_lends_and_is_paid_back(town: Town) -> None:
    fund = create_fund(
        holder=town.charity,
        name="周转金",
        kind=FundKind.REVOLVING,
        charter={
            "starts_on": NOW.date(),
            "per_household_cap_fen": 300_000,
            "household_period_days": 365,
        },
        by=town.chen,
        now=NOW,
    )

    receive(fund=fund, amount_fen=500_000, key="gift", by=town.he, now=NOW)
    need = town.verified(yuan=5000)
    commitment = accept(town, need.items.get(), 300_000, fund=fund)
    with pytest.raises(InvalidPayment):
        repay(commitment=commitment, amount_fen=1, key="r0", by=town.he, now=NOW)
    deliver_commitment(
        commitment=commitment, amount=300_000, key="p", payer=town.he, approver=None, now=NOW, bank_line="B1"
    )
    with pytest.raises(NotAllowed):
        repay(commitment=commitment, amount_fen=200_000, key="r1", by=town.chen, now=NOW)
    for _ in range(2):
        repay(commitment=commitment, amount_fen=200_000, key="r1", by=town.he, now=NOW, note="临时救助款")
    book = FundBalance.objects.get(fund=fund)
    assert (book.available_fen, book.disbursed_fen, Repayment.objects.count()) == (400_000, 100_000, 1)
    assert state_of(commitment)[1:] == (300_000, 300_000, 200_000)
    # What came back can be lent to the household again, within its cap.
    again = accept(town, need.items.get(), 200_000, fund=fund)
    assert again.amount == 200_000
    with pytest.raises(InvalidPayment):
        repay(commitment=commitment, amount_fen=100_001, key="r2", by=town.he, now=NOW)


def test_a_plain_fund_is_not_paid_back(town: Town) -> None:
    commitment = committed(town)
    deliver_commitment(
        commitment=commitment, amount=300_000, key="p", payer=town.he, approver=None, now=NOW, bank_line="B1"
    )
    with pytest.raises(InvalidPayment):
        repay(commitment=commitment, amount_fen=1, key="r", by=town.he, now=NOW)
