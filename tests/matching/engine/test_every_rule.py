"""An independent checker finds every rule kept, and what was promised counts towards caps alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine import CashInstance, CashNeeds, Funds, Promises, solve_cash
from matching.engine.cash import Method

from .checker import Grant, faults
from .instances import crowded_instances

both = pytest.mark.parametrize("method", ["pairs", "large"])


def grants(instance: CashInstance, method: Method) -> list[Grant]:
    found = solve_cash(instance, method=method)
    return list(
        zip(found.need_index.tolist(), found.fund_index.tolist(), found.amount_fen.tolist(), strict=True)
    )


def numbers(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@both
@settings(max_examples=60, deadline=None)
@given(instance=crowded_instances())
def test_the_checker_finds_every_rule_kept(method: Method, instance: CashInstance) -> None:
    assert faults(instance, grants(instance, method)) == []


def test_the_checker_finds_what_is_broken() -> None:
    needs = CashNeeds.of(
        ids=[1, 2], gap_fen=[50, 50], region=[990101, 980101], category=[1, 2], household=[4, 4]
    )
    funds = Funds.of(
        ids=[7], available_fen=[60], regions=[[990000]], categories=[2], tiers=[3], groups=[1], government_first=[1],
        minimum_grant_fen=[20], per_case_cap_fen=[30], per_household_cap_fen=[25], opens_on=[8], expires_on=[9],
    )  # fmt: skip
    told = faults(CashInstance(needs, funds, today=10), [(0, 0, 51), (1, 0, 10), (1, 0, 10)])
    for rule in ("region", "category", "tier", "groups", "period", "over its cap", "under the minimum", "given twice",
                 "household 4", "over its gap", "over its balance"):  # fmt: skip
        assert any(rule in line for line in told), rule
    assert "government first" in " ".join(
        faults(CashInstance(replace(needs, government_done=np.zeros(2, dtype=np.bool_)), funds), [(0, 0, 20)])
    )


@both
def test_what_is_promised_leaves_the_gap_alone_where_there_is_no_cap(method: Method) -> None:
    needs, funds = CashNeeds.of(ids=[1], gap_fen=[50]), Funds.of(ids=[7], available_fen=[50])
    instance = CashInstance(needs, funds, Promises(numbers(1), numbers(0), numbers(7), numbers(40)))
    assert grants(instance, method) == [(0, 0, 50)]


@both
def test_the_cap_of_somebody_without_a_household_counts_what_was_promised_to_them(method: Method) -> None:
    needs = CashNeeds.of(ids=[1], gap_fen=[50])
    funds = Funds.of(ids=[7], available_fen=[50], per_household_cap_fen=[45])
    instance = CashInstance(needs, funds, Promises(numbers(1), numbers(0), numbers(7), numbers(40)))
    assert grants(instance, method) == [(0, 0, 5)]
