"""By province: never over a balance, cap or gap, and every need covered as in a single run."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CashInstance, CashNeeds, CashSolution, Funds, solve_cash
from matching.engine.certificate import certified_bound
from matching.engine.provinces import Plan, solve_by_province, solve_here, worth_dividing
from matching.engine.provinces.parts import divide
from matching.engine.ranks import rank_needs
from tests.matching.engine.instances import admits, cash_instances

ACROSS = [110101, 110102, 120101, 120200, 310101, 0]
CHARTERS = [[], [], [110000], [120000], [310000], [110101], [110000, 120000], [0], [310101, 120200]]


@st.composite
def across(draw: st.DrawFn) -> CashInstance:
    """Return a small instance over three provinces, with money of one, of two and of all."""
    found = draw(cash_instances())
    needs, funds = found.needs, found.funds
    region = draw(st.lists(st.sampled_from(ACROSS), min_size=len(needs), max_size=len(needs)))
    lists = draw(st.lists(st.sampled_from(CHARTERS), min_size=len(funds), max_size=len(funds)))
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in lists])]).astype(np.int64)
    return replace(
        found,
        needs=replace(needs, region=np.array(region, dtype=np.int64)),
        funds=replace(
            funds,
            region_offsets=offsets,
            region_codes=np.array([code for one in lists for code in one], dtype=np.int64),
        ),
    )


def assert_allowed(instance: CashInstance, found: CashSolution) -> None:
    """Assert that nothing is given over a gap, a balance, a cap or a charter."""
    needs, funds = instance.needs, instance.funds
    assert (found.amount_fen > 0).all()
    assert (found.covered_fen <= needs.gap_fen).all()
    assert (found.spent_fen <= funds.available_fen).all()
    pairs = Counter(zip(found.need_index.tolist(), found.fund_index.tolist(), strict=True))
    assert set(pairs.values()) <= {1}
    for need, fund, fen in zip(found.need_index, found.fund_index, found.amount_fen, strict=True):
        assert admits(instance, need, fund)
        assert not funds.per_case_cap_fen[fund] or fen <= funds.per_case_cap_fen[fund]
        share = funds.share_cap_permille[fund] * needs.required_fen[need] // 1000
        assert not funds.share_cap_permille[fund] or fen <= share


@settings(max_examples=25, deadline=None)
@given(across(), st.integers(1, 3), st.booleans())
def test_nothing_is_given_that_the_rules_forbid(instance: CashInstance, rounds: int, finish: bool) -> None:
    assert_allowed(instance, solve_by_province(instance, rounds=rounds, finish=finish))


@settings(max_examples=40, deadline=None)
@given(across(), st.integers(1, 3))
def test_every_need_is_covered_as_in_a_single_run(instance: CashInstance, rounds: int) -> None:
    once = solve_cash(instance, method="large")
    divided = solve_by_province(instance, rounds=rounds)
    if worth_dividing(instance):
        assert divided.covered_fen.tolist() == once.covered_fen.tolist()


@settings(max_examples=20, deadline=None)
@given(across())
def test_without_shared_money_the_parts_alone_are_the_single_run(instance: CashInstance) -> None:
    home = instance.needs.region // 10_000
    bound = np.where(np.diff(instance.funds.region_offsets) == 0, 110_000, 120_000).astype(np.int64)
    funds = replace(instance.funds, region_offsets=np.arange(len(bound) + 1), region_codes=bound)
    instance = replace(instance, funds=funds)
    if worth_dividing(instance) and home.any():
        assert not len(divide(instance).shared)
        once = solve_cash(instance, method="large")
        divided = solve_by_province(instance, rounds=1, finish=False)
        assert divided.covered_fen.tolist() == once.covered_fen.tolist()


@settings(max_examples=20, deadline=None)
@given(across())
def test_its_certificate_bounds_every_level(instance: CashInstance) -> None:
    found = solve_by_province(instance)
    ranks = rank_needs(instance.needs)
    for level in range(int(ranks.level.max(initial=-1)) + 1):
        covered = int(found.covered_fen[ranks.level <= level].sum())
        assert covered <= certified_bound(instance, found.price_level, level)


@settings(max_examples=40, deadline=None)
@given(across(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(instance: CashInstance, chance: object) -> None:
    needs = np.arange(len(instance.needs))[::-1].copy()
    turned = replace(instance, needs=instance.needs.take(needs))
    one, other = solve_by_province(instance), solve_by_province(turned)
    assert one.covered_fen[needs].tolist() == other.covered_fen.tolist()
    assert one.spent_fen.tolist() == other.spent_fen.tolist()


def two_provinces() -> CashInstance:
    """Return two provinces that want all of one national fund, the second one more urgently."""
    needs = CashNeeds.of(
        ids=[1, 2, 3], gap_fen=[900, 900, 900], region=[110101, 120101, 120101], tier=[2, 0, 1]
    )
    return CashInstance(needs, Funds.of(ids=[1], available_fen=[1800], per_case_cap_fen=[900]))


def test_national_money_goes_where_it_serves_the_earliest_level() -> None:
    instance = two_provinces()
    plan = Plan.of(instance)
    plan.share[:] = [[900, 900]]
    for _ in range(3):
        plan.hear(solve_here(plan.division.parts, plan.shares_by_part()))
        plan.exchange()
    assert plan.share.tolist() == [[1, 1799]]


def test_shares_always_sum_to_the_balance() -> None:
    plan = Plan.of(two_provinces())
    for _ in range(3):
        assert plan.share.sum(axis=1).tolist() == [1800]
        plan.hear(solve_here(plan.division.parts, plan.shares_by_part()))
        plan.exchange()


def test_provinces_that_share_a_household_are_one_part() -> None:
    instance = two_provinces()
    needs = replace(instance.needs, household=np.array([7, 7, 8]))
    assert [part.needs.tolist() for part in divide(replace(instance, needs=needs)).parts] == [[0, 1, 2]]


@pytest.mark.parametrize("caps", [{}, {"per_case_cap_fen": [900]}])
def test_only_capped_money_is_worth_dividing(caps: dict[str, list[int]]) -> None:
    instance = two_provinces()
    funds = Funds.of(ids=[1], available_fen=[1800], **caps)  # type: ignore[arg-type]
    assert worth_dividing(replace(instance, funds=funds)) == bool(caps)
