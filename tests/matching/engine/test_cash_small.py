"""Small instances whose answer can be worked out by hand."""

import numpy as np

from matching.engine import (
    CashInstance,
    CashNeeds,
    Funds,
    Outcome,
    Promises,
    Rule,
    explain_pair,
    solve_cash,
)


def amounts(instance: CashInstance) -> dict[tuple[int, int], int]:
    solution = solve_cash(instance)
    needs, funds = instance.needs.id, instance.funds.id
    rows = zip(solution.need_index, solution.fund_index, solution.amount_fen, strict=True)
    return {(int(needs[need]), int(funds[fund])): int(amount) for need, fund, amount in rows}


def test_a_critical_need_is_covered_before_a_departmental_one_of_higher_priority() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[500, 500], tier=[2, 0], priority=[99, 1])
    assert amounts(CashInstance(needs, Funds.of(ids=[7], available_fen=[600]))) == {(2, 7): 500, (1, 7): 100}


def test_money_is_rerouted_so_that_the_flexible_fund_serves_whom_no_other_serves() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[100, 100], region=[990122, 990123], priority=[2, 1])
    funds = Funds.of(ids=[7, 8], available_fen=[100, 100], regions=[[990122], []])
    assert amounts(CashInstance(needs, funds)) == {(1, 7): 100, (2, 8): 100}


def test_the_caps_per_case_per_share_and_per_household_all_hold() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[1000, 1000], household=[5, 5])
    funds = Funds.of(
        ids=[7, 8, 9],
        available_fen=[9000, 9000, 9000],
        per_case_cap_fen=[100, 0, 0],
        share_cap_permille=[0, 250, 0],
        per_household_cap_fen=[0, 0, 300],
    )
    solution = solve_cash(CashInstance(needs, funds))
    assert solution.spent_fen.tolist() == [200, 500, 300]
    assert solution.needs.shortfall.tolist() == [Outcome.CAPPED, Outcome.CAPPED]


def test_earlier_promises_count_towards_the_caps() -> None:
    needs = CashNeeds.of(ids=[1], gap_fen=[1000], household=[5])
    funds = Funds.of(
        ids=[7, 8], available_fen=[900, 900], per_case_cap_fen=[300, 0], per_household_cap_fen=[0, 400]
    )
    promises = Promises(
        need_id=np.array([1, 77]),
        household=np.array([5, 5]),
        fund_id=np.array([7, 8]),
        amount_fen=np.array([120, 150]),
    )
    assert amounts(CashInstance(needs, funds, promises)) == {(1, 7): 180, (1, 8): 250}


def test_no_grant_is_below_the_minimum_even_where_the_gap_is_smaller() -> None:
    needs = CashNeeds.of(ids=[1, 2, 3], gap_fen=[500, 500, 80], priority=[3, 2, 1])
    funds = Funds.of(ids=[7], available_fen=[680], minimum_grant_fen=[200])
    assert amounts(CashInstance(needs, funds)) == {(1, 7): 500}


def test_equals_share_instead_of_the_lower_id_taking_all() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[100, 100], priority=[4, 4])
    assert amounts(CashInstance(needs, Funds.of(ids=[7], available_fen=[100]))) == {(1, 7): 50, (2, 7): 50}


def test_an_expired_fund_says_so_and_names_the_day() -> None:
    instance = CashInstance(
        CashNeeds.of(ids=[1], gap_fen=[100]),
        Funds.of(ids=[7], available_fen=[100], expires_on=[50]),
        today=60,
    )
    reason = explain_pair(instance, solve_cash(instance), 0, 0)
    assert reason.failed_rules == Rule.PERIOD
    assert reason.change is not None
    assert (reason.change.rule, reason.change.value) == (Rule.PERIOD, 60)


def test_an_eligible_need_without_money_learns_at_which_priority_it_ended() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[100, 100], priority=[9, 4])
    instance = CashInstance(needs, Funds.of(ids=[7], available_fen=[100]))
    solution = solve_cash(instance)
    assert solution.needs.outcome.tolist() == [Outcome.MATCHED, Outcome.EXHAUSTED]
    assert solution.needs.exhausted_priority.tolist() == [9, 9]
    assert solution.funds.price_need.tolist() == [1]


def test_an_instance_without_needs_or_funds_has_an_empty_solution() -> None:
    nobody = CashNeeds.of(ids=[], gap_fen=[])
    nothing = Funds.of(ids=[], available_fen=[])
    assert amounts(CashInstance(nobody, Funds.of(ids=[7], available_fen=[100]))) == {}
    assert amounts(CashInstance(CashNeeds.of(ids=[1], gap_fen=[5]), nothing)) == {}
