"""The idle-money report: summed rows say the same as single ones, and what was given before counts."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from donors.idle import gathered, idle_money
from donors.rules import PlainTerms, Rule, Subject
from matching.idleness import idle_funds
from matching.models import Commitment
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from tests.town import COUNTY, NOW, Town

TODAY = NOW.date()
subjects = st.lists(
    st.builds(
        Subject,
        region=st.sampled_from(["990121", "990122"]),
        category=st.sampled_from(["medical", "schooling"]),
        tier=st.sampled_from(["joint", "critical"]),
        gap_fen=st.integers(1, 5_000),
        required_fen=st.integers(5_000, 9_000),
        government_decided=st.booleans(),
        today=st.just(TODAY),
        given_to_item_fen=st.sampled_from([0, 0, 0, 4_000]),
    ),
    max_size=25,
)
terms = st.builds(
    PlainTerms,
    starts_on=st.just(TODAY),
    regions=st.sampled_from([(), ("990121",)]),
    categories=st.sampled_from([(), ("medical",)]),
    tiers=st.sampled_from([(), ("critical",)]),
    government_first=st.booleans(),
    share_cap_permille=st.sampled_from([None, 300]),
    minimum_grant_fen=st.sampled_from([0, 1_000, 2_500]),
)


@given(terms, subjects)
def test_summed_rows_give_the_same_report_as_single_ones(charter: PlainTerms, rows: list[Subject]) -> None:
    plain = idle_money(charter, available_fen=50_000, spent_fen=100, subjects=rows)
    assert idle_money(charter, available_fen=50_000, spent_fen=100, subjects=gathered(charter, rows)) == plain


def test_a_cap_that_is_used_up_is_told_and_a_place_is_a_county(town: Town) -> None:
    town.let_through(town.verified(yuan=5_000))
    fund = town.fund(yuan=10_000, per_case_cap_fen=100_000)
    proposal = run_matching(by=town.chen, now=NOW).proposals.get()
    assert isinstance(accept_proposal(proposal=proposal, by=town.chen, now=NOW), Commitment)
    ((_, idle),) = idle_funds(now=NOW, fund_ids=[fund.pk])
    (kept,) = [one for one in idle.kept if one.rule is Rule.CASE_CAP]
    assert (kept.region, kept.gap_fen, kept.tier) == (COUNTY, 400_000, "joint")


def test_the_report_reads_the_same_number_of_rows_for_any_number_of_funds(town: Town) -> None:
    town.verified()
    town.fund()
    with CaptureQueriesContext(connection) as one:
        assert len(idle_funds(now=NOW)) == 1
    for _ in range(3):
        town.fund()
    with CaptureQueriesContext(connection) as four:
        assert len(idle_funds(now=NOW)) == 4
    assert len(one) == len(four)
