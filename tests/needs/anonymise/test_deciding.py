"""The plan: who is published how finely, who is held, and what a re-check may change."""

from collections import Counter
from dataclasses import replace
from statistics import median

import pytest

from bench.anonymise_county import Case
from jiujinan.codes import AgeBand, Cause, ItemCategory, SensitiveKind
from needs.anonymise.cases import CaseClasses
from needs.anonymise.lattice import HIGHEST, Levels, Subject, coarser_region
from needs.anonymise.plan import Plan, choose_generalisation, recheck
from needs.anonymise.register import Register, RegisterCell
from needs.anonymise.risk import COARSE_FLOOR, Crowds, Decision, Reason
from needs.anonymise.settings import Audience, RiskSettings, WithoutRegister

COMMON = Subject(
    "990121", Cause.ILLNESS, 24_321, AgeBand.AGE_50_59, categories=frozenset({ItemCategory.MEDICAL})
)


def crowd_without_register(many: int) -> Crowds:
    causes = [Cause.ILLNESS, Cause.DISABILITY, Cause.CARE]
    subjects = [replace(COMMON, cause=causes[number % 3]) for number in range(many)]
    return Crowds(CaseClasses.of(subjects), None, COMMON.month)


def test_at_least_95_percent_are_published_and_80_percent_at_county_level(decided: list[Decision]) -> None:
    made = [decision.published for decision in decided]
    assert sum(said is not None for said in made) / len(made) >= 0.95
    assert sum(said is not None and said.region_level == 0 for said in made) / len(made) >= 0.80


def test_every_published_record_keeps_every_promise(decided: list[Decision]) -> None:
    for measures in (decision.measures for decision in decided if not decision.is_held):
        assert measures is not None
        assert measures.k_ref is not None
        assert measures.k_ref >= 25
        assert min(measures.k_case, measures.k_notice) >= 5
        assert measures.place <= measures.levels.region
        assert measures.levels.cause == 2 or (measures.l >= 3 and measures.t <= 0.3)


def test_a_typical_record_hides_among_twenty_notices(decided: list[Decision]) -> None:
    made = [each.measures for each in decided if each.measures and not each.is_held]
    assert median(measures.k_notice for measures in made) >= 20


def test_neither_age_nor_trait_is_said_by_default(decided: list[Decision]) -> None:
    said = {
        (d.published.age_band, d.published.wide_age_band, d.published.trait) for d in decided if d.published
    }
    assert said == {(None, None, None)}


def test_who_gets_a_record_can_t_be_told_apart_by_the_rule_itself(plan: Plan, cases: list[Case]) -> None:
    recent = [case.subject for case in cases if case.subject.month > plan.crowds.month - 3]
    records = Counter(plan.decide(subject).published for subject in recent)
    del records[None]
    assert min(records.values()) >= plan.settings.k_notice


def test_nor_by_what_their_charters_tell_all_givers_together(plan: Plan, cases: list[Case]) -> None:
    recent = [case.subject for case in cases if case.subject.month > plan.crowds.month - 3]
    known: Counter[object] = Counter()
    for subject in recent:
        decision = plan.decide(subject)
        if decision.measures and decision.published:
            place = coarser_region(subject.county, decision.measures.place)
            known[decision.published, place, subject.categories] += 1
    assert min(known.values()) >= plan.settings.k_offer


def counties_of_unlike_size(few: int, many: int) -> tuple[Plan, Subject, Subject]:
    """Return the plan for two counties with few and many cases of one kind, and a subject of each."""
    causes = (Cause.ILLNESS, Cause.CARE, Cause.DISABILITY)
    small, large = COMMON, replace(COMMON, county="990122")
    subjects = [
        replace(one, cause=causes[n % 3]) for one, size in ((small, few), (large, many)) for n in range(size)
    ]
    cells = [
        RegisterCell(one.county, AgeBand.AGE_50_59, cause, None, 50)
        for one in (small, large)
        for cause in causes
    ]
    crowds = Crowds(CaseClasses.of(subjects), Register.of(cells), COMMON.month)
    return Plan.of(crowds), small, large


def test_a_county_with_too_few_of_a_kind_is_kept_from_the_record_and_from_givers() -> None:
    plan, small, large = counties_of_unlike_size(4, 60)
    decided = plan.decide(small).measures
    # Those of the large county were told before: four alone are no crowd for anybody.
    assert plan.decide(small).is_held
    assert decided is not None
    own = plan.decide(large).measures
    assert own is not None
    assert (own.levels.region, own.place) == (0, 0)
    plan, small, large = counties_of_unlike_size(4, 4)
    both = [plan.decide(one).measures for one in (small, large)]
    assert [(one.levels.region, one.place, one.k_offer) for one in both if one] == [(1, 1, 8), (1, 1, 8)]


@pytest.mark.parametrize("kind", SensitiveKind)
def test_every_sensitive_kind_is_held(plan: Plan, kind: SensitiveKind) -> None:
    decision = plan.decide(replace(COMMON, sensitive=frozenset({kind})))
    assert (decision.published, decision.reasons) == (None, (Reason.SENSITIVE,))


@pytest.mark.parametrize("age", [AgeBand.AGE_0_13, AgeBand.AGE_14_17])
def test_a_minor_as_main_subject_is_held(plan: Plan, age: AgeBand) -> None:
    assert plan.decide(replace(COMMON, age_band=age)).reasons == (Reason.MINOR_SUBJECT,)


