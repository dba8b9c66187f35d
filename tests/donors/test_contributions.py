"""From an announcement over the bank's statement to the ledger."""

from datetime import timedelta

import pytest

from donors.banking.reconciling import Verdict
from donors.banking.statements import RejectedRow, UnknownLayoutError
from donors.ledger.errors import FundClosed, InvalidAmount
from donors.ledger.queries import balance_of, received_by_source
from donors.models import BankLine, Contribution, Fund, Source
from donors.services import (
    announce_contribution,
    close_fund,
    give_receipt_number,
    read_statement,
    settle_contributions,
)
from tests.donors.world import NOW, World

HEAD = "流水号;记账日期;对方名称;发生额;用途\n"


def announce(fund: Fund, amount_fen: int, source: Source = Source.ENTERPRISE) -> Contribution:
    return announce_contribution(
        fund=fund, donor_name="明月食品公司", source=source, amount_fen=amount_fen, now=NOW
    )


def settle(world: World, *rows: str) -> list[Verdict]:
    read_statement(
        holder=world.charity, data=(HEAD + "\n".join(rows)).encode("gb18030"), by=world.lin, now=NOW
    )
    return [finding.verdict for finding in settle_contributions(holder=world.charity, by=world.lin, now=NOW)]


def test_a_contribution_seen_at_the_bank_is_in_the_ledger_once(world: World, fund: Fund) -> None:
    one = announce(fund, 50_000)
    row = f"C1;2026-07-05;明月食品公司;500.00;{one.reference}"
    assert settle(world, row) == [Verdict.MATCHED]
    assert settle(world, row) == []
    one.refresh_from_db()
    assert (one.state, balance_of(fund=fund).available_fen, BankLine.objects.count()) == (
        "received",
        50_000,
        1,
    )
    assert one.entry is not None
    assert one.entry.refs == {"contribution": str(one.pk), "source": "enterprise", "bank_line": "C1"}


def test_doubtful_money_waits_for_a_person(world: World, fund: Fund) -> None:
    less, other = announce(fund, 50_000), announce(fund, 7_000)
    rows = [
        f"C1;2026-07-05;明月食品公司;499.00;{less.reference}",
        f"C2;2026-07-05;海城建材厂;70.00;{other.reference}",
        "C3;2026-07-05;路人;5.00;谢谢",
    ]
    assert sorted(settle(world, *rows)) == ["stray", "wrong_amount", "wrong_name"]
    assert balance_of(fund=fund).available_fen == 0


def test_the_rest_of_a_split_payment_settles_it_later(world: World, fund: Fund) -> None:
    one = announce(fund, 50_000)
    assert settle(world, f"C1;2026-07-05;明月食品公司;300.00;{one.reference}") == [Verdict.WRONG_AMOUNT]
    assert settle(world, f"C2;2026-07-06;明月食品公司;200.00;{one.reference}") == [Verdict.SPLIT]
    assert balance_of(fund=fund).available_fen == 50_000


def test_each_source_of_a_special_fund_is_kept_apart(world: World, fund: Fund) -> None:
    grant, lottery = announce(fund, 90_000, Source.GOVERNMENT), announce(fund, 1_000, Source.LOTTERY)
    rows = [
        f"C{number};2026-07-05;明月食品公司;{one.amount_fen / 100};{one.reference}"
        for number, one in enumerate((grant, lottery))
    ]
    assert settle(world, *rows) == [Verdict.MATCHED, Verdict.MATCHED]
    assert received_by_source(fund=fund) == {"government": 90_000, "lottery": 1_000}


def test_what_never_came_is_missed_after_a_week(world: World, fund: Fund) -> None:
    announce(fund, 50_000)
    findings = settle_contributions(holder=world.charity, by=None, now=NOW + timedelta(days=8))
    assert [finding.verdict for finding in findings] == [Verdict.MISSING]


def test_a_receipt_number_is_given_once_and_to_one(world: World, fund: Fund) -> None:
    one, other = announce(fund, 100), announce(fund, 200)
    assert not give_receipt_number(contribution=one, number="R1")
    settle(
        world,
        f"C1;2026-07-05;明月食品公司;1;{one.reference}",
        f"C2;2026-07-05;明月食品公司;2;{other.reference}",
    )
    assert give_receipt_number(contribution=one, number="R1")
    assert give_receipt_number(contribution=one, number="R1")
    assert not give_receipt_number(contribution=one, number="R2")
    assert not give_receipt_number(contribution=other, number="R1")


def test_a_closed_fund_and_a_bad_amount_are_refused(world: World, fund: Fund) -> None:
    with pytest.raises(InvalidAmount):
        announce(fund, 0)
    with pytest.raises(FundClosed):
        announce(close_fund(fund=fund, by=None, now=NOW, reason="-"), 100)
    with pytest.raises(UnknownLayoutError):
        read_statement(holder=world.charity, data=b"x", by=None, now=NOW)


def test_a_serial_that_stands_for_another_movement_is_told(world: World, fund: Fund) -> None:
    first = f"{HEAD}C1;2026-07-05;明月食品公司;500;x\n".encode()
    second = f"{HEAD}C2;2026-07-05;明月食品公司;1;x\nC1;2026-07-05;明月食品公司;501;x\n".encode()
    assert read_statement(holder=world.charity, data=first, by=None, now=NOW).rejected == ()
    statement = read_statement(holder=world.charity, data=second, by=None, now=NOW)
    assert statement.rejected == (RejectedRow(3, "serial", "stands_for_another_line"),)
    assert [line.amount_fen for line in BankLine.objects.order_by("serial")] == [50_000, 100]
