"""
What the database itself refuses, whoever asks. Each guard has its attack.

An attack must be answered with that guard's own words: take the guard or one of its conditions away,
and the attack meets another answer or none, so its test fails. The last tests see to it that no guard
is without an attack, and that the attacks do work when the guards are gone.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from donors.ledger import guards, services
from donors.ledger.guards import conditions
from donors.ledger.models import FundBalance, LedgerTransaction, Leg, Reservation
from donors.models import Fund, FundCharter
from donors.services import close_fund
from tests.donors.world import NOW, World, make_fund

Legs = list[tuple[str, int]]
TO_AVAILABLE: Legs = [("external", -10), ("available", 10)]


def forge(fund: Fund, legs: Legs = TO_AVAILABLE, **values: Any) -> LedgerTransaction:
    """Write an entry past the services, right in everything that isn't given."""
    book = FundBalance.objects.get(fund=fund)
    facts: dict[str, Any] = {
        "kind": "receive",
        "amount_fen": 10,
        "seq": book.last_seq + 1,
        "prev_hash": book.last_hash,
    }
    facts["key"] = uuid.uuid4().hex
    entry = LedgerTransaction(
        fund=fund,
        body_hash="0" * 64,
        at=NOW,
        hash=uuid.uuid4().hex * 2,
        **(facts | values),
    )
    Leg.objects.bulk_create(Leg(transaction_id=entry.id, account=name, amount_fen=fen) for name, fen in legs)
    entry.save(force_insert=True)
    return entry


def open_fund(world: World, name: str = "被试基金", **charter: Any) -> Fund:
    fund = make_fund(world, name, **charter)
    services.receive(fund=fund, amount_fen=1_000, key=f"seed:{fund.pk}", by=None, now=NOW)
    return fund


def reserved(fund: Fund) -> Reservation:
    return services.reserve(fund=fund, amount_fen=100, key=f"res:{fund.pk}", by=None, now=NOW)


def one_leg(world: World) -> None:
    forge(open_fund(world), [("available", 10)])


def unbalanced(world: World) -> None:
    forge(open_fund(world), [("external", -10), ("available", 11)])


def out_of_step(world: World) -> None:
    forge(open_fund(world), seq=7)


def off_the_chain(world: World) -> None:
    forge(open_fund(world), prev_hash="f" * 64)


def wrong_accounts(world: World) -> None:
    forge(open_fund(world), [("external", -10), ("disbursed", 10)])


def third_pair(world: World) -> None:
    forge(open_fund(world), [*TO_AVAILABLE, ("fee", 5), ("transit", -5)])


def into_a_closed_fund(world: World) -> None:
    fund = open_fund(world)
    close_fund(fund=fund, by=None, now=NOW, reason="-")
    forge(fund)


def transfer_out(world: World) -> None:
    legs = [("available", -10), ("transit", 10)]
    forge(open_fund(world), legs, kind="transfer_out", counterpart_id=uuid.uuid4())


def transfer_in(world: World) -> None:
    legs = [("transit", -10), ("available", 10)]
    forge(open_fund(world), legs, kind="transfer_in", counterpart_id=uuid.uuid4())


def uneven_transfer(world: World) -> None:
    giver = open_fund(world, "给", transfers_out=True)
    taker = open_fund(world, "收", transfers_in=True)
    out, into = uuid.uuid4(), uuid.uuid4()
    forge(giver, [("available", -10), ("transit", 10)], kind="transfer_out", id=out, counterpart_id=into)
    legs = [("transit", -11), ("available", 11)]
    forge(taker, legs, kind="transfer_in", amount_fen=11, id=into, counterpart_id=out)


def reservation_of_another_amount(world: World) -> None:
    fund, own = open_fund(world), uuid.uuid4()
    Reservation.objects.create(opening_id=own, fund=fund, amount_fen=9, created_at=NOW)
    forge(fund, [("available", -10), ("reserved", 10)], kind="reserve", id=own, reservation_id=own)


def reservation_from_a_receipt(world: World) -> None:
    fund, own = open_fund(world), uuid.uuid4()
    Reservation.objects.create(opening_id=own, fund=fund, amount_fen=10, created_at=NOW)
    forge(fund, id=own)