def test_somebody_without_any_crowd_is_held() -> None:
    decision = choose_generalisation(COMMON, Crowds(CaseClasses.of([COMMON]), None, COMMON.month))
    assert decision.is_held
    assert decision.reasons == (Reason.NO_SAFE_LEVEL, Reason.REGISTER_MISSING)


def test_a_rare_cause_is_told_coarsely_in_a_common_crowd(plan: Plan) -> None:
    rare = replace(COMMON, cause=Cause.OTHER, categories=frozenset({ItemCategory.LEGAL_AID}))
    decision = plan.decide(rare)
    assert decision.measures is not None
    assert decision.measures.information_loss > 0.2


def test_without_a_register_twenty_cases_allow_a_coarse_record() -> None:
    decision = choose_generalisation(COMMON, crowd_without_register(60))
    assert decision.published is not None
    assert decision.measures is not None
    assert COARSE_FLOOR.is_at_most(decision.measures.levels)
    assert (decision.published.region, decision.published.cause) == ("990000", None)
    assert decision.measures.k_ref is None
    assert Reason.REGISTER_MISSING in decision.reasons


def test_without_a_register_nineteen_cases_are_too_few() -> None:
    assert choose_generalisation(COMMON, crowd_without_register(19)).is_held


def test_without_a_register_everything_can_be_held_by_setting() -> None:
    settings = RiskSettings(without_register=WithoutRegister.HOLD)
    decision = choose_generalisation(COMMON, crowd_without_register(600), settings)
    assert (decision.is_held, decision.reasons) == (True, (Reason.REGISTER_MISSING,))


def test_a_county_that_the_register_lacks_is_told_coarsely_beside_others_that_it_has(
    plan: Plan, cases: list[Case]
) -> None:
    elsewhere = [replace(case.subject, county="990199") for case in cases[:900]]
    crowds = replace(plan.crowds, cases=CaseClasses.of([*(case.subject for case in cases), *elsewhere]))
    decision = Plan.of(crowds).decide(replace(COMMON, county="990199"))
    assert decision.published is not None
    assert decision.published.region == "990000"


def test_a_vetted_organisation_may_see_finer_records_than_the_web() -> None:
    subjects = [replace(COMMON, cause=cause) for cause in (Cause.ILLNESS, Cause.CARE, Cause.DISABILITY)] * 30
    register = Register.of(
        RegisterCell("990121", AgeBand.AGE_50_59, cause, None, 9)
        for cause in (Cause.ILLNESS, Cause.CARE, Cause.DISABILITY)
    )
    crowds = Crowds(CaseClasses.of(subjects), register, COMMON.month)
    open_web = choose_generalisation(COMMON, crowds)
    vetted = choose_generalisation(COMMON, crowds, audience=Audience.VETTED)
    assert open_web.published is not None
    assert vetted.published is not None
    assert (open_web.published.cause, vetted.published.cause) == (None, Cause.ILLNESS)


def test_a_re_check_with_the_same_crowds_changes_nothing(plan: Plan, cases: list[Case]) -> None:
    for case in cases[::40]:
        before = plan.decide(case.subject)
        if before.measures is not None and not before.is_held:
            after = recheck(case.subject, before.measures.levels, plan.crowds, place=before.measures.place)
            assert after.published == before.published


def test_a_re_check_never_makes_a_record_finer(plan: Plan) -> None:
    after = recheck(COMMON, HIGHEST, plan.crowds)
    assert after.measures is not None
    assert after.measures.levels == HIGHEST


def test_a_re_check_holds_a_record_when_the_register_shrinks_under_what_it_said(plan: Plan) -> None:
    few = Register.of(
        [
            RegisterCell("990121", AgeBand.AGE_50_59, Cause.ILLNESS, None, 19),
            RegisterCell("990122", AgeBand.AGE_50_59, Cause.ILLNESS, None, 19),
        ]
    )
    published = Levels(age=2, trait=1, amount=2)
    small = replace(plan.crowds, register=few)
    assert recheck(COMMON, published, small).is_held
    # What is coarse by now was fine on its first day; who kept that page still has it.
    now = replace(published, region=1)
    assert recheck(COMMON, now, small, first=published).reasons == (Reason.K_REF,)
    assert not recheck(COMMON, now, small).is_held


def test_a_re_check_makes_a_record_coarser_when_too_few_other_cases_are_left(plan: Plan) -> None:
    causes = [Cause.ILLNESS, Cause.DISABILITY, Cause.CARE]
    next_county = [replace(COMMON, county="990122", cause=causes[number % 3]) for number in range(60)]
    lonely = replace(plan.crowds, cases=CaseClasses.of([COMMON, *next_county]))
    after = recheck(COMMON, Levels(age=2, trait=1, amount=2), lonely, place=2)
    assert after.published is not None
    assert after.published.region_level > 0
    assert Reason.K_CASE in after.reasons
    # Funds of the county were offered it: they know where it is, however coarsely the page speaks from now on.
    assert recheck(COMMON, Levels(age=2, trait=1, amount=2), lonely, place=0).is_held


def test_a_re_check_holds_what_became_sensitive(plan: Plan) -> None:
    after = recheck(
        replace(COMMON, sensitive=frozenset({SensitiveKind.IN_THE_MEDIA})),
        Levels(age=2, trait=1),
        plan.crowds,
    )
    assert after.is_held
