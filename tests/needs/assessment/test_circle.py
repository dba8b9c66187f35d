"""Relief circles at their thresholds, the expenditure test, and statutory limits."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import ReliefCircle
from needs.assessment.circle import Means, circle, temporary_relief_limit_fen
from needs.assessment.standards import Standard, known_standards, standard_for

STANDARD = 60_000
LOCAL = Standard("", STANDARD, date(2026, 1, 1), "invented", 6, 12, 0)
FROM_HARDEST = [
    ReliefCircle.BASIC, ReliefCircle.EDGE, ReliefCircle.RING_150, ReliefCircle.RING_200, ReliefCircle.OTHER,
]  # fmt: skip
MEANS = st.builds(
    Means,
    size=st.integers(1, 12),
    monthly_income_fen=st.integers(0, 10**8),
    expenses_fen=st.integers(0, 10**10),
)


@pytest.mark.parametrize(
    ("per_head", "ring"),
    [
        (0, ReliefCircle.BASIC),
        (STANDARD, ReliefCircle.BASIC),
        (STANDARD + 1, ReliefCircle.RING_150),
        (STANDARD * 3 // 2, ReliefCircle.RING_150),
        (STANDARD * 3 // 2 + 1, ReliefCircle.RING_200),
        (STANDARD * 2, ReliefCircle.RING_200),
        (STANDARD * 2 + 1, ReliefCircle.OTHER),
    ],
)
@pytest.mark.parametrize("size", [1, 3])
def test_the_rings_end_at_once_one_and_a_half_and_twice_the_standard(
    per_head: int, ring: ReliefCircle, size: int
) -> None:
    assert circle(Means(size, per_head * size, 0), standard_fen=STANDARD) == ring


@pytest.mark.parametrize(
    ("expenses_fen", "ring"),
    [(12 * STANDARD, ReliefCircle.EDGE), (12 * STANDARD - 12, ReliefCircle.RING_200)],
)
def test_spending_that_eats_what_lies_above_the_standard_makes_poor_by_expenditure(
    expenses_fen: int, ring: ReliefCircle
) -> None:
    assert circle(Means(1, 2 * STANDARD, expenses_fen), standard_fen=STANDARD) == ring


@pytest.mark.parametrize("declared", FROM_HARDEST)
def test_a_circle_that_the_government_established_holds(declared: ReliefCircle) -> None:
    assert circle(Means(1, 10**8, 0, declared), standard_fen=STANDARD) == declared
    assert circle(Means(1, 0, 0, declared), standard_fen=STANDARD) == declared


@given(MEANS, st.integers(0, 10**10))
def test_more_to_spend_never_moves_outwards_and_more_income_never_inwards(means: Means, more: int) -> None:
    def place(changed: Means) -> int:
        return FROM_HARDEST.index(circle(changed, standard_fen=STANDARD))

    assert place(replace(means, expenses_fen=means.expenses_fen + more)) <= place(means)
    assert place(replace(means, monthly_income_fen=means.monthly_income_fen + more)) >= place(means)


def test_temporary_relief_ends_at_six_standards_a_person_and_twelve_in_hard_cases() -> None:
    assert temporary_relief_limit_fen(people=3, standard=LOCAL, hard_case=False) == 18 * STANDARD
    assert temporary_relief_limit_fen(people=3, standard=LOCAL, hard_case=True) == 36 * STANDARD


def standard(region: str, day: str, fen: int) -> Standard:
    return Standard(region, fen, date.fromisoformat(day), "invented", 6, 12, 0)


TABLE = [
    standard("", "2000-01-01", 1),
    standard("990000", "2024-01-01", 2),
    standard("990100", "2025-01-01", 3),
    standard("990100", "2026-01-01", 4),
    standard("990121", "2026-07-01", 5),
]


@pytest.mark.parametrize(
    ("region", "on", "fen"),
    [
        ("990121", "2026-07-01", 5),
        ("990121", "2026-06-30", 4),
        ("990122", "2026-07-01", 4),
        ("990122", "2025-12-31", 3),
        ("990122", "2024-12-31", 2),
        ("990222", "2026-07-01", 2),
        ("370116", "2026-07-01", 1),
        ("990121", "2023-12-31", 1),
    ],
)
def test_the_standard_of_the_nearest_region_in_force_on_the_day_decides(
    region: str, on: str, fen: int
) -> None:
    assert standard_for(region, date.fromisoformat(on), TABLE).monthly_fen == fen


def test_a_day_before_every_standard_has_none() -> None:
    with pytest.raises(LookupError):
        standard_for("990121", date(1999, 12, 31), TABLE)


def test_what_the_installation_ships_covers_every_region_and_names_its_sources() -> None:
    shipped = known_standards()
    assert standard_for("650000", date(2026, 1, 1), shipped).monthly_fen > 0
    assert all(one.source and one.monthly_fen > 0 for one in shipped)