def somebody_elses_reservation(world: World) -> None:
    fund, other = open_fund(world, "甲"), open_fund(world, "乙")
    reserved(fund)
    legs = [("reserved", -10), ("disbursed", 10)]
    forge(fund, legs, kind="disburse", reservation_id=reserved(other).pk)


def reversal_of_a_release(world: World) -> None:
    reservation = reserved(open_fund(world))
    entry = services.release(reservation=reservation, key="l", amount_fen=10, by=None, now=NOW)
    legs = [("reserved", 10), ("available", -10)]
    forge(reservation.fund, legs, kind="reverse", reverses=entry, reservation=reservation)


def reversal_with_other_legs(world: World) -> None:
    fund = open_fund(world)
    entry = services.receive(fund=fund, amount_fen=10, key="r", by=None, now=NOW)
    forge(fund, [("fee", 10), ("available", -10)], kind="reverse", reverses=entry)


def late_leg(world: World) -> None:
    entry = LedgerTransaction.objects.get(fund=open_fund(world))
    Leg.objects.create(transaction=entry, account="fee", amount_fen=5)


def book_opened_with_money(world: World) -> None:
    fund = Fund.objects.create(holder=world.charity, name="无账", created_at=NOW)
    FundBalance.objects.create(fund=fund, external_fen=-5, available_fen=5, last_hash="0" * 64)


def book_opened_again(world: World) -> None:
    fund = open_fund(world)
    FundBalance.objects.create(fund=fund, last_hash="0" * 64)


def balance_set_by_hand(world: World) -> None:
    FundBalance.objects.filter(fund=open_fund(world)).update(available_fen=2_000, external_fen=-2_000)


def balance_moved_wrongly(world: World) -> None:
    """With the trigger that moves balances gone, somebody applies the next entry himself, generously."""
    fund = open_fund(world)
    guards.remove(connection, ["ledger_entry_moves_balance"])
    entry = forge(fund)
    FundBalance.objects.filter(fund=fund).update(
        available_fen=1_020, external_fen=-1_020, last_seq=entry.seq, last_hash=entry.hash
    )


def reservation_half_used_at_birth(world: World) -> None:
    fund = open_fund(world)
    Reservation.objects.create(opening_id=uuid.uuid4(), fund=fund, amount_fen=9, posted_fen=3, created_at=NOW)


def reservation_after_the_fact(world: World) -> None:
    fund = open_fund(world)
    entry = LedgerTransaction.objects.get(fund=fund)
    Reservation.objects.create(opening=entry, fund=fund, amount_fen=9, created_at=NOW)


def reservation_raised(world: World) -> None:
    Reservation.objects.filter(pk=reserved(open_fund(world)).pk).update(amount_fen=500)


def reservation_released_by_hand(world: World) -> None:
    Reservation.objects.filter(pk=reserved(open_fund(world)).pk).update(released_fen=100)


RULE_ATTACKS: dict[str, Callable[[World], None]] = {
    "an entry has at least two legs": one_leg,
    "an entry sums to zero": unbalanced,
    "an entry follows the last one of its fund": out_of_step,
    "an entry continues the chain of its fund": off_the_chain,
    "an entry moves its amount between the accounts of its kind": wrong_accounts,
    "an entry of this kind has two legs": third_pair,
    "a closed fund takes and promises nothing": into_a_closed_fund,
    "the charter allows no transfer out": transfer_out,
    "the charter allows no transfer in": transfer_in,
    "the two sides of a transfer agree": uneven_transfer,
    "a reserving entry opens its own reservation": reservation_of_another_amount,
    "only a reserving entry opens a reservation": reservation_from_a_receipt,
    "an entry uses a reservation of its own fund": somebody_elses_reservation,
    "a reversal names an entry of its fund that can be reversed": reversal_of_a_release,
    "a reversal undoes exactly the legs of the entry": reversal_with_other_legs,
    "an entry that is written takes no more legs": late_leg,
    "a balance starts at zero": book_opened_with_money,
    "the book of a fund is opened once": book_opened_again,
    "a balance moves on with the next entry only": balance_set_by_hand,
    "a balance moves by the legs of the entry": balance_moved_wrongly,
    "a reservation starts whole": reservation_half_used_at_birth,
    "a reservation is written before its entry": reservation_after_the_fact,
    "a reservation keeps its fund and its amount": reservation_raised,
    "a reservation ends by its entries only": reservation_released_by_hand,
}

