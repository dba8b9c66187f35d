"""The resident engine: whatever happens to it, no limit is broken, nothing promised moves, and it says why."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CashInstance, CashNeeds, Funds, Outcome, Rule, explain_pair, solve_cash
from matching.engine.online import (
    BalanceChanged,
    ChangeError,
    FundChanged,
    FundsArrived,
    GrantReleased,
    NeedChanged,
    NeedLeft,
    NeedsArrived,
    Resident,
)

from ..instances import TODAY, admits, cash_instances, pair_cap

NOBODY = CashNeeds.of(ids=[], gap_fen=[])
NOTHING = Funds.of(ids=[], available_fen=[])


def one(instance: CashInstance, row: int) -> CashNeeds:
    return instance.needs.take(np.array([row]))


@settings(max_examples=40, deadline=None)
@given(instance=cash_instances(minimums=True), data=st.data())
def test_whatever_happens_no_limit_is_broken_and_nothing_promised_moves(
    instance: CashInstance, data: st.DataObject
) -> None:
    needs, funds = instance.needs, instance.funds
    resident = Resident.load(CashInstance(NOBODY, NOTHING, today=TODAY))
    promised: dict[tuple[int, int], int] = {}
    events = [("need", row) for row in range(len(needs))] + [("fund", row) for row in range(len(funds))]
    events += [("release", 0)] * 3
    for kind, row in data.draw(st.permutations(events)):
        if kind == "need":
            answer = resident.apply(NeedsArrived(one(instance, row)))
        elif kind == "fund":
            answer = resident.apply(FundsArrived(funds.take(np.array([row]))))
        elif promised:
            pair = data.draw(st.sampled_from(sorted(promised)))
            amount = data.draw(st.integers(1, promised[pair]))
            promised[pair] -= amount
            promised = {key: value for key, value in promised.items() if value}
            answer = resident.apply(GrantReleased(*pair, amount))
        else:
            continue
        for proposal in answer.proposals:
            key = proposal.need_id, proposal.fund_id
            floor = int(funds.minimum_grant_fen[np.flatnonzero(funds.id == key[1])[0]])
            assert proposal.amount_fen >= max(floor, 1)
            promised[key] = promised.get(key, 0) + proposal.amount_fen
    spent, covered = dict.fromkeys(funds.id.tolist(), 0), dict.fromkeys(needs.id.tolist(), 0)
    for (need_id, fund_id), amount in promised.items():
        need, fund = int(np.flatnonzero(needs.id == need_id)[0]), int(np.flatnonzero(funds.id == fund_id)[0])
        assert admits(instance, need, fund)
        assert amount <= pair_cap(instance, need, fund)
        assert resident.explain(need_id, fund_id).amount_fen == amount
        spent[fund_id] += amount
        covered[need_id] += amount
    left = resident.instance()
    assert all(spent[i] + m == a for i, m, a in zip(left.funds.id.tolist(), left.funds.available_fen.tolist(),
               funds.available_fen[np.argsort(funds.id)].tolist(), strict=True))  # fmt: skip
    gaps = dict(zip(left.needs.id.tolist(), left.needs.gap_fen.tolist(), strict=True))
    for need_id, gap in zip(needs.id.tolist(), needs.gap_fen.tolist(), strict=True):
        assert covered[need_id] + gaps.get(need_id, 0) == gap


@settings(max_examples=40, deadline=None)
@given(instance=cash_instances(minimums=True))
def test_a_pair_is_judged_as_in_a_batch(instance: CashInstance) -> None:
    resident = Resident.load(instance)
    nothing_yet = solve_cash(
        replace(instance, funds=replace(instance.funds, available_fen=instance.funds.available_fen * 0))
    )
    for need, need_id in enumerate(instance.needs.id.tolist()):
        for fund, fund_id in enumerate(instance.funds.id.tolist()):
            here, there = resident.explain(need_id, fund_id), explain_pair(instance, nothing_yet, need, fund)
            assert (here.failed_rules, here.cap_fen, here.checks) == (
                there.failed_rules,
                there.cap_fen,
                there.checks,
            )


@settings(max_examples=30, deadline=None)
@given(instance=cash_instances())
def test_a_need_gets_all_that_is_there_for_it_and_else_the_reason(instance: CashInstance) -> None:
    resident = Resident.load(replace(instance, needs=NOBODY))
    answer = resident.apply(NeedsArrived(one(instance, 0)))
    alone = solve_cash(replace(instance, needs=one(instance, 0)))
    told = answer.needs[0]
    assert told.proposed_fen == alone.covered_fen[0] == sum(row.amount_fen for row in answer.proposals)
    if alone.needs.shortfall[0] == Outcome.NOT_ELIGIBLE:  # a batch counts funds without money as not eligible
        assert told.shortfall in (Outcome.NOT_ELIGIBLE, Outcome.EXHAUSTED, Outcome.CAPPED)
    elif told.open_fen:
        assert (told.outcome, told.shortfall) == (alone.needs.outcome[0], alone.needs.shortfall[0])
    if told.shortfall == Outcome.NOT_ELIGIBLE:
        assert told.nearest_fund_id >= 0
        assert told.failed_rules


@settings(max_examples=30, deadline=None)
@given(instance=cash_instances(caps=False))
def test_new_money_goes_to_waiting_needs_in_order_of_service(instance: CashInstance) -> None:
    fund = instance.funds.take(np.array([0]))
    resident = Resident.load(replace(instance, funds=NOTHING))
    answer = resident.apply(FundsArrived(fund))
    batch = solve_cash(replace(instance, funds=fund), equal_slices=1)
    got = {row.need_id: row.amount_fen for row in answer.proposals}
    for tier in range(3):
        rows = np.flatnonzero(instance.needs.tier == tier)
        assert sum(got.get(int(instance.needs.id[row]), 0) for row in rows) == batch.covered_fen[rows].sum()


def test_money_is_held_for_critical_needs_that_are_expected_and_given_when_they_are_not() -> None:
    funds = Funds.of(ids=[7], available_fen=[1000])
    resident = Resident.load(CashInstance(NOBODY, funds))
    coming = CashNeeds.of(ids=[1, 2], gap_fen=[600, 600], tier=[0, 1], priority=[5, 5])
    resident.refresh([coming])
    later = CashNeeds.of(ids=[9], gap_fen=[400], tier=[2], priority=[99])
    told = resident.apply(NeedsArrived(later)).needs[0]
    assert (told.outcome, told.held_tier, told.held_priority) == (Outcome.HELD, 1, 5)
    urgent = CashNeeds.of(ids=[8], gap_fen=[700], tier=[0], priority=[1])
    assert resident.apply(NeedsArrived(urgent)).needs[0].proposed_fen == 700
    answer = resident.refresh([])
    assert [(row.need_id, row.amount_fen, row.price_tier) for row in answer.proposals] == [(9, 300, -1)]


def test_a_declined_pair_stays_apart_and_both_sides_are_offered_anew() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[100, 100], priority=[2, 1])
    resident = Resident.load(CashInstance(needs, NOTHING))
    resident.apply(FundsArrived(Funds.of(ids=[7], available_fen=[100])))
    resident.apply(FundsArrived(Funds.of(ids=[8], available_fen=[0])))
    answer = resident.apply(GrantReleased(1, 7, 100, declined=True))
    assert [(row.need_id, row.fund_id) for row in answer.proposals] == [(2, 7)]
    answer = resident.apply(BalanceChanged(8, 60))
    assert [(row.need_id, row.fund_id, row.amount_fen) for row in answer.proposals] == [(1, 8, 60)]


def test_a_relaxed_charter_and_a_changed_or_withdrawn_need_are_seen_at_once() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[100, 100], category=[1, 2], priority=[2, 1])
    narrow = Funds.of(ids=[7], available_fen=[150], categories=[8])
    resident = Resident.load(CashInstance(needs, narrow))
    assert resident.explain(1, 7).failed_rules == Rule.CATEGORY
    resident.apply(NeedLeft(1))
    wide = replace(narrow, categories=np.array([0], dtype=np.int64))
    assert [row.need_id for row in resident.apply(FundChanged(wide)).proposals] == [2]
    back = resident.apply(NeedChanged(CashNeeds.of(ids=[1], gap_fen=[30], category=[1])))
    assert [(row.need_id, row.amount_fen) for row in back.proposals] == [(1, 30)]


def test_a_fund_that_no_plan_has_seen_takes_the_price_of_its_like() -> None:
    likes = Funds.of(ids=[7], available_fen=[500], regions=[[990122]], categories=[2])
    resident = Resident.load(CashInstance(NOBODY, likes))
    resident.refresh([CashNeeds.of(ids=[1], gap_fen=[900], region=[990122], category=[1], priority=[40])])
    twin = Funds.of(ids=[8], available_fen=[500], regions=[[990122]], categories=[2])
    other = Funds.of(ids=[9], available_fen=[500], regions=[[990123]], categories=[2])
    resident.apply(FundsArrived(twin))
    resident.apply(FundsArrived(other))
    assert (resident.bid(8), resident.bid(9)) == ((2, 40), (-1, -1))


@pytest.mark.parametrize(
    "change",
    [
        BalanceChanged(7, -101),
        BalanceChanged(77, 5),
        NeedLeft(5),
        GrantReleased(1, 7, 1),
        FundsArrived(Funds.of(ids=[7], available_fen=[5])),
        NeedsArrived(CashNeeds.of(ids=[1], gap_fen=[5])),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_leaves_everything_as_it_was(change: object) -> None:
    needs = CashNeeds.of(ids=[1], gap_fen=[100], category=[3])
    resident = Resident.load(CashInstance(needs, Funds.of(ids=[7], available_fen=[100], categories=[1])))
    before = resident.instance()
    with pytest.raises(ChangeError):
        resident.apply(change)  # type: ignore[arg-type]
    after = resident.instance()
    assert after.needs.gap_fen.tolist() == before.needs.gap_fen.tolist()
    assert after.funds.available_fen.tolist() == before.funds.available_fen.tolist()
