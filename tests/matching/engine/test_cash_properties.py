"""What holds for every instance: limits, optimality level by level, order of rows, more money, the certificate."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CashInstance, CashSolution, Outcome, Promises, Rule, explain_pair, solve_cash
from matching.engine.cash import Method
from matching.engine.certificate import certified_bound
from matching.engine.ranks import rank_needs

from .instances import admits, cash_instances, most_money, pair_cap

METHODS: list[Method] = ["pairs", "large"]
HOUSEHOLDS = st.lists(st.integers(0, 2), min_size=9, max_size=9)
both = pytest.mark.parametrize("method", METHODS)


def up_to(instance: CashInstance, solution: CashSolution, level: int) -> int:
    return int(solution.covered_fen[rank_needs(instance.needs).level <= level].sum())


def grants(instance: CashInstance, solution: CashSolution) -> list[tuple[int, int, int]]:
    rows = zip(
        instance.needs.id[solution.need_index].tolist(),
        instance.funds.id[solution.fund_index].tolist(),
        solution.amount_fen.tolist(),
        strict=True,
    )
    return list(rows)


@both
@settings(max_examples=30, deadline=None)
@given(instance=cash_instances(minimums=True))
def test_no_balance_gap_cap_charter_or_minimum_is_ever_broken(method: Method, instance: CashInstance) -> None:
    solution = solve_cash(instance, method=method)
    assert (solution.spent_fen <= instance.funds.available_fen).all()
    assert (solution.covered_fen <= instance.needs.gap_fen).all()
    rows = zip(
        solution.need_index.tolist(), solution.fund_index.tolist(), solution.amount_fen.tolist(), strict=True
    )
    for need, fund, amount in rows:
        assert admits(instance, need, fund)
        assert 0 < amount <= pair_cap(instance, need, fund)
        assert amount >= int(instance.funds.minimum_grant_fen[fund])


@both
@pytest.mark.parametrize("caps", [False, True])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_level_gets_what_maximum_flow_can_give_it(
    method: Method, caps: bool, data: st.DataObject
) -> None:
    instance = data.draw(cash_instances(caps=caps))
    solution = solve_cash(instance, method=method)
    level = rank_needs(instance.needs).level
    for last in range(int(level.max()) + 1):
        assert up_to(instance, solution, last) == most_money(instance, np.flatnonzero(level <= last).tolist())


@both
@settings(max_examples=30, deadline=None)
@given(instance=cash_instances())
def test_the_certificate_proves_every_level(method: Method, instance: CashInstance) -> None:
    solution = solve_cash(instance, method=method)
    for last in range(int(rank_needs(instance.needs).level.max()) + 1):
        assert certified_bound(instance, solution.price_level, last) == up_to(instance, solution, last)


@settings(max_examples=25, deadline=None)
@given(instance=cash_instances(), prices=st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_a_certificate_with_any_prices_is_never_below_the_optimum(
    instance: CashInstance, prices: list[int]
) -> None:
    made_up = np.array(prices[: len(instance.funds)], dtype=np.int64)
    solution = solve_cash(instance)
    for last in range(int(rank_needs(instance.needs).level.max()) + 1):
        assert certified_bound(instance, made_up, last) >= up_to(instance, solution, last)


@both
@settings(max_examples=30, deadline=None)
@given(instance=cash_instances(minimums=True), data=st.data())
def test_the_order_of_rows_changes_nothing(
    method: Method, instance: CashInstance, data: st.DataObject
) -> None:
    needs = np.array(data.draw(st.permutations(range(len(instance.needs)))), dtype=np.int64)
    funds = np.array(data.draw(st.permutations(range(len(instance.funds)))), dtype=np.int64)
    shuffled = replace(instance, needs=instance.needs.take(needs), funds=instance.funds.take(funds))
    expected = grants(instance, solve_cash(instance, method=method))
    assert grants(shuffled, solve_cash(shuffled, method=method)) == expected


@both
@settings(max_examples=25, deadline=None)
@given(instance=cash_instances(), more=st.integers(1, 50))
def test_more_money_never_lowers_a_tier_with_those_above_it(
    method: Method, instance: CashInstance, more: int
) -> None:
    available = instance.funds.available_fen.copy()
    available[0] += more
    richer = replace(instance, funds=replace(instance.funds, available_fen=available))
    before, after = (solve_cash(case, method=method) for case in (instance, richer))
    for tier in range(3):
        rows = instance.needs.tier <= tier
        assert after.covered_fen[rows].sum() >= before.covered_fen[rows].sum()


@both
@settings(max_examples=25, deadline=None)
@given(instance=cash_instances())
def test_every_need_and_fund_has_a_reason_that_agrees_with_its_pairs(
    method: Method, instance: CashInstance
) -> None:
    solution = solve_cash(instance, method=method)
    for need in range(len(instance.needs)):
        reasons = [explain_pair(instance, solution, need, fund) for fund in range(len(instance.funds))]
        given_here = sum(reason.amount_fen for reason in reasons)
        assert given_here == solution.covered_fen[need]
        if solution.needs.outcome[need] == Outcome.NOT_ELIGIBLE:
            charter = Rule(0)
            assert all(reason.failed_rules & ~charter for reason in reasons)
            assert solution.needs.nearest_fund[need] >= 0
        for reason in reasons:
            assert (reason.failed_rules == 0) == all(check.passed for check in reason.checks)


@settings(max_examples=25, deadline=None)
@given(instance=cash_instances())
def test_one_more_fen_of_a_priced_fund_is_worth_a_fen_and_of_an_idle_one_nothing(
    instance: CashInstance,
) -> None:
    solution = solve_cash(instance)
    total = int(solution.covered_fen.sum())
    for fund in range(len(instance.funds)):
        if solution.funds.outcome[fund] in (Outcome.NOT_ELIGIBLE, Outcome.NOTHING_LACKING):
            continue
        available = instance.funds.available_fen.copy()
        available[fund] += 1
        richer = replace(instance, funds=replace(instance.funds, available_fen=available))
        gained = int(solve_cash(richer).covered_fen.sum()) - total
        assert gained == (1 if solution.funds.price_need[fund] >= 0 else 0)


@both
@settings(max_examples=25, deadline=None)
@given(
    instance=cash_instances(),
    households=st.lists(st.integers(0, 2), min_size=9, max_size=9),
    cap=st.integers(1, 40),
)
def test_a_fund_never_gives_a_household_more_than_its_cap_with_what_it_gave_before(
    method: Method, instance: CashInstance, households: list[int], cap: int
) -> None:
    household = np.array(households[: len(instance.needs)], dtype=np.int64)
    fund = int(instance.funds.id[0])
    one, given_before = np.array([1], dtype=np.int64), np.array([5], dtype=np.int64)
    earlier = Promises(
        need_id=one, household=one, fund_id=np.array([fund], dtype=np.int64), amount_fen=given_before
    )
    capped = replace(
        instance,
        needs=replace(instance.needs, household=household),
        funds=replace(
            instance.funds, per_household_cap_fen=np.full(len(instance.funds), cap, dtype=np.int64)
        ),
        promises=earlier,
    )
    solution = solve_cash(capped, method=method)
    for place in range(len(instance.funds)):
        for number in (1, 2):
            rows = (solution.fund_index == place) & (household[solution.need_index] == number)
            before = 5 if (place, number) == (0, 1) else 0
            assert int(solution.amount_fen[rows].sum()) <= max(cap - before, 0)
