"""Movements of money: what each does, and what it refuses."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from donors.ledger import errors, services
from donors.ledger.models import FundBalance, LedgerTransaction, Reservation
from donors.ledger.queries import balance_of, received_by_source, replayed
from donors.models import Fund
from donors.services import amend_charter, close_fund
from tests.donors.world import NOW, World, make_fund

BEIJING = ZoneInfo("Asia/Shanghai")


def amounts(fund: Fund) -> tuple[int, int, int, int]:
    book = balance_of(fund=fund)
    return book.available_fen, book.reserved_fen, book.disbursed_fen, book.fee_fen


def receive(fund: Fund, amount_fen: int, key: str = "r1", **refs: str) -> LedgerTransaction:
    return services.receive(fund=fund, amount_fen=amount_fen, key=key, by=None, now=NOW, refs=refs)


def reserve(fund: Fund, amount_fen: int, key: str = "v1", **more: Any) -> Reservation:
    return services.reserve(fund=fund, amount_fen=amount_fen, key=key, by=None, now=NOW, **more)


def test_money_goes_in_is_reserved_and_paid_out_in_parts(fund: Fund) -> None:
    receive(fund, 10_000)
    reservation = reserve(fund, 6_000)
    assert amounts(fund) == (4_000, 6_000, 0, 0)
    services.disburse(reservation=reservation, amount_fen=2_500, key="d1", by=None, now=NOW)
    assert reservation.outstanding_fen == 3_500
    services.release(reservation=reservation, key="l1", by=None, now=NOW)
    assert amounts(fund) == (7_500, 0, 2_500, 0)
    assert replayed(fund=fund) == {
        "external": -10_000,
        "available": 7_500,
        "reserved": 0,
        "disbursed": 2_500,
        "fee": 0,
        "transit": 0,
    }


def test_entries_of_a_fund_are_numbered_without_a_gap_and_chained(fund: Fund) -> None:
    receive(fund, 100)
    reservation = reserve(fund, 60)
    services.release(reservation=reservation, key="l1", by=None, now=NOW)
    entries = list(LedgerTransaction.objects.filter(fund=fund).order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert balance_of(fund=fund).last_hash == entries[-1].hash


def test_the_same_key_has_one_effect(fund: Fund) -> None:
    first = receive(fund, 100)
    assert receive(fund, 100) == first
    assert amounts(fund) == (100, 0, 0, 0)


def test_a_repeated_reservation_is_the_first_one(fund: Fund) -> None:
    receive(fund, 100)
    assert reserve(fund, 60) == reserve(fund, 60)
    assert amounts(fund) == (40, 60, 0, 0)


def test_a_repeated_release_of_everything_is_the_first_one(fund: Fund) -> None:
    receive(fund, 100)
    reservation = reserve(fund, 60)
    first = services.release(reservation=reservation, key="l1", by=None, now=NOW)
    assert services.release(reservation=reservation, key="l1", by=None, now=NOW + timedelta(days=1)) == first


@pytest.mark.parametrize(
    "again",
    [
        lambda fund, world: receive(fund, 101),
        lambda fund, world: receive(fund, 100, source="lottery"),
        lambda fund, world: services.receive(fund=fund, amount_fen=100, key="r1", by=world.lin, now=NOW),
        lambda fund, world: services.refund(fund=fund, amount_fen=100, key="r1", by=None, now=NOW),
        lambda fund, world: receive(make_fund(world, "另一基金"), 100),
    ],
)
def test_the_same_key_with_another_body_is_refused(
    fund: Fund, world: World, again: Callable[[Fund, World], object]
) -> None:
    receive(fund, 100)
    with pytest.raises(errors.KeyReused):
        again(fund, world)
    assert amounts(fund) == (100, 0, 0, 0)


@pytest.mark.parametrize(
    "amount",
    [0, -1, 0.001, 1.0, 1e18, float("nan"), "１００", "1,000", "100", 2**63, 10**12 + 1, True, None],
)
def test_a_bad_amount_is_refused_with_a_name(fund: Fund, amount: Any) -> None:
    receive(fund, 100)
    acts: list[Callable[..., object]] = [services.receive, services.refund, services.reserve]
    if amount is None:
        acts = []  # only release and disburse know "all of it"
    for act in acts:
        with pytest.raises(errors.InvalidAmount):
            act(fund=fund, amount_fen=amount, key=f"bad-{act.__name__}", by=None, now=NOW)
    assert amounts(fund) == (100, 0, 0, 0)


@pytest.mark.parametrize("key", ["", "a" * 111, "有", "a b", "x#in", "a\n"])
def test_a_bad_key_is_refused(fund: Fund, key: str) -> None:
    with pytest.raises(errors.InvalidKey):
        receive(fund, 100, key=key)


@pytest.mark.parametrize("refs", [{"Donor": "x"}, {"donor": "x" * 201}, {"donor": 5}])
def test_a_bad_reference_is_refused(fund: Fund, refs: Any) -> None:
    with pytest.raises(errors.InvalidReference):
        services.receive(fund=fund, amount_fen=1, key="r", by=None, now=NOW, refs=refs)


def test_a_clock_without_a_zone_is_refused(fund: Fund) -> None:
    with pytest.raises(ValueError, match="time zone"):
        services.receive(fund=fund, amount_fen=1, key="r", by=None, now=datetime(2026, 7, 6))


def test_nothing_is_reserved_past_what_is_available(fund: Fund) -> None:
    receive(fund, 100)
    with pytest.raises(errors.InsufficientFunds) as refusal:
        reserve(fund, 101)
    assert refusal.value.facts == {"available_fen": 100}
    assert reserve(fund, 100).outstanding_fen == 100


def test_the_charters_reserve_is_kept(world: World) -> None:
    fund = make_fund(world, reserve_fen=30)
    receive(fund, 100)
    with pytest.raises(errors.InsufficientFunds) as refusal:
        reserve(fund, 71)
    assert refusal.value.facts == {"available_fen": 70}
    assert reserve(fund, 70).outstanding_fen == 70


def test_a_closed_fund_takes_and_promises_nothing_but_pays_what_it_promised(fund: Fund) -> None:
    receive(fund, 100)
    reservation = reserve(fund, 60)
    close_fund(fund=fund, by=None, now=NOW, reason="期满")
    with pytest.raises(errors.FundClosed):
        receive(fund, 1, key="r2")
    with pytest.raises(errors.FundClosed):
        reserve(fund, 1, key="v2")
    services.disburse(reservation=reservation, key="d1", by=None, now=NOW)
    services.refund(fund=fund, amount_fen=40, key="b1", by=None, now=NOW)
    assert amounts(fund) == (0, 0, 60, 0)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (datetime(2026, 6, 30, 23, 59, 59, tzinfo=BEIJING), False),
        (datetime(2026, 7, 1, 0, 0, tzinfo=BEIJING), True),
        (datetime(2026, 7, 31, 23, 59, 59, tzinfo=BEIJING), True),
        (datetime(2026, 8, 1, 0, 0, tzinfo=BEIJING), False),
    ],
)
def test_the_period_begins_and_ends_at_midnight_in_beijing(
    world: World, moment: datetime, allowed: bool
) -> None:
    fund = make_fund(world, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 31))
    receive(fund, 100)
    if allowed:
        services.reserve(fund=fund, amount_fen=1, key="v", by=None, now=moment)
    else:
        with pytest.raises(errors.OutsidePeriod):
            services.reserve(fund=fund, amount_fen=1, key="v", by=None, now=moment)


def test_a_reservation_ends_within_its_amount(fund: Fund) -> None:
    receive(fund, 100)
    reservation = reserve(fund, 60)
    with pytest.raises(errors.ExceedsReservation):
        services.disburse(reservation=reservation, amount_fen=61, key="d", by=None, now=NOW)
    services.disburse(reservation=reservation, key="d", by=None, now=NOW)
    with pytest.raises(errors.ExceedsReservation):
        services.release(reservation=reservation, key="l", by=None, now=NOW)


def test_an_expired_reservation_gives_its_rest_back_once(fund: Fund) -> None:
    receive(fund, 100)
    reservation = reserve(fund, 60, expires_at=NOW + timedelta(days=3))
    reserve(fund, 10, key="v2")
    services.disburse(reservation=reservation, amount_fen=20, key="d", by=None, now=NOW)
    assert services.expire_reservations(now=NOW + timedelta(days=2)) == []
    (released,) = services.expire_reservations(now=NOW + timedelta(days=3))
    assert released.amount_fen == 40
    assert services.expire_reservations(now=NOW + timedelta(days=4)) == []
    assert amounts(fund) == (70, 10, 20, 0)


def test_paid_money_comes_back_to_the_fund(fund: Fund) -> None:
    receive(fund, 100)
    services.disburse(reservation=reserve(fund, 60), key="d", by=None, now=NOW)
    services.return_(fund=fund, amount_fen=60, key="b", by=None, now=NOW, refs={"from": "medical_relief"})
    assert amounts(fund) == (100, 0, 0, 0)
    with pytest.raises(errors.ExceedsDisbursed):
        services.return_(fund=fund, amount_fen=1, key="b2", by=None, now=NOW)


def test_fees_stay_within_the_share_of_the_charter(world: World) -> None:
    fund = make_fund(world, fee_cap_permille=100)
    receive(fund, 1_005)
    services.charge_fee(fund=fund, amount_fen=60, key="f1", by=None, now=NOW)
    with pytest.raises(errors.FeeAboveCap) as refusal:
        services.charge_fee(fund=fund, amount_fen=41, key="f2", by=None, now=NOW)
    assert refusal.value.facts == {"cap_fen": 100, "charged_fen": 60}
    services.charge_fee(fund=fund, amount_fen=40, key="f3", by=None, now=NOW)
    assert amounts(fund) == (905, 0, 0, 100)


def test_a_fund_without_a_fee_in_its_charter_pays_none(fund: Fund) -> None:
    receive(fund, 1_000)
    with pytest.raises(errors.FeeAboveCap):
        services.charge_fee(fund=fund, amount_fen=1, key="f", by=None, now=NOW)


def transfer(giver: Fund, taker: Fund, amount_fen: int, key: str = "t1") -> LedgerTransaction:
    return services.transfer(fund=giver, to_fund=taker, amount_fen=amount_fen, key=key, by=None, now=NOW)


def test_a_transfer_writes_one_entry_in_each_book(world: World) -> None:
    giver = make_fund(world, "甲基金", transfers_out=True)
    taker = make_fund(world, "乙基金", transfers_in=True)
    receive(giver, 100)
    given = transfer(giver, taker, 70)
    assert transfer(giver, taker, 70) == given
    taken = given.counterpart
    assert taken is not None
    assert (taken.fund, taken.kind, taken.amount_fen, taken.counterpart) == (taker, "transfer_in", 70, given)
    assert amounts(giver)[0] == 30
    assert amounts(taker)[0] == 70
    assert sum(book.transit_fen for book in FundBalance.objects.all()) == 0


@pytest.mark.parametrize(("out", "into"), [(True, False), (False, True), (False, False)])
def test_a_transfer_needs_both_charters(world: World, out: bool, into: bool) -> None:
    giver = make_fund(world, "甲基金", transfers_out=out)
    taker = make_fund(world, "乙基金", transfers_in=into)
    receive(giver, 100)
    with pytest.raises(errors.TransferNotAllowed):
        transfer(giver, taker, 70)
    assert amounts(taker) == (0, 0, 0, 0)


def test_a_transfer_looks_at_the_newest_charter(world: World) -> None:
    giver = make_fund(world, "甲基金", transfers_out=True)
    taker = make_fund(world, "乙基金", transfers_in=True)
    receive(giver, 100)
    amend_charter(fund=taker, changes={"transfers_in": False}, by=None, now=NOW, reason="-")
    with pytest.raises(errors.TransferNotAllowed):
        transfer(giver, taker, 70)


def test_a_fund_transfers_nothing_to_itself(world: World) -> None:
    fund = make_fund(world, transfers_out=True, transfers_in=True)
    receive(fund, 100)
    with pytest.raises(errors.TransferNotAllowed):
        transfer(fund, fund, 1)


def test_a_reversal_turns_the_legs_round_once(fund: Fund) -> None:
    entry = receive(fund, 100)
    services.reverse(entry=entry, key="x1", by=None, now=NOW)
    assert amounts(fund) == (0, 0, 0, 0)
    with pytest.raises(errors.NotReversible):
        services.reverse(entry=entry, key="x2", by=None, now=NOW)


def test_a_reversed_payment_is_reserved_again(fund: Fund) -> None:
    receive(fund, 100)
    reservation = reserve(fund, 60)
    paid = services.disburse(reservation=reservation, amount_fen=50, key="d", by=None, now=NOW)
    services.reverse(entry=paid, key="x", by=None, now=NOW)
    reservation.refresh_from_db()
    assert (amounts(fund), reservation.outstanding_fen) == ((40, 60, 0, 0), 60)
    services.disburse(reservation=reservation, key="d2", by=None, now=NOW)
    assert amounts(fund) == (40, 0, 60, 0)


def test_a_receipt_whose_money_has_moved_on_is_not_reversed(fund: Fund) -> None:
    entry = receive(fund, 100)
    reserve(fund, 60)
    with pytest.raises(errors.InsufficientFunds):
        services.reverse(entry=entry, key="x", by=None, now=NOW)


def test_a_reservation_is_released_not_reversed(fund: Fund) -> None:
    receive(fund, 100)
    opening = reserve(fund, 60).opening
    with pytest.raises(errors.NotReversible):
        services.reverse(entry=opening, key="x", by=None, now=NOW)


def test_a_fund_without_a_book_is_named(world: World) -> None:
    stray = Fund.objects.create(id=uuid.uuid4(), holder=world.charity, name="无账", created_at=NOW)
    with pytest.raises(errors.UnknownBook):
        receive(stray, 1)


def test_shares_of_several_sources_are_kept_apart(fund: Fund) -> None:
    receive(fund, 100, "r1", source="government")
    receive(fund, 30, "r2", source="lottery")
    wrong = receive(fund, 7, "r3", source="lottery")
    services.reverse(entry=wrong, key="x", by=None, now=NOW)
    assert received_by_source(fund=fund) == {"government": 100, "lottery": 30}
