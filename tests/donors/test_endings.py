"""When a fund's period is over, what its charter says is done: by the clock, or by two people."""

from datetime import date, timedelta

import pytest

from donors.errors import NotAlike, ReasonMissing, StillReserved, WrongState
from donors.ledger.models import LedgerTransaction
from donors.ledger.queries import balance_of
from donors.ledger.services import receive, release, reserve
from donors.models import Fund, FundEnding
from donors.queries import current_charter, source_shares
from donors.services.endings import carry_out_ending, decide_ending, like_funds, propose_endings
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.outbox.models import OutboxEvent
from tests.town import NOW, Town

LAST = date(2026, 7, 6)
AFTER = NOW + timedelta(days=1)


def ended(town: Town, on_end: str, **charter: object) -> FundEnding:
    town.fund(yuan=100, ends_on=LAST, on_end=on_end, **charter)
    assert propose_endings(now=NOW, today=LAST) == 0
    assert propose_endings(now=AFTER, today=AFTER.date()) == 1
    assert propose_endings(now=AFTER, today=AFTER.date()) == 0
    return FundEnding.objects.get()


def test_a_fund_that_stays_until_it_is_spent_is_carried_on(town: Town) -> None:
    fund = town.fund(ends_on=LAST, on_end="continue")
    assert propose_endings(now=AFTER, today=AFTER.date()) == 1
    charter = current_charter(fund=fund)
    assert (charter.version, charter.ends_on) == (2, None)
    assert reserve(fund=fund, amount_fen=1, key="k", by=town.chen, now=AFTER).amount_fen == 1
    assert propose_endings(now=AFTER, today=AFTER.date()) == 0


def test_the_rest_goes_to_a_like_purpose_by_two_people(town: Town) -> None:
    ending = ended(town, "similar_purpose", categories=["medical"])
    other = town.fund(yuan=0, categories=["schooling"], transfers_in=True)
    alike = town.fund(yuan=0, categories=["medical", "schooling"], transfers_in=True)
    town.fund(yuan=0, categories=["medical"])
    assert list(like_funds(fund=ending.fund)) == [alike]
    assert OutboxEvent.objects.filter(kind="fund.ended").count() == 1
    with pytest.raises(NotAlike):
        decide_ending(ending=ending, to_fund=other, reason="期满", by=town.chen, now=AFTER)
    with pytest.raises(ReasonMissing):
        decide_ending(ending=ending, to_fund=alike, reason="", by=town.chen, now=AFTER)
    with pytest.raises(NotAllowed):
        decide_ending(ending=ending, to_fund=alike, reason="期满", by=town.gao, now=AFTER)
    with pytest.raises(WrongState):
        carry_out_ending(ending=ending, by=town.gao, now=AFTER)
    decided = decide_ending(ending=ending, to_fund=alike, reason="期满", by=town.chen, now=AFTER)
    with pytest.raises(NotAllowed):
        carry_out_ending(ending=decided, by=town.chen, now=AFTER)
    done = carry_out_ending(ending=decided, by=town.gao, now=AFTER)
    assert (done.state, done.rest_fen, balance_of(fund=alike).available_fen) == ("done", 10_000, 10_000)
    fund = Fund.objects.get(pk=ending.fund_id)
    assert (fund.state, balance_of(fund=fund).available_fen) == ("closed", 0)
    assert current_charter(fund=fund).donor_consent.startswith("charter version 1")
    with pytest.raises(WrongState):
        carry_out_ending(ending=done, by=town.gao, now=AFTER)


def test_the_rest_goes_back_to_each_donor_by_what_is_left_of_the_gift(town: Town) -> None:
    fund = town.fund(yuan=0, ends_on=LAST, on_end="return_to_donor")
    first = receive(fund=fund, amount_fen=300, key="a", by=town.he, now=NOW, refs={"source": "government"})
    second = receive(fund=fund, amount_fen=500, key="b", by=town.he, now=NOW, refs={"source": "charity"})
    hold = reserve(fund=fund, amount_fen=100, key="r", by=town.chen, now=NOW)
    propose_endings(now=AFTER, today=AFTER.date())
    ending = FundEnding.objects.get()
    ending = decide_ending(ending=ending, reason="期满", by=town.chen, now=AFTER)
    with pytest.raises(StillReserved):
        carry_out_ending(ending=ending, by=town.gao, now=AFTER)
    release(reservation=hold, key="x", by=town.chen, now=AFTER)
    carry_out_ending(ending=ending, by=town.gao, now=AFTER)
    back = LedgerTransaction.objects.filter(kind="refund").order_by("seq")
    assert [(one.refs["receipt_entry"], one.amount_fen) for one in back] == [
        (str(first.pk), 300),
        (str(second.pk), 500),
    ]
    assert [(share.source, share.refunded_fen) for share in source_shares(fund=fund)] == [
        ("government", 300),
        ("charity", 500),
    ]
