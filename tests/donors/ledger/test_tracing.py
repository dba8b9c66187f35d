"""Following a fen from the donor to the payment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.ledger import services
from donors.ledger.queries import traced
from donors.ledger.tracing import Movement, Share, trace
from donors.models import Fund
from tests.donors.world import NOW


def test_what_came_first_is_paid_first() -> None:
    movements = [Movement("a", 60), Movement("b", 100), Movement("p", -80), Movement("q", -30)]
    assert trace(movements) == [Share("p", "a", 60), Share("p", "b", 20), Share("q", "b", 30)]


def test_more_than_came_in_cannot_be_traced() -> None:
    with pytest.raises(ValueError, match="more goes out"):
        trace([Movement("a", 5), Movement("p", -6)])


@given(st.lists(st.integers(-50, 50).filter(bool), max_size=40))
def test_shares_sum_to_every_payment_and_no_receipt_is_used_twice(changes: list[int]) -> None:
    movements, held = [], 0
    for number, fen in enumerate(changes):
        if held + fen >= 0:
            held += fen
            movements.append(Movement(str(number), fen))
    shares = trace(movements)
    for movement in movements:
        paid = sum(share.fen for share in shares if share.payment == movement.id)
        used = sum(share.fen for share in shares if share.receipt == movement.id)
        assert paid == max(-movement.fen, 0)
        assert used <= max(movement.fen, 0)


def test_each_paid_fen_of_a_fund_has_its_receipts(fund: Fund) -> None:
    first = services.receive(fund=fund, amount_fen=60, key="r1", by=None, now=NOW)
    second = services.receive(fund=fund, amount_fen=100, key="r2", by=None, now=NOW)
    services.refund(fund=fund, amount_fen=10, key="g", by=None, now=NOW)
    held = services.reserve(fund=fund, amount_fen=90, key="v", by=None, now=NOW)
    paid = services.disburse(reservation=held, amount_fen=70, key="d", by=None, now=NOW)
    services.release(reservation=held, key="l", by=None, now=NOW)
    assert traced(fund=fund) == [
        Share(str(paid.pk), str(first.pk), 50),
        Share(str(paid.pk), str(second.pk), 20),
    ]
