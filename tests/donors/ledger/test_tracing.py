"""Following a fen from the donor to the payment."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.ledger import services
from donors.ledger.models import LedgerTransaction
from donors.ledger.queries import traced
from donors.ledger.tracing import Entry, Share, trace
from donors.models import Fund
from tests.donors.world import NOW, World, make_fund

WHEN: dict[str, Any] = {"by": None, "now": NOW}


def book(*entries: tuple[str, str, int]) -> list[Entry]:
    return [Entry(own, "甲", kind, fen) for own, kind, fen in entries]


def test_what_came_first_is_paid_first() -> None:
    entries = book(("a", "receive", 60), ("b", "receive", 100), ("p", "disburse", 80), ("q", "disburse", 30))
    assert trace(entries) == [Share("p", "a", 60), Share("p", "b", 20), Share("q", "b", 30)]


def test_more_than_came_in_cannot_be_traced() -> None:
    with pytest.raises(ValueError, match="more goes out"):
        trace(book(("a", "receive", 5), ("p", "disburse", 6)))


def test_a_receipt_that_was_undone_paid_for_nothing() -> None:
    entries = [*book(("a", "receive", 50), ("p", "disburse", 20), ("b", "receive", 50))]
    entries.append(Entry("x", "甲", "reverse", 50, reverses="a"))
    assert trace(entries) == [Share("p", "b", 20)]


def test_what_was_paid_back_keeps_its_donor_when_it_is_paid_again() -> None:
    entries = book(
        ("a", "receive", 50),
        ("p", "disburse", 50),
        ("back", "return", 50),
        ("b", "receive", 9),
        ("q", "disburse", 55),
    )
    assert trace(entries)[1:] == [Share("q", "a", 50), Share("q", "b", 5)]


def test_money_that_went_to_another_fund_and_back_keeps_its_donor() -> None:
    entries = [
        Entry("a", "甲", "receive", 50),
        Entry("o1", "甲", "transfer_out", 30, counterpart="i1"),
        Entry("i2", "甲", "transfer_in", 10, counterpart="o2"),
        Entry("p", "甲", "disburse", 30),
        Entry("b", "乙", "receive", 5),
        Entry("i1", "乙", "transfer_in", 30, counterpart="o1"),
        Entry("o2", "乙", "transfer_out", 10, counterpart="i2"),
        Entry("q", "乙", "disburse", 25),
    ]
    assert trace(entries) == [
        Share("p", "a", 20),
        Share("p", "b", 5),
        Share("p", "a", 5),
        Share("q", "a", 25),
    ]


MOVES = st.tuples(st.sampled_from(["receive", "disburse", "return", "fee"]), st.integers(1, 50))


@given(st.lists(MOVES, max_size=40))
def test_shares_sum_to_every_payment_and_come_from_donors_alone(moves: list[tuple[str, int]]) -> None:
    entries, held, out = [], 0, 0
    for number, (kind, fen) in enumerate(moves):
        if fen > {"receive": fen, "return": out}.get(kind, held):
            continue
        held += fen if kind in {"receive", "return"} else -fen
        out += {"disburse": fen, "return": -fen}.get(kind, 0)
        entries.append(Entry(str(number), "甲", kind, fen))
    shares = trace(entries)
    paid: Counter[str] = Counter()
    for share in shares:
        paid[share.payment] += share.fen
    assert paid == {entry.id: entry.fen for entry in entries if entry.kind == "disburse"}
    assert {share.receipt for share in shares} <= {entry.id for entry in entries if entry.kind == "receive"}


def receive(fund: Fund, fen: int, key: str) -> LedgerTransaction:
    return services.receive(fund=fund, amount_fen=fen, key=key, **WHEN)


def pay(fund: Fund, fen: int, key: str) -> LedgerTransaction:
    held = services.reserve(fund=fund, amount_fen=fen, key=f"v{key}", **WHEN)
    return services.disburse(reservation=held, key=key, **WHEN)


def test_each_paid_fen_of_a_fund_has_its_receipts(fund: Fund) -> None:
    first, second = receive(fund, 60, "r1"), receive(fund, 100, "r2")
    services.refund(fund=fund, amount_fen=10, key="g", **WHEN)
    held = services.reserve(fund=fund, amount_fen=90, key="v", **WHEN)
    paid = services.disburse(reservation=held, amount_fen=70, key="d", **WHEN)
    services.release(reservation=held, key="l", **WHEN)
    assert traced(fund=fund) == [
        Share(str(paid.pk), str(first.pk), 50),
        Share(str(paid.pk), str(second.pk), 20),
    ]


def test_a_payment_from_transferred_money_is_traced_to_the_other_funds_donor(world: World) -> None:
    giver = make_fund(world, "甲基金", transfers_out=True)
    taker = make_fund(world, "乙基金", transfers_in=True)
    gift = receive(giver, 100, "r1")
    services.transfer(fund=giver, to_fund=taker, amount_fen=70, key="t", **WHEN)
    wrong = pay(taker, 5, "wrong")
    services.reverse(entry=wrong, key="x", **WHEN)
    paid = pay(taker, 60, "p")
    assert traced(fund=taker) == [Share(str(paid.pk), str(gift.pk), 60)]
    assert traced(fund=giver) == []
