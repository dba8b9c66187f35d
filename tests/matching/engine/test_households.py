"""Households whose grants a fund caps together: as covered as by the flow over all pairs, and proved by the cut."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.instances import make_instance, share_households
from matching.engine import (
    CashInstance,
    CashNeeds,
    CashSolution,
    Funds,
    Promises,
    certificate_households,
    solve_cash,
)
from matching.engine.certificate import certified_bound
from matching.engine.columns import Int64
from matching.engine.provinces import solve_by_province, worth_dividing
from matching.engine.ranks import rank_needs

from .checker import faults
from .instances import crowded_instances
from .test_provinces import across

CAPS = st.lists(st.sampled_from([0, 9, 30]), min_size=5, max_size=5)
HOUSEHOLDS = st.lists(st.integers(0, 2), min_size=9, max_size=9)


@st.composite
def shared(draw: st.DrawFn) -> CashInstance:
    """Return an instance with every rule but minimum grants, whose repair is a rule of thumb."""
    found = draw(crowded_instances())
    return replace(
        found, funds=replace(found.funds, minimum_grant_fen=np.zeros(len(found.funds), dtype=np.int64))
    )


def by_level(instance: CashInstance, found: CashSolution) -> Int64:
    """Return what the first levels together are covered with, for each level."""
    covered = np.zeros(int(rank_needs(instance.needs).level.max()) + 1, dtype=np.int64)
    np.add.at(covered, rank_needs(instance.needs).level, found.covered_fen)
    return np.cumsum(covered)


@settings(max_examples=150, deadline=None)
@given(shared())
def test_every_level_is_covered_as_by_the_flow_over_all_pairs(instance: CashInstance) -> None:
    large = solve_cash(instance, method="large")
    assert (
        by_level(instance, large).tolist()
        == by_level(instance, solve_cash(instance, method="pairs")).tolist()
    )
    grants = zip(large.need_index, large.fund_index, large.amount_fen, strict=True)
    assert faults(instance, [(int(need), int(fund), int(fen)) for need, fund, fen in grants]) == []


@pytest.mark.parametrize("size", [2, 5, 12])
def test_the_certificate_proves_every_level_of_many_needs(size: int) -> None:
    instance = share_households(make_instance(300, 40, "national", caps=True, seed=size), size)
    found = solve_cash(instance, method="large")
    for last, covered in list(enumerate(by_level(instance, found).tolist()))[::13]:
        assert certified_bound(instance, found.price_level, last) == covered


@settings(max_examples=60, deadline=None)
@given(shared(), st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_a_certificate_with_any_prices_is_never_below_the_optimum(
    instance: CashInstance, prices: list[int]
) -> None:
    made_up = np.array(prices[: len(instance.funds)], dtype=np.int64)
    for last, covered in enumerate(by_level(instance, solve_cash(instance, method="pairs")).tolist()):
        assert certified_bound(instance, made_up, last) >= covered


@settings(max_examples=30, deadline=None)
@given(shared())
def test_without_promises_the_certificate_is_reached(instance: CashInstance) -> None:
    instance = replace(instance, promises=Promises())
    found = solve_cash(instance, method="large")
    for last, covered in enumerate(by_level(instance, found).tolist()):
        assert certified_bound(instance, found.price_level, last) == covered


@settings(max_examples=30, deadline=None)
@given(shared(), st.data())
def test_the_order_of_rows_changes_nothing(instance: CashInstance, data: st.DataObject) -> None:
    needs = np.array(data.draw(st.permutations(range(len(instance.needs)))), dtype=np.int64)
    turned = replace(instance, needs=instance.needs.take(needs))
    one, other = solve_cash(instance, method="large"), solve_cash(turned, method="large")
    assert one.covered_fen[needs].tolist() == other.covered_fen.tolist()
    assert one.spent_fen.tolist() == other.spent_fen.tolist()


@settings(max_examples=40, deadline=None)
@given(across(), HOUSEHOLDS, CAPS)
def test_by_province_every_need_is_covered_as_in_a_single_run(
    instance: CashInstance, households: list[int], caps: list[int]
) -> None:
    household = np.array(households[: len(instance.needs)], dtype=np.int64)
    cap = np.array(caps[: len(instance.funds)], dtype=np.int64)
    instance = replace(
        instance,
        needs=replace(instance.needs, household=household),
        funds=replace(instance.funds, per_household_cap_fen=cap),
    )
    if worth_dividing(instance):
        divided = solve_by_province(instance)
        assert divided.covered_fen.tolist() == solve_cash(instance, method="large").covered_fen.tolist()


def test_a_need_takes_over_what_another_of_its_household_can_find_elsewhere() -> None:
    needs = CashNeeds.of(ids=[1, 2], gap_fen=[100, 100], household=[5, 5], category=[0, 1], priority=[2, 1])
    funds = Funds.of(ids=[7, 8], available_fen=[500, 100], categories=[0, 1], per_household_cap_fen=[100, 0])
    found = solve_cash(CashInstance(needs, funds), method="large")
    assert found.covered_fen.tolist() == [100, 100]


def test_a_household_of_many_is_proved_by_sets_that_fall() -> None:
    needs = CashNeeds.of(ids=range(1, 31), gap_fen=[10] * 30, household=[5] * 30, category=[0, 1] * 15)
    funds = Funds.of(ids=[7, 8], available_fen=[500, 500], categories=[1, 2], per_household_cap_fen=[90, 170])
    instance = CashInstance(needs, funds)
    found = solve_cash(instance, method="large")
    assert int(found.covered_fen.sum()) == certified_bound(instance, found.price_level, 0) == 90 + 150
    assert certificate_households.TRIED < 15 < 30 <= certificate_households.MOST
