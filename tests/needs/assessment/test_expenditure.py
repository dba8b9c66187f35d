"""The expenditure test (支出型): which share of income spending must take, and what is left must be little."""

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from jiujinan.codes import ReliefCircle
from needs.assessment.circle import Means, Ring, standing, temporary_relief_limit_fen
from needs.assessment.standards import Standard
from tests.town import NOW

STANDARDS = st.integers(1, 10**6)
PERMILLE = st.integers(0, 2000)
MEANS = st.builds(
    Means,
    size=st.integers(1, 12),
    monthly_income_fen=st.integers(0, 10**8),
    expenses_fen=st.integers(0, 10**10),
)


def is_poor(means: Means, standard: int, permille: int) -> bool:
    return standing(means, standard_fen=standard, expense_permille=permille).is_poor_by_expenditure


@given(MEANS, STANDARDS, PERMILLE)
@example(Means(1, 100_000, 1_200_000), 60_000, 1000)
@example(Means(1, 100_000, 1_199_999), 60_000, 1000)
@example(Means(3, 0, 0), 60_000, 600)
def test_it_is_what_the_definition_says_in_exact_fractions(
    means: Means, standard: int, permille: int
) -> None:
    a_head = Fraction(means.monthly_income_fen, means.size)
    left = (Fraction(means.monthly_income_fen * 12) - means.expenses_fen) / (12 * means.size)
    share = means.expenses_fen >= Fraction(permille, 1000) * means.monthly_income_fen * 12
    # Figures a head are whole fen, rounded down: within a fen of the line both answers are the rule's.
    definition = a_head >= standard + 1 and left < standard + 1 and share
    assert is_poor(means, standard, permille) is definition


@given(MEANS, STANDARDS, PERMILLE, PERMILLE)
def test_asking_a_greater_share_makes_nobody_poor(means: Means, standard: int, few: int, more: int) -> None:
    low, high = sorted((few, more))
    assert is_poor(means, standard, low) or not is_poor(means, standard, high)


@given(MEANS, STANDARDS, PERMILLE, st.integers(0, 10**10))
def test_more_to_spend_never_ends_it(means: Means, standard: int, permille: int, more: int) -> None:
    spent = Means(means.size, means.monthly_income_fen, means.expenses_fen + more)
    assert is_poor(spent, standard, permille) or not is_poor(means, standard, permille)


@given(MEANS, STANDARDS, PERMILLE, st.sampled_from(["", *ReliefCircle]))
def test_it_puts_a_household_on_the_edge_and_never_against_what_the_government_established(
    means: Means, standard: int, permille: int, declared: str
) -> None:
    found = standing(
        Means(means.size, means.monthly_income_fen, means.expenses_fen, declared),
        standard_fen=standard,
        expense_permille=permille,
    )
    if declared:
        assert found.circle == declared
    elif found.is_poor_by_expenditure:
        assert (found.circle, found.ring != Ring.RING_100) == (ReliefCircle.EDGE, True)
    else:
        assert found.circle != ReliefCircle.EDGE


@given(st.integers(1, 12), STANDARDS, st.integers(1, 24), st.integers(0, 24), st.booleans())
def test_the_ceiling_grows_with_people_standard_and_hardship(
    people: int, standard: int, months: int, further: int, hard: bool
) -> None:
    row = Standard("", standard, NOW.date(), "invented", months, months + further, 0)
    found = temporary_relief_limit_fen(people=people, standard=row, hard_case=hard)
    assert found == people * temporary_relief_limit_fen(people=1, standard=row, hard_case=hard)
    assert temporary_relief_limit_fen(people=people, standard=row, hard_case=True) >= found
