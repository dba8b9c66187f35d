"""Amounts that nobody should guess at: each is refused in words, wherever it is entered, and nothing is moved."""

import inspect
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cms.amounts import AmountField
from cms.portal.refusals import SUPPLY, in_words
from donors.banking.payment_files import BadAnswerError, read_answers
from donors.banking.statements import parse_fen
from donors.ledger import errors, services
from donors.ledger.models import FundBalance, LedgerTransaction
from donors.models import Fund
from donors.services import announce_contribution, close_fund
from donors.services.payments import PaymentRequest, prepare_batch
from jiujinan.accounts.models import User
from matching.models import Commitment, Proposal
from matching.services.delivery import deliver_commitment
from matching.services.proposals import accept_proposal
from needs.models import NeedItem
from needs.services import coverage
from tests.cms.conftest import propose
from tests.town import NOW, Town

SignIn = Callable[[User], Client]
BAD = ["0", "-1", "0.001", "1e18", "NaN", "inf", "１００", "1,000", "1_000", str(2**63), "¥5", "1.2.3", ""]
BAD_FEN: list[Any] = [0, -1, 0.001, 1e18, float("nan"), "１００", "1,000", 2**63]


@pytest.fixture
def fund(town: Town) -> Fund:
    return town.fund(yuan=10_000, starts_on=date(2020, 1, 1))


@pytest.fixture
def proposal(town: Town, fund: Fund) -> Proposal:
    item = NeedItem.objects.get(need=town.verified(yuan=3000))
    return propose(town, item, 300_000, fund=fund)


def entries() -> int:
    return LedgerTransaction.objects.count()


@pytest.mark.parametrize("amount", BAD)
def test_a_form_refuses_a_bad_amount_in_words_beside_the_field(
    town: Town, proposal: Proposal, signed_in: SignIn, amount: str
) -> None:
    before = entries()
    response = signed_in(town.chen).post(f"/portal/proposals/{proposal.pk}/accept/", {"amount": amount})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert entries() == before


@pytest.mark.parametrize(("text", "yuan"), [("1234.50", "1234.50"), (" 7 ", "7"), ("0.01", "0.01")])
def test_a_plain_amount_is_read(text: str, yuan: str) -> None:
    assert str(AmountField(decimal_places=2).clean(text)) == yuan


@pytest.mark.parametrize("text", ["１００", "1,000", "1e3", "1_0", "٣", "NaN", "Infinity"])
def test_what_is_in_doubt_is_not_guessed_at(text: str) -> None:
    with pytest.raises(ValidationError, match="1234"):
        AmountField(decimal_places=2).clean(text)


def ways_in(town: Town, fund: Fund, amount: Any) -> dict[str, Callable[[], object]]:
    """Return every service of the platform that takes an amount of money, about to be given this one."""
    other = town.fund()
    held = services.reserve(fund=fund, amount_fen=100, key="held", by=None, now=NOW)
    spend = {"fund": fund, "amount_fen": amount, "key": "bad", "by": None, "now": NOW}
    end = {"reservation": held, "amount_fen": amount, "key": "bad", "by": None, "now": NOW}
    given = {"fund": fund, "donor_name": "林", "source": "individual", "amount_fen": amount, "now": NOW}
    requests = [PaymentRequest(held, "P-1", amount)]
    return {
        "receive": lambda: services.receive(**spend),
        "refund": lambda: services.refund(**spend),
        "reserve": lambda: services.reserve(**spend),
        "return_": lambda: services.return_(**spend),
        "charge_fee": lambda: services.charge_fee(**spend),
        "transfer": lambda: services.transfer(to_fund=other, **spend),
        "release": lambda: services.release(**end),
        "disburse": lambda: services.disburse(**end),
        "announce": lambda: announce_contribution(**given),
        "batch": lambda: prepare_batch(holder=town.charity, requests=requests, by=town.he, now=NOW),
    }


@pytest.mark.parametrize("amount", BAD_FEN, ids=repr)
def test_every_service_that_takes_money_refuses_a_bad_amount_by_its_name(
    town: Town, fund: Fund, amount: Any
) -> None:
    acts = ways_in(town, fund, amount)
    before = entries()
    for act in acts.values():
        with pytest.raises(errors.InvalidAmount):
            act()
    assert entries() == before


