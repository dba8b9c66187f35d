"""Idle money by what keeps it idle, and where the next yuan would go."""

from matching.engine import CashInstance, CashNeeds, Funds, Rule, solve_cash
from matching.engine.views import idle_money, where_next


def test_idle_money_is_summed_by_the_rule_that_keeps_it_from_open_needs() -> None:
    needs = CashNeeds.of(ids=[1], gap_fen=[500], region=[990122])
    funds = Funds.of(ids=[7, 8, 9], available_fen=[300, 200, 50], regions=[[980000], [970101], [990100]])
    instance = CashInstance(needs, funds)
    idle = idle_money(instance, solve_cash(instance))
    assert (idle.failed_rules.tolist(), idle.funds.tolist(), idle.left_fen.tolist()) == (
        [Rule.REGION],
        [2],
        [500],
    )


def test_the_next_yuan_goes_first_where_the_best_ranked_need_is_open() -> None:
    needs = CashNeeds.of(
        ids=[1, 2, 3, 4],
        gap_fen=[100, 200, 300, 400],
        region=[990122, 990222, 980101, 980102],
        category=[1, 1, 2, 2],
        priority=[1, 2, 9, 3],
    )
    instance = CashInstance(needs, Funds.of(ids=[7], available_fen=[250], regions=[[980101]]))
    rows = where_next(instance, solve_cash(instance))
    assert rows.region.tolist() == [980000, 990000]
    assert rows.open_fen.tolist() == [450, 300]
    assert rows.first_need.tolist() == [2, 1]
    assert rows.without_any_fund.tolist() == [1, 2]


def test_both_views_are_empty_when_everything_is_met() -> None:
    instance = CashInstance(CashNeeds.of(ids=[1], gap_fen=[5]), Funds.of(ids=[7], available_fen=[5]))
    solution = solve_cash(instance)
    assert len(idle_money(instance, solution).left_fen) == 0
    assert len(where_next(instance, solution).region) == 0
