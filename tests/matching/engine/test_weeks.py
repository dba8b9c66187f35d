"""Referrals in weeks: whole, within every week's places, in their window, fair among equal agencies."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Calendar,
    InstanceError,
    Outcome,
    UnitInstance,
    UnitNeeds,
    UnitOffers,
    explain_unit_pair,
    solve_weekly,
)


def calendar(places: list[list[int]], first: list[int], last: list[int]) -> Calendar:
    return Calendar(*(np.array(column, dtype=np.int64) for column in (places, first, last)))


def test_sessions_stand_in_weeks_of_one_agency_without_a_long_pause() -> None:
    instance = UnitInstance(UnitNeeds.of(ids=[1], units=[3]), UnitOffers.of(ids=[7, 8], units=[0, 0]), False)
    found = solve_weekly(instance, calendar([[1, 0, 0, 1, 1], [0, 1, 1, 0, 1]], [0], [4]))
    assert found.weeks.tolist() == [0b10110]
    assert found.solution.offer_index.tolist() == [1]


def test_equal_agencies_share_the_load_by_their_size() -> None:
    needs = UnitNeeds.of(ids=list(range(9)))
    instance = UnitInstance(needs, UnitOffers.of(ids=[7, 8], units=[0, 0]), False)
    found = solve_weekly(instance, calendar([[8, 0], [4, 0]], [0] * 9, [1] * 9))
    assert found.solution.used_units.tolist() == [6, 3]


def test_a_need_that_no_week_has_room_for_says_so() -> None:
    instance = UnitInstance(UnitNeeds.of(ids=[1], units=[2]), UnitOffers.of(ids=[7], units=[0]), False)
    found = solve_weekly(instance, calendar([[1, 0, 0, 1]], [0], [3]))
    assert found.weeks.tolist() == [0]
    assert found.solution.need_outcome.tolist() == [Outcome.EXHAUSTED]


def test_a_calendar_that_does_not_fit_the_instance_is_refused() -> None:
    instance = UnitInstance(UnitNeeds.of(ids=[1]), UnitOffers.of(ids=[7], units=[0]), False)
    with pytest.raises(InstanceError, match="one row of places per offer"):
        solve_weekly(instance, calendar([[1], [1]], [0], [0]))


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_week_is_exceeded_no_window_left_no_referral_split_and_none_that_fits_is_open(
    data: st.DataObject,
) -> None:
    n, m, weeks = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 4)), 5

    def column(size: int, low: int, high: int) -> list[int]:
        return data.draw(st.lists(st.integers(low, high), min_size=size, max_size=size))

    first = column(n, 0, weeks - 1)
    last = [begin + more for begin, more in zip(first, column(n, 0, 3), strict=True)]
    places = [column(weeks, 0, 2) for _ in range(m)]
    needs = UnitNeeds.of(
        ids=data.draw(st.permutations(range(n))), units=column(n, 1, 3), languages=column(n, 0, 3),
        category=column(n, 0, 1), priority=column(n, 0, 2), region=[990101 + 100 * k for k in column(n, 0, 1)],
    )  # fmt: skip
    offers = UnitOffers.of(
        ids=data.draw(st.permutations(range(m))), units=[0] * m, languages=column(m, 0, 3),
        categories=column(m, 0, 2), regions=[[[], [990101], [990200]][k] for k in column(m, 0, 2)],
    )  # fmt: skip
    instance = UnitInstance(needs, offers, splittable=False)
    found = solve_weekly(instance, calendar(places, first, last))
    left, solution = np.array(places), found.solution
    full = UnitInstance(needs, UnitOffers(**{**_columns(offers), "units": left.sum(axis=1)}), False)
    for need, offer in zip(solution.need_index.tolist(), solution.offer_index.tolist(), strict=True):
        taken = [week for week in range(weeks) if found.weeks[need] >> week & 1]
        assert len(taken) == needs.units[need]
        assert first[need] <= taken[0] <= last[need]
        assert all(later - sooner <= 2 for sooner, later in pairwise(taken))
        assert not explain_unit_pair(full, solution, need, offer).failed_rules
        left[offer, taken] -= 1
    assert (left >= 0).all()
    assert len(set(solution.need_index.tolist())) == len(solution.need_index)
    for need in np.flatnonzero(found.weeks == 0).tolist():
        for offer in range(m):
            if explain_unit_pair(full, solution, need, offer).failed_rules:
                continue
            free = [week for week in range(first[need], weeks) if left[offer, week] > 0]
            for taken in combinations(free, int(needs.units[need])):
                near = all(later - sooner <= 2 for sooner, later in pairwise(taken))
                assert not (near and taken[0] <= last[need])


def _columns(offers: UnitOffers) -> dict[str, np.ndarray]:
    return {name: getattr(offers, name) for name in offers.__dataclass_fields__}
