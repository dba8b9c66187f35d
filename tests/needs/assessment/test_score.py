"""The difficulty score: within 0 and 100, the sum of its parts, and never lower for a heavier burden."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import Group, ReliefCircle, Tier
from needs.assessment.score import SHIPPED, Facts, score

WEIGHTS = {name: line.points for name, line in SHIPPED.indicators.items()}
VULNERABLE_GROUPS = SHIPPED.indicators["vulnerable"].groups
FEN = st.integers(0, 10**11)
FACTS = st.builds(
    Facts,
    circle=st.sampled_from(ReliefCircle),
    tier=st.sampled_from(Tier),
    groups=st.frozensets(st.sampled_from([str(group) for group in Group])),
    yearly_income_fen=FEN,
    expenses_fen=FEN,
)
RINGS = [
    ReliefCircle.OTHER, ReliefCircle.RING_200, ReliefCircle.RING_150, ReliefCircle.EDGE, ReliefCircle.BASIC,
]  # fmt: skip
TIERS = [Tier.DEPARTMENTAL, Tier.JOINT, Tier.CRITICAL]


@given(FACTS)
def test_a_score_is_0_to_100_and_its_parts_add_up(facts: Facts) -> None:
    found = score(facts)
    assert 0 <= found.total <= 100
    assert sum(found.parts.values()) == found.total
    assert found.parts.keys() == WEIGHTS.keys()
    assert all(0 <= found.parts[name] <= most for name, most in WEIGHTS.items())


def test_the_weights_make_100_and_are_all_reached_by_the_hardest_case() -> None:
    assert sum(WEIGHTS.values()) == 100
    hardest = Facts(ReliefCircle.BASIC, Tier.CRITICAL, frozenset(VULNERABLE_GROUPS), 0, 10**9)
    assert score(hardest).parts == WEIGHTS


def test_a_household_with_no_burden_has_the_points_of_its_tier_alone() -> None:
    assert score(Facts(ReliefCircle.OTHER, Tier.DEPARTMENTAL, frozenset(), 10**7, 0)).total == 3


@given(FACTS, FEN)
def test_more_to_spend_never_lowers_the_score(facts: Facts, more: int) -> None:
    heavier = score(replace(facts, expenses_fen=facts.expenses_fen + more))
    assert heavier.total >= score(facts).total


@given(FACTS, FEN)
def test_more_income_never_raises_the_score(facts: Facts, more: int) -> None:
    richer = score(replace(facts, yearly_income_fen=facts.yearly_income_fen + more))
    assert richer.total <= score(facts).total


@given(FACTS, st.sampled_from(Group))
def test_one_more_group_never_lowers_the_score(facts: Facts, group: Group) -> None:
    assert score(replace(facts, groups=facts.groups | {group})).total >= score(facts).total


@pytest.mark.parametrize(("field", "order"), [("circle", RINGS), ("tier", TIERS)])
@given(facts=FACTS)
def test_a_harder_circle_or_tier_scores_higher(field: str, order: list[str], facts: Facts) -> None:
    totals = [score(replace(facts, **{field: value})).total for value in order]
    assert totals == sorted(totals)
    assert totals[0] < totals[-1]


def test_groups_that_make_nobody_vulnerable_count_nothing() -> None:
    facts = Facts(ReliefCircle.OTHER, Tier.JOINT, frozenset(), 1, 0)
    others = frozenset(str(group) for group in Group) - VULNERABLE_GROUPS
    assert others
    assert score(replace(facts, groups=others)) == score(facts)
