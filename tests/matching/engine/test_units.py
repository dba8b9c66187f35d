"""Referrals stay with one agency, goods may come from several lots, both within capacity, area and clientele."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Outcome, Rule, UnitInstance, UnitNeeds, UnitOffers, explain_unit_pair, solve_units


def test_a_referral_of_several_sessions_is_not_split() -> None:
    needs = UnitNeeds.of(ids=[1, 2], units=[4, 4], priority=[2, 1])
    offers = UnitOffers.of(ids=[7, 8], units=[5, 3])
    solution = solve_units(UnitInstance(needs, offers, splittable=False))
    assert solution.covered_units.tolist() == [4, 0]
    assert solution.need_outcome.tolist() == [Outcome.MATCHED, Outcome.EXHAUSTED]


def test_goods_come_from_several_lots_and_only_in_whole_pieces() -> None:
    needs = UnitNeeds.of(ids=[1], units=[7], item=[501])
    offers = UnitOffers.of(ids=[7, 8, 9], units=[5, 3, 90], item=[501, 501, 502])
    solution = solve_units(UnitInstance(needs, offers, splittable=True))
    assert solution.units.sum() == 7
    assert solution.used_units.tolist()[2] == 0


def test_an_agency_without_the_language_says_so() -> None:
    instance = UnitInstance(
        UnitNeeds.of(ids=[1], languages=[2]),
        UnitOffers.of(ids=[7], units=[3], languages=[1]),
        splittable=False,
    )
    reason = explain_unit_pair(instance, solve_units(instance), 0, 0)
    assert (reason.outcome, reason.failed_rules) == (Outcome.NOT_ELIGIBLE, Rule.LANGUAGE)


def test_equal_agencies_share_the_load() -> None:
    needs = UnitNeeds.of(ids=list(range(10)))
    solution = solve_units(UnitInstance(needs, UnitOffers.of(ids=[7, 8], units=[10, 10]), splittable=False))
    assert solution.used_units.tolist() == [5, 5]


@st.composite
def unit_instances(draw: st.DrawFn, *, most: int, splittable: bool) -> UnitInstance:
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 4))

    def column(size: int, values: list[int]) -> list[int]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    needs = UnitNeeds.of(
        ids=np.arange(n),
        units=column(n, list(range(most + 1))),
        region=column(n, [990101, 990201]),
        category=column(n, [0, 1]),
        item=column(n, [0, 501, 502]),
        tier=column(n, [0, 1, 2]),
        languages=column(n, [0, 1, 2]),
        priority=column(n, [0, 1]),
    )
    offers = UnitOffers.of(
        ids=np.arange(m),
        units=column(m, list(range(7))),
        regions=[[code] if code else [] for code in column(m, [0, 990101, 990200])],
        categories=column(m, [0, 1, 2]),
        item=column(m, [0, 0, 501]),
        languages=column(m, [0, 0, 1, 3]),
    )
    return UnitInstance(needs, offers, splittable)


@pytest.mark.parametrize(("most", "splittable"), [(1, False), (4, True)])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_both_methods_serve_every_tier_alike(most: int, splittable: bool, data: st.DataObject) -> None:
    instance = data.draw(unit_instances(most=most, splittable=splittable))
    pairs, large = solve_units(instance, method="pairs"), solve_units(instance, method="large")
    for tier in range(3):
        rows = instance.needs.tier == tier
        assert pairs.covered_units[rows].sum() == large.covered_units[rows].sum()


@settings(max_examples=30, deadline=None)
@given(instance=unit_instances(most=4, splittable=False))
def test_at_full_size_too_a_referral_is_with_one_fitting_agency_or_none(instance: UnitInstance) -> None:
    solution = solve_units(instance, method="large")
    assert (solution.used_units <= instance.offers.units).all()
    assert len(np.unique(solution.need_index)) == len(solution.need_index)
    for need, offer, units in zip(solution.need_index, solution.offer_index, solution.units, strict=True):
        reason = explain_unit_pair(instance, solution, int(need), int(offer))
        assert reason.failed_rules == 0
        assert units == instance.needs.units[need]


@settings(max_examples=30, deadline=None)
@given(
    units=st.lists(st.integers(0, 4), min_size=1, max_size=8),
    capacity=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    splittable=st.booleans(),
)
def test_no_capacity_and_no_wish_is_exceeded(units: list[int], capacity: list[int], splittable: bool) -> None:
    needs = UnitNeeds.of(ids=np.arange(len(units)), units=units, priority=np.arange(len(units)))
    offers = UnitOffers.of(ids=np.arange(len(capacity)), units=capacity)
    solution = solve_units(UnitInstance(needs, offers, splittable))
    assert (solution.covered_units <= needs.units).all()
    assert (solution.used_units <= offers.units).all()
    if splittable:
        assert solution.covered_units.sum() == min(sum(units), sum(capacity))
    else:
        assert len(np.unique(solution.need_index)) == len(solution.need_index)
        assert np.isin(solution.covered_units, [0]).sum() + (
            solution.covered_units == needs.units
        ).sum() >= len(units)
