"""The bars that the plan must meet, on a third of the invented counties."""

from bench.anonymise_county import Case
from needs.anonymise.plan import Plan
from needs.anonymise.summary import summarise


def test_nearly_every_case_can_be_told_and_most_keep_their_county(plan: Plan, cases: list[Case]) -> None:
    found = summarise(plan, [case.subject for case in cases])
    assert found.cases == len(cases)
    assert found.told >= 0.95
    assert found.at_county_level >= 0.80
    assert 0 < found.information_loss_mean < 0.35
    assert found.least_k_ref is not None
    assert found.least_k_case is not None
    assert found.least_k_notice is not None
    assert (found.least_k_ref >= 25, found.least_k_case >= 5, found.least_k_notice >= 5) == (True, True, True)
    assert set(found.held_because) <= {"sensitive", "minor_subject", "no_safe_level"}


def test_nobody_at_all_is_summed_without_an_error(plan: Plan) -> None:
    assert summarise(plan, []).as_dict()["least_k_ref"] is None
