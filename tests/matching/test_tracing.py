"""Each paid fen, from the donor's transfer to the bank's line."""

import csv
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from donors.ledger.models import Reservation
from donors.ledger.queries import balance_of
from donors.models import Contribution, Fund, PaymentBatch
from donors.services import (
    PaymentRequest,
    announce_contribution,
    approve_batch,
    export_batch,
    give_receipt_number,
    prepare_batch,
    read_back_batch,
    read_statement,
    settle_contributions,
)
from matching.models import Commitment, Disbursement
from matching.services.delivery import BankLineMissing, deliver_commitment
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from matching.tracing import Path, paths_of
from needs.models import GateDecision, NeedItem
from needs.services import crowd
from needs.services.gate import decide
from tests.cms.conftest import propose
from tests.town import NOW, Town


def given(town: Town, fund: Fund, yuan: int, serial: str) -> Contribution:
    """Let a donor announce and transfer, and the bank's statement show it."""
    gift = announce_contribution(
        fund=fund, donor_name="明月", source="enterprise", amount_fen=yuan * 100, now=NOW
    )
    head = "交易流水号,交易日期,对方户名,摘要,收入金额,支出金额"
    data = f"{head}\n{serial},2026-07-06,明月,{gift.reference},{yuan}.00,\n".encode()
    read_statement(holder=town.charity, data=data, by=town.he, now=NOW)
    settle_contributions(holder=town.charity, by=town.he, now=NOW)
    assert give_receipt_number(contribution=gift, number=f"DON-{serial}")
    return gift


def promised(town: Town, fund: Fund) -> tuple[Commitment, str]:
    """Return a promise of 3,000 yuan to a published need, and the project's number."""
    need = town.verified(yuan=3000)
    town.crowd(24)
    decide(need=need, by=town.wu, now=NOW, plan=crowd.plan(now=NOW))
    item = NeedItem.objects.get(need=need)
    one = propose(town, item, 300_000, fund=fund)
    commitment = accept_proposal(proposal=one, by=town.chen, now=NOW)
    assert isinstance(commitment, Commitment)
    return commitment, str(GateDecision.objects.get(need=need, outcome="published").project_id)


def paid_by_the_bank(town: Town, commitment: Commitment, fen: int, serial: str) -> PaymentBatch:
    """Send a payment of the commitment through the bank, approved by another person."""
    held = Reservation.objects.get(pk=commitment.hold)
    who: dict[str, Any] = {"by": town.he, "now": NOW}
    batch = prepare_batch(holder=town.charity, requests=[PaymentRequest(held, "P-1", fen)], **who)
    approve_batch(batch=batch, by=town.gao, now=NOW)
    export_batch(batch=batch, **who)
    row = f"{batch.payments.get().pk},成功,{fen / 100:.2f},{serial},"
    read_back_batch(batch=batch, data=f"付款编号,结果,实付金额,交易流水号,失败原因\n{row}\n".encode(), **who)
    return batch


def test_every_paid_fen_goes_from_a_donor_to_a_bank_line(town: Town) -> None:
    run_matching(by=town.chen, now=NOW)
    fund = town.fund(yuan=0)
    first, second = given(town, fund, 2_000, "IN1"), given(town, fund, 5_000, "IN2")
    commitment, project = promised(town, fund)
    by_hand = deliver_commitment(
        commitment=commitment,
        amount=100_000,
        key="hand",
        payer=town.he,
        approver=None,
        now=NOW,
        bank_line="B1",
    )
    paid_by_the_bank(town, commitment, 150_000, "OUT1")
    paths = paths_of(fund=fund)
    assert [(one.fen, one.contribution, one.donation_receipt, one.bank_line_in) for one in paths] == [
        (100_000, first.reference, "DON-IN1", "IN1"),
        (100_000, first.reference, "DON-IN1", "IN1"),
        (50_000, second.reference, "DON-IN2", "IN2"),
    ]
    assert {(one.fund, one.commitment, one.project) for one in paths} == {
        (str(fund.pk), str(commitment.pk), project)
    }
    assert [one.bank_line_out for one in paths] == ["B1", "OUT1", "OUT1"]
    assert paths[0].receipt == by_hand.receipt != ""
    assert sum(one.fen for one in paths) == balance_of(fund=fund).disbursed_fen == 250_000


@pytest.mark.parametrize("bank_line", ["", "  "])
def test_no_payment_is_recorded_that_names_no_line_of_the_bank(town: Town, bank_line: str) -> None:
    run_matching(by=town.chen, now=NOW)
    fund = town.fund(yuan=5_000)
    commitment, _ = promised(town, fund)
    with pytest.raises(BankLineMissing):
        deliver_commitment(
            commitment=commitment,
            amount=100,
            key="k",
            payer=town.he,
            approver=None,
            now=NOW,
            bank_line=bank_line,
        )
    assert not Disbursement.objects.exists()
    assert paths_of(fund=fund) == []


def test_the_command_prints_the_ways_of_one_receipt_and_no_name(town: Town) -> None:
    run_matching(by=town.chen, now=NOW)
    fund = town.fund(yuan=0)
    given(town, fund, 5_000, "IN1")
    commitment, project = promised(town, fund)
    for key in ("one", "two"):
        deliver_commitment(
            commitment=commitment,
            amount=1_000,
            key=key,
            payer=town.he,
            approver=None,
            now=NOW,
            bank_line="B1",
        )
    out = io.StringIO()
    receipt = Disbursement.objects.get(key="two").receipt
    call_command("trace_money", fund=str(fund.pk), receipt=receipt, stdout=out)
    [row] = csv.DictReader(io.StringIO(out.getvalue()))
    assert (row["fen"], row["project"], row["receipt"], row["bank_line_in"]) == (
        "1000",
        project,
        receipt,
        "IN1",
    )
    assert set(row) == set(Path.__dataclass_fields__)
    assert "明月" not in out.getvalue()
    assert "测试人" not in out.getvalue()


@pytest.mark.parametrize("fund", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_fund_is_named(db: None, fund: str) -> None:
    with pytest.raises(CommandError, match=fund):
        call_command("trace_money", fund=fund)


def test_tracing_asks_as_often_for_one_payment_as_for_many(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    run_matching(by=town.chen, now=NOW)
    fund = town.fund(yuan=0)
    given(town, fund, 5_000, "IN1")
    commitment, _ = promised(town, fund)
    for key in range(12):
        deliver_commitment(
            commitment=commitment,
            amount=1_000,
            key=f"k{key}",
            payer=town.he,
            approver=None,
            now=NOW,
            bank_line="B1",
        )
        with django_assert_max_num_queries(8):
            assert len(paths_of(fund=fund)) == key + 1
