"""
Each guard taken away in turn: what it alone refused goes through, so nothing of it is there for show.

Where two guards stand behind one another, `ALSO_REFUSED` names the second one; `FRONT` are those that have to be set
aside so that a constraint of a table is reached at all.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from donors.ledger import guards, services
from donors.ledger.models import FundBalance, LedgerTransaction, Leg, Reservation
from donors.ledger.queries import replayed
from donors.models import FundCharter
from tests.donors.ledger.test_guards import (
    KEPT_TABLES,
    RULE_ATTACKS,
    TO_AVAILABLE,
    forge,
    into_a_closed_fund,
    late_leg,
    open_fund,
    reservation_half_used_at_birth,
    reservation_raised,
    reserved,
    run,
)
from tests.donors.world import NOW, World, make_fund
from tests.mutation import aside, without_condition, without_constraint

Attack = Callable[[World], Any]
ENTRY_GUARDS = ["ledger_entry_is_whole", "ledger_entry_moves_balance"]
HAND = ["ledger_balance_follows_entries"]


def answer(attack: Attack, world: World) -> str:
    """Return the words in which the database refuses, nothing if it lets the attack through."""
    try:
        with transaction.atomic():
            attack(world)
            transaction.set_rollback(True)  # what would be refused at the commit only is not its matter
    except IntegrityError as refusal:
        return str(refusal)
    return ""


# condition → the words of what stands behind it
ALSO_REFUSED = {
    "an entry has at least two legs": "an entry sums to zero",
    "an entry sums to zero": "an entry moves its amount between the accounts of its kind",
    "an entry follows the last one of its fund": "a balance moves on with the next entry only",
    "a reversal names an entry of its fund that can be reversed": "reservation_ends_within_its_amount",
    "the book of a fund is opened once": "ledger_fundbalance",  # its primary key
}


@pytest.mark.parametrize("message", RULE_ATTACKS)
def test_what_a_condition_refuses_goes_through_without_it(world: World, message: str) -> None:
    without_condition(message)
    behind = ALSO_REFUSED.get(message, "")
    said = answer(RULE_ATTACKS[message], world)
    assert message not in said
    assert (behind in said) if behind else said == "", said


def balance_set(**fen: int) -> Attack:
    def attack(world: World) -> None:
        FundBalance.objects.filter(fund=open_fund(world)).update(
            **{f"{name}_fen": v for name, v in fen.items()}
        )

    return attack


def unlike_its_entries(world: World) -> None:
    fund = make_fund(world)
    forge(fund)
    stored = FundBalance.objects.get(fund=fund)
    said = {name: getattr(stored, f"{name}_fen") for name in replayed(fund=fund)}
    if said == replayed(fund=fund):
        raise IntegrityError("ledger_entry_moves_balance keeps the balance right")


def changed(table: str, column: str) -> Attack:
    def attack(world: World) -> None:
        reserved(open_fund(world))
        run(f"UPDATE {table} SET {column} = {column} + 1")  # noqa: S608 - constants of this file

    return attack


def deleted(table: str) -> Attack:
    def attack(world: World) -> None:
        reserved(open_fund(world))
        run(f"DELETE FROM {table}")  # noqa: S608 - constants of this file

    return attack


def emptied(table: str) -> Attack:
    def attack(world: World) -> None:
        others = [name for name in guards.statements("postgresql") if name.endswith("_not_emptied")]
        mine = [name for name in others if guards.statements("postgresql")[name][0] == table]
        aside(name for name in others if name not in mine)  # CASCADE reaches the other tables
        run(f"TRUNCATE {table} CASCADE")

    return attack


def guard_attacks() -> dict[str, Attack]:
    """Return guard → what it alone refuses, for this database."""
    attacks: dict[str, Attack] = {
        "ledger_entry_is_whole": into_a_closed_fund,
        "ledger_entry_moves_balance": unlike_its_entries,
        "ledger_entry_stays": changed("ledger_ledgertransaction", "amount_fen"),
        "ledger_leg_comes_first": late_leg,
        "ledger_leg_stays": changed("ledger_leg", "amount_fen"),
        "ledger_charter_stays": changed("donors_fundcharter", "reserve_fen"),
        "ledger_balance_opens_empty": RULE_ATTACKS["a balance starts at zero"],
        "ledger_balance_follows_entries": RULE_ATTACKS["a balance moves on with the next entry only"],
        "ledger_reservation_opens_whole": reservation_half_used_at_birth,
        "ledger_reservation_follows_entries": reservation_raised,
    }
    for name, (table, _) in guards.statements(connection.vendor).items():
        if name.endswith("_is_kept"):
            attacks[name] = deleted(table)
        elif name.endswith("_not_emptied"):
            attacks[name] = emptied(table)
    return attacks


ALL_GUARDS = list(guards.statements(connection.vendor))  # SQLite has no TRUNCATE to refuse


def test_every_guard_has_an_attack_that_it_alone_refuses(db: None) -> None:
    assert set(guard_attacks()) == set(guards.statements(connection.vendor))
    assert len(KEPT_TABLES) == sum(name.endswith("_is_kept") for name in ALL_GUARDS)


@pytest.mark.parametrize("name", ALL_GUARDS)
def test_what_a_guard_refuses_goes_through_without_it(world: World, name: str) -> None:
    attack = guard_attacks()[name]
    assert answer(attack, world) != ""
    aside([name])
    assert answer(attack, world) == ""


def twice(**values: Any) -> Attack:
    def attack(world: World) -> None:
        fund = open_fund(world)
        for _ in range(2):
            forge(fund, **values)

    return attack


def once(legs: Any = TO_AVAILABLE, **values: Any) -> Attack:
    return lambda world: forge(open_fund(world), legs, **values)


def a_receipt_that_reverses(world: World) -> None:
    fund = open_fund(world)
    forge(fund, reverses=LedgerTransaction.objects.get(fund=fund))


def a_receipt_with_a_reservation(world: World) -> None:
    fund = open_fund(world)
    forge(fund, reservation=reserved(fund))


def undone_twice(world: World) -> None:
    fund = open_fund(world)
    entry = services.receive(fund=fund, amount_fen=10, key="r", by=None, now=NOW)
    for _ in range(2):
        forge(fund, [("external", 10), ("available", -10)], kind="reverse", reverses=entry)


def two_sides_of_one(world: World) -> None:
    fund, other = open_fund(world, transfers_out=True), uuid.uuid4()
    for _ in range(2):
        forge(fund, [("available", -10), ("transit", 10)], kind="transfer_out", counterpart_id=other)


def released_too_much(world: World) -> None:
    Reservation.objects.filter(pk=reserved(open_fund(world)).pk).update(released_fen=500)


# constraint (or unique column) → model, attack, guards that stand in front of it
CONSTRAINTS: dict[str, tuple[Any, Attack, list[str]]] = {
    "balance_available_is_not_negative": (FundBalance, balance_set(available=-5, external=5), HAND),
    "balance_reserved_is_not_negative": (FundBalance, balance_set(reserved=-5, external=-995), HAND),
    "balance_disbursed_is_not_negative": (FundBalance, balance_set(disbursed=-5, external=-995), HAND),
    "balance_fee_is_not_negative": (FundBalance, balance_set(fee=-5, external=-995), HAND),
    "balance_sums_to_zero": (FundBalance, balance_set(available=1_001), HAND),
    "entry_number_once_for_each_fund": (LedgerTransaction, twice(seq=2), ENTRY_GUARDS),
    "entry_numbers_start_at_one": (LedgerTransaction, once(seq=0), ENTRY_GUARDS),
    "entry_amount_is_positive": (
        LedgerTransaction,
        once([("external", 10), ("available", -10)], amount_fen=-10),
        [],
    ),
    "entry_has_another_side_only_in_a_transfer": (LedgerTransaction, once(counterpart_id=uuid.uuid4()), []),
    "entry_names_what_it_reverses": (LedgerTransaction, a_receipt_that_reverses, []),
    "entry_names_its_reservation": (LedgerTransaction, a_receipt_with_a_reservation, []),
    "key": (LedgerTransaction, twice(key="same"), []),
    "counterpart_id": (LedgerTransaction, two_sides_of_one, []),
    "reverses_id": (LedgerTransaction, undone_twice, []),
    "leg_once_for_each_account": (
        Leg,
        once([("external", -10), ("available", 5), ("available", 5)]),
        ["ledger_entry_is_whole"],
    ),
    "leg_moves_something": (Leg, once([*TO_AVAILABLE, ("fee", 0)]), ["ledger_entry_is_whole"]),
    "leg_is_on_a_known_account": (
        Leg,
        once([*TO_AVAILABLE, ("lottery", 5), ("bonus", -5)]),
        ["ledger_entry_is_whole"],
    ),
    "reservation_ends_within_its_amount": (
        Reservation,
        released_too_much,
        ["ledger_reservation_follows_entries"],
    ),
}


def test_every_constraint_of_the_ledger_has_an_attack_that_it_alone_refuses() -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("ledger").get_models()
        for constraint in model._meta.constraints
    }
    unique = {
        field.column
        for model in apps.get_app_config("ledger").get_models()
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }
    assert named | unique == set(CONSTRAINTS)
    assert FundCharter not in {model for model, _, _ in CONSTRAINTS.values()}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_what_a_constraint_refuses_goes_through_without_it(world: World, name: str) -> None:
    model, attack, front = CONSTRAINTS[name]
    table = model._meta.db_table
    without_constraint(table, name)
    aside(front)
    assert answer(attack, world) == ""


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_constraint_itself_refuses(world: World, name: str) -> None:
    _, attack, front = CONSTRAINTS[name]
    aside(front)
    said = answer(attack, world)
    columns = {"entry_number_once_for_each_fund": "seq", "leg_once_for_each_account": "account"}
    assert columns.get(name, name) in said, said
