"""The measures k, l and t, with pycanon as an independent oracle, and the thresholds."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycanon import anonymity

from jiujinan.codes import AgeBand, AmountBand, Cause, ItemCategory, SensitiveKind, Tier
from needs.anonymise.cases import CaseClasses
from needs.anonymise.counting import row_of
from needs.anonymise.lattice import Levels, Subject, generalise, lattice
from needs.anonymise.risk import Crowds, Measures, Reason, failings, measure, what_coarsening_would_do
from needs.anonymise.settings import Audience, RiskSettings

MONTH = 24_321
SUBJECTS = st.builds(
    Subject,
    county=st.sampled_from(["990121", "990122", "990221"]),
    cause=st.sampled_from([Cause.ILLNESS, Cause.ACCIDENT, Cause.SCHOOLING, Cause.CARE]),
    month=st.just(MONTH),
    age_band=st.sampled_from([AgeBand.AGE_30_39, AgeBand.AGE_40_49, AgeBand.AGE_60_69]),
    amount_band=st.sampled_from([AmountBand.FROM_1K, AmountBand.FROM_10K]),
    categories=st.frozensets(st.sampled_from([ItemCategory.MEDICAL, ItemCategory.FOOD]), min_size=1),
    tier=st.sampled_from(Tier),
)
GOOD = Measures(Levels(), k_ref=25, k_case=5, k_notice=5, l=3, t=0.3, information_loss=0.0, k_offer=5)


def frame_of(subjects: list[Subject], levels: Levels) -> pd.DataFrame:
    said = [generalise(subject, levels) for subject in subjects]
    return pd.DataFrame(
        {
            "region": [record.region for record in said],
            "cause": [str(record.cause or record.cause_group) for record in said],
            "age": [str(record.age_band or record.wide_age_band) for record in said],
            "amount": [str(record.amount_band or record.wide_amount_band) for record in said],
            "category": [" ".join(sorted(record.categories or record.kinds)) for record in said],
            "tier": [str(record.tier) for record in said],
            "true_cause": [str(subject.cause) for subject in subjects],
        }
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(SUBJECTS, min_size=2, max_size=60), st.sampled_from(lattice()))
def test_k_l_and_t_agree_with_pycanon(subjects: list[Subject], levels: Levels) -> None:
    crowds = Crowds(CaseClasses.of(subjects), None, MONTH)
    measures = [measure(subject, levels, crowds) for subject in subjects]
    frame = frame_of(subjects, levels)
    beside = ["region", "age", "amount", "tier"]
    assert min(each.k_case for each in measures) == anonymity.k_anonymity(
        frame, ["region", "cause", "age", "amount", "category", "tier"]
    )
    assert min(each.l for each in measures) == anonymity.l_diversity(frame, beside, ["true_cause"])
    t = anonymity.t_closeness(frame, beside, ["true_cause"])
    assert max(each.t for each in measures) == pytest.approx(t, abs=1e-3)


@given(SUBJECTS, st.lists(SUBJECTS, max_size=40))
def test_a_coarser_record_never_has_a_smaller_crowd(subject: Subject, others: list[Subject]) -> None:
    crowds = Crowds(CaseClasses.of([subject, *others]), None, MONTH)
    here = measure(subject, Levels(), crowds)
    for after in what_coarsening_would_do(subject, Levels(), crowds).values():
        assert after.k_case >= here.k_case
        assert after.information_loss > here.information_loss


def test_every_attribute_can_be_coarsened_by_one_step() -> None:
    subject = Subject("990121", Cause.ILLNESS, MONTH)
    steps = what_coarsening_would_do(subject, Levels(), Crowds(CaseClasses.of([subject]), None, MONTH))
    assert set(steps) == {"region", "cause", "age", "trait", "amount", "category", "tier"}
    assert steps["region"].levels == Levels(region=1)


def test_only_the_months_of_the_window_are_counted() -> None:
    months = [MONTH, MONTH - 2, MONTH - 3, MONTH - 11, MONTH - 12, MONTH + 1]
    subjects = [Subject("990121", Cause.ILLNESS, month) for month in months]
    measures = measure(subjects[0], Levels(), Crowds(CaseClasses.of(subjects), None, MONTH))
    assert (measures.k_notice, measures.k_case) == (2, 4)


def test_cases_that_can_never_be_public_are_no_crowd_to_hide_in() -> None:
    subjects = [
        Subject("990121", Cause.ILLNESS, MONTH),
        Subject("990121", Cause.ILLNESS, MONTH, sensitive=frozenset({SensitiveKind.HIV})),
        Subject("990121", Cause.ILLNESS, MONTH, age_band=AgeBand.AGE_0_13),
    ]
    assert measure(subjects[0], Levels(age=2), Crowds(CaseClasses.of(subjects), None, MONTH)).k_case == 1


def test_counted_cases_weigh_as_many_as_they_stand_for() -> None:
    subject = Subject("990121", Cause.ILLNESS, MONTH)
    crowds = Crowds(CaseClasses.of_counted([(subject, 37)]), None, MONTH)
    assert measure(subject, Levels(), crowds).k_case == 37


def test_an_unknown_row_has_an_empty_crowd() -> None:
    crowds = Crowds(CaseClasses.of([]), None, MONTH)
    subject = Subject("990121", Cause.ILLNESS, MONTH)
    assert measure(subject, Levels(), crowds) == Measures(Levels(), None, 0, 0, 0, 1.0, 0.0)
    assert row_of(subject)[0] == 990121


def test_measures_at_the_thresholds_fail_nothing() -> None:
    assert failings(GOOD, RiskSettings(), 25) == ()


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        (replace(GOOD, k_ref=24), Reason.K_REF),
        (replace(GOOD, k_case=4), Reason.K_CASE),
        (replace(GOOD, k_notice=4), Reason.K_NOTICE),
        (replace(GOOD, k_offer=4), Reason.K_OFFER),
        (replace(GOOD, l=2), Reason.L_DIVERSITY),
        (replace(GOOD, t=0.31), Reason.T_CLOSENESS),
        (replace(GOOD, k_ref=None, k_case=19), Reason.K_CASE),
    ],
)
def test_each_measure_below_its_threshold_fails(measures: Measures, reason: Reason) -> None:
    assert failings(measures, RiskSettings(), 25) == (reason,)


def test_l_and_t_dont_matter_where_the_cause_is_not_said() -> None:
    unsaid = replace(GOOD, levels=Levels(cause=2), l=1, t=0.9)
    assert failings(unsaid, RiskSettings(), 25) == ()


def test_a_register_class_is_wanted_large_enough_for_a_year_of_leavers() -> None:
    standard = RiskSettings()
    assert standard.needed_k_ref(Audience.OPEN) == 25
    assert standard.needed_k_ref(Audience.VETTED) == 7
    assert (standard.promised_k_ref(Audience.OPEN), standard.promised_k_ref(Audience.VETTED)) == (20, 5)


@pytest.mark.parametrize(
    "bad", [{"k_case": 1}, {"k_ref_open": 0}, {"register_churn": 1.0}, {"t_closeness": 1.0}]
)
def test_settings_that_would_publish_anybody_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least two members"):
        RiskSettings(**bad)  # type: ignore[arg-type]  # one test for whole numbers and shares
