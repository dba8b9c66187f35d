"""Referrals stay with one agency, goods may come from several lots, both within capacity, area and clientele."""

import numpy as np
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


@settings(max_examples=60, deadline=None)
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
