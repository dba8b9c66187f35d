"""The lattice, the bands and the counts that the public may see."""

import itertools

import pytest

from jiujinan.codes import AgeBand, AmountBand, Cause, CauseGroup, Group, ItemCategory, ItemKind
from needs.anonymise.bands import age_band, amount_band, percent_step
from needs.anonymise.lattice import (
    FINEST,
    HIGHEST,
    Levels,
    Subject,
    coarser_region,
    coarsest,
    generalise,
    information_loss,
    lattice,
)

SUBJECT = Subject(
    county="990121",
    cause=Cause.ILLNESS,
    month=24321,
    age_band=AgeBand.AGE_60_69,
    trait=Group.LIVING_ALONE,
    amount_band=AmountBand.FROM_10K,
    categories=frozenset({ItemCategory.MEDICAL, ItemCategory.CARE}),
)


def test_a_region_becomes_its_prefecture_and_its_province() -> None:
    assert [coarser_region("990121", level) for level in (0, 1, 2)] == ["990121", "990100", "990000"]


@pytest.mark.parametrize("county", ["", "99012", "9901211", "99012x", "９９０１２１"])
def test_a_subject_needs_a_region_code_of_six_digits(county: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        Subject(county=county, cause=Cause.ILLNESS, month=1)


def test_the_finest_record_says_everything() -> None:
    said = generalise(SUBJECT, FINEST)
    assert (said.region, said.cause, said.age_band) == ("990121", Cause.ILLNESS, AgeBand.AGE_60_69)
    assert (said.trait, said.amount_band) == (Group.LIVING_ALONE, AmountBand.FROM_10K)
    assert said.categories == {ItemCategory.MEDICAL, ItemCategory.CARE}


def test_the_coarsest_record_says_province_and_kinds_alone() -> None:
    said = generalise(SUBJECT, HIGHEST)
    assert said.region == "990000"
    assert (said.cause, said.cause_group, said.age_band, said.wide_age_band) == (None, None, None, None)
    assert (said.trait, said.amount_band, said.wide_amount_band) == (None, None, None)
    assert not said.categories
    assert said.kinds == {ItemKind.CASH, ItemKind.SERVICE}


def test_a_group_of_causes_is_said_without_the_cause() -> None:
    said = generalise(SUBJECT, Levels(cause=1))
    assert (said.cause, said.cause_group) == (None, CauseGroup.HEALTH)


def test_the_lattice_holds_every_combination_once_in_order_of_loss() -> None:
    losses = [information_loss(levels) for levels in lattice()]
    assert len(set(lattice())) == len(lattice()) == 3 * 3 * 3 * 2 * 3 * 2 * 2
    assert losses == sorted(losses)
    assert (losses[0], losses[-1]) == (0.0, 1.0)


def test_a_coarser_step_never_loses_less() -> None:
    for one, other in itertools.pairwise(lattice()):
        assert information_loss(coarsest(one, other)) >= information_loss(other)


@pytest.mark.parametrize(
    ("yuan", "band"),
    [
        (0, AmountBand.UNDER_1K),
        (999, AmountBand.UNDER_1K),
        (1_000, AmountBand.FROM_1K),
        (30_000, AmountBand.FROM_30K),
        (9_999_999, AmountBand.FROM_100K),
    ],
)
def test_an_amount_falls_in_one_band(yuan: int, band: AmountBand) -> None:
    assert amount_band(yuan * 100) == band


def test_an_age_falls_in_one_band() -> None:
    ages = [age_band(age) for age in (0, 13, 14, 17, 18, 30, 79, 80, 104)]
    assert ages == ["0_13", "0_13", "14_17", "14_17", "18_29", "30_39", "70_79", "80_up", "80_up"]


def test_negative_amounts_and_ages_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        amount_band(-1)
    with pytest.raises(ValueError, match="not negative"):
        age_band(-1)


def test_a_share_is_told_in_tens_and_full_only_when_nothing_lacks() -> None:
    assert [percent_step(part, 1_000) for part in (0, 99, 100, 559, 999, 1_000)] == [0, 0, 10, 50, 90, 100]