def test_no_service_of_the_ledger_that_takes_an_amount_is_left_out(town: Town, fund: Fund) -> None:
    taking = {
        name
        for name, act in inspect.getmembers(services, inspect.isfunction)
        if not name.startswith("_") and "amount_fen" in inspect.signature(act).parameters
    }
    assert taking == set(ways_in(town, fund, 1)) - {"announce", "batch"}


@pytest.mark.parametrize("amount", [0, -1, 2**63, 300_001])
def test_promises_and_payments_refuse_amounts_outside_theirs(
    town: Town, proposal: Proposal, amount: int
) -> None:
    with pytest.raises(ValueError, match="1 to"):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW, amount=amount)
    with pytest.raises(coverage.GapExceeded):
        coverage.commit(item=proposal.item, amount=amount, now=NOW)
    promised = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert isinstance(promised, Commitment)
    with pytest.raises(ValueError, match="not yet disbursed"):
        deliver_commitment(
            commitment=promised, amount=amount, key="k", payer=town.he, approver=None, now=NOW, bank_line="B1"
        )


@pytest.mark.parametrize("text", ["0.001", "1e18", "NaN", "１００", "1,00", "", "--5"])
def test_a_bank_file_with_a_bad_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not_an_amount"):
        parse_fen(text)


@pytest.mark.parametrize("text", ["0", "-1", "0.001", "NaN", "１００"])
def test_a_banks_answer_with_a_bad_amount_is_refused_with_its_row(text: str) -> None:
    row = f"{'0' * 32},成功,{text},S1,"
    with pytest.raises(BadAnswerError) as refusal:
        read_answers(f"付款编号,结果,实付金额,交易流水号,失败原因\r\n{row}\r\n".encode())
    assert refusal.value.row == 2


def test_a_closed_fund_is_named_as_the_reason(
    town: Town, fund: Fund, proposal: Proposal, signed_in: SignIn
) -> None:
    close_fund(fund=fund, by=town.chen, now=NOW, reason="期满")
    address = f"/portal/proposals/{proposal.pk}/accept/"
    page = signed_in(town.chen).post(address, {"amount": "1"}, follow=True).content.decode()
    assert in_words(errors.FundClosed()) in page
    assert FundBalance.objects.get(fund=fund).reserved_fen == 0


def test_an_expired_period_is_named_as_the_reason(town: Town, signed_in: SignIn) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    fund = town.fund(starts_on=date(2020, 1, 1), ends_on=yesterday)
    item = NeedItem.objects.get(need=town.verified(yuan=3000))
    one = propose(town, item, 300_000, fund=fund)
    address = f"/portal/proposals/{one.pk}/accept/"
    page = signed_in(town.chen).post(address, {"amount": "1"}, follow=True).content.decode()
    assert in_words(errors.OutsidePeriod()) in page
    assert FundBalance.objects.get(fund=fund).reserved_fen == 0


@pytest.mark.parametrize(("minute", "allowed"), [(59, True), (60, False)])
def test_a_promise_is_of_the_day_that_it_is_in_beijing(town: Town, minute: int, allowed: bool) -> None:
    """The period ends on 6 July: at its midnight in Beijing it is still the 6th in UTC."""
    moment = datetime(2026, 7, 6, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(minutes=minute)
    fund = town.fund(starts_on=date(2026, 1, 1), ends_on=date(2026, 7, 6))
    one = propose(town, NeedItem.objects.get(need=town.verified(yuan=3000)), 300_000, fund=fund)
    Proposal.objects.filter(pk=one.pk).update(expires_at=moment + timedelta(days=1))
    if allowed:
        assert accept_proposal(proposal=one, by=town.chen, now=moment)
    else:
        with pytest.raises(errors.OutsidePeriod):
            accept_proposal(proposal=one, by=town.chen, now=moment)


def test_every_refusal_of_the_ledger_has_words() -> None:
    refusals = [
        one for one in vars(errors).values() if inspect.isclass(one) and one.__module__ == errors.__name__
    ]
    codes = {one.code for one in refusals if issubclass(one, errors.LedgerError)} - {"refused"}
    assert codes <= set(SUPPLY)
