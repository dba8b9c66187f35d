"""Grants in blocks: nobody's amount or day, no difference between two files that is one grant."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matching.publishing.blocks import STEP_FEN, Grant, full_blocks
from needs.anonymise.public_counts import SMALLEST_COUNT

DAY = date(2026, 1, 1)
grants = st.lists(
    st.builds(
        Grant,
        key=st.uuids().map(str),
        holder=st.integers(1, 2),
        fund=st.sampled_from(["a", "b"]),
        region=st.sampled_from(["990100", "990200"]),
        category=st.just("medical"),
        amount_fen=st.integers(1, 10_000_000),
        on=st.integers(0, 300).map(lambda days: DAY + timedelta(days=days)),
    ),
    max_size=150,
    unique_by=lambda grant: grant.key,
)


@given(grants)
def test_every_block_has_twenty_and_no_grant_makes_half_of_it(some: list[Grant]) -> None:
    for block in full_blocks(some):
        amounts = [grant.amount_fen for grant in block.grants]
        assert len(amounts) >= SMALLEST_COUNT
        assert 2 * max(amounts) <= sum(amounts)
        assert len({(grant.holder, grant.region, grant.category) for grant in block.grants}) == 1


@given(grants)
def test_each_grant_stands_in_one_block_or_waits(some: list[Grant]) -> None:
    told = [grant.key for block in full_blocks(some) for grant in block.grants]
    assert len(told) == len(set(told))
    assert set(told) <= {grant.key for grant in some}


@given(grants, st.integers(0, 300))
def test_what_was_released_stays_as_it_was_when_more_arrives(some: list[Grant], days: int) -> None:
    earlier = [grant for grant in some if grant.on < DAY + timedelta(days=days)]
    later = full_blocks(some)
    assert all(block in later for block in full_blocks(earlier))


@given(grants)
def test_the_mean_keeps_the_sum_but_for_rounding(some: list[Grant]) -> None:
    for block in full_blocks(some):
        truth = sum(grant.amount_fen for grant in block.grants)
        assert abs(block.amount_fen * len(block.grants) - truth) <= STEP_FEN * len(block.grants)
        assert block.month.day == 1