KEPT_TABLES = {
    "ledger_ledgertransaction": LedgerTransaction,
    "ledger_leg": Leg,
    "ledger_fundbalance": FundBalance,
    "ledger_reservation": Reservation,
    "donors_fundcharter": FundCharter,
}
CHANGES = {
    "ledger_ledgertransaction": "amount_fen",
    "ledger_leg": "amount_fen",
    "donors_fundcharter": "reserve_fen",
}


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("message", RULE_ATTACKS)
def test_the_database_refuses_in_the_words_of_the_guard(world: World, message: str) -> None:
    with pytest.raises(IntegrityError, match=f"ledger: {message}"), transaction.atomic():
        RULE_ATTACKS[message](world)


@pytest.mark.parametrize("table", CHANGES)
def test_rows_stay_as_they_were_written(world: World, table: str) -> None:
    reserved(open_fund(world))
    with pytest.raises(IntegrityError, match=f"ledger: {table} is append-only"), transaction.atomic():
        run(f"UPDATE {table} SET {CHANGES[table]} = 7")  # noqa: S608 - constants of this file


@pytest.mark.parametrize("table", KEPT_TABLES)
def test_rows_are_kept(world: World, table: str) -> None:
    reserved(open_fund(world))
    with pytest.raises(IntegrityError, match=f"ledger: {table} is append-only"), transaction.atomic():
        run(f"DELETE FROM {table}")  # noqa: S608 - constants of this file


@pytest.mark.parametrize("table", KEPT_TABLES)
@pytest.mark.postgres
def test_tables_are_not_emptied(world: World, table: str) -> None:
    with pytest.raises(IntegrityError, match=f"ledger: {table} is append-only"), transaction.atomic():
        run(f"TRUNCATE {table} CASCADE")


def test_an_entry_moves_the_balance_without_any_code_of_ours(world: World) -> None:
    fund = open_fund(world)
    forge(fund)
    assert FundBalance.objects.get(fund=fund).available_fen == 1_010


def test_money_that_is_not_there_cannot_be_reserved_even_past_the_services(world: World) -> None:
    fund, own = open_fund(world), uuid.uuid4()
    legs = [("available", -1_001), ("reserved", 1_001)]

    def overdraw() -> None:
        Reservation.objects.create(opening_id=own, fund=fund, amount_fen=1_001, created_at=NOW)
        forge(fund, legs, kind="reserve", amount_fen=1_001, id=own, reservation_id=own)

    with pytest.raises(IntegrityError, match="available"), transaction.atomic():
        overdraw()


def test_a_leg_without_an_entry_is_refused_at_commit(world: World) -> None:
    Leg.objects.create(transaction_id=uuid.uuid4(), account="fee", amount_fen=5)
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_a_transfer_without_its_other_side_is_refused_at_commit(world: World) -> None:
    giver = open_fund(world, "给", transfers_out=True)
    forge(giver, [("available", -10), ("transit", 10)], kind="transfer_out", counterpart_id=uuid.uuid4())
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_every_condition_of_a_guard_has_its_attack() -> None:
    rules = (
        conditions.ENTRY_RULES
        + conditions.LEG_RULES
        + conditions.BALANCE_OPENING_RULES
        + conditions.BALANCE_RULES
        + conditions.RESERVATION_OPENING_RULES
        + conditions.RESERVATION_RULES
    )
    assert {rule.message for rule in rules} == set(RULE_ATTACKS)


def test_every_guard_is_installed_after_the_migrations(db: None) -> None:
    assert guards.missing(connection) == []
    guards.remove(connection, ["ledger_leg_stays"])
    assert guards.missing(connection) == ["ledger_leg_stays"]
    guards.install(connection)
    assert guards.missing(connection) == []
