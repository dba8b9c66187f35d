"""Where a paired partner's resources may go."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.pairing_rules import narrowed
from jiujinan.regions.rules import is_within

DIVISIONS = ["990000", "990100", "990121", "990122", "990200", "990221", "980000", "980101"]
lists = st.lists(st.sampled_from(DIVISIONS), max_size=4)


@pytest.mark.parametrize(
    ("own", "paired", "both"),
    [
        ([], ["990100"], ("990100",)),
        ([], [], None),
        (["990100"], [], None),
        (["990000"], ["990121"], ("990121",)),
        (["990121"], ["990000"], ("990121",)),
        (["990121", "990200"], ["990100"], ("990121",)),
        (["980000"], ["990000"], None),
    ],
)
def test_both_lists_have_to_hold(own: list[str], paired: list[str], both: tuple[str, ...] | None) -> None:
    assert narrowed(own, paired) == both


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(own=lists, paired=lists, place=st.sampled_from(DIVISIONS))
def test_a_place_is_left_exactly_where_both_lists_cover_it(
    own: list[str], paired: list[str], place: str
) -> None:
    left = narrowed(own, paired)
    within_own = not own or any(is_within(place, code) for code in own)
    within_pairing = any(is_within(place, code) for code in paired)
    covered = left is not None and any(is_within(place, code) for code in left)
    assert covered is (within_own and within_pairing)
