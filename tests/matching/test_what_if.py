"""What if: nothing is written, more money never helps fewer, a relaxed charter reaches further."""

import io
import json
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujinan.codes import Tier
from matching.columns import chosen, sorted_by_key, uuid_at
from matching.gathering import gather
from matching.models import MatchRun, Proposal
from matching.services.runs import run_matching
from matching.services.supposing import suppose
from matching.snapshot import FundRow, ItemRow, Snapshot, funds_table, items_table, snapshot_of
from matching.solving import solve
from matching.what_if import FundChange, Restriction, UnknownFund, changed, compare
from tests.matching.services.test_closed_loop import published
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

items = st.builds(
    ItemRow,
    item=st.uuids().map(str),
    gap=st.integers(1, 500).map(lambda yuan: yuan * 100),
    lacking=st.just(10**6),
    region=st.sampled_from([COUNTY, NEXT_COUNTY]),
    category=st.sampled_from(["medical", "living"]),
    tier=st.sampled_from(list(Tier)).map(str),
    score=st.integers(0, 90),
    waiting=st.integers(0, 120),
    government_done=st.booleans(),
    household=st.integers(1, 10**6),
)
funds = st.builds(
    FundRow,
    fund=st.uuids().map(str),
    available=st.integers(0, 1000).map(lambda yuan: yuan * 100),
    regions=st.sampled_from([(), (COUNTY,), (NEXT_COUNTY,)]),
    categories=st.sampled_from([(), ("medical",)]),
    tiers=st.just(()),
    groups=st.just(()),
    government_first=st.booleans(),
    minimum=st.just(0),
    case_cap=st.just(0),
    share_cap=st.just(0),
    household_cap=st.just(0),
    opens_on=st.just(0),
    expires_on=st.just(0),
)
snapshots = st.builds(
    lambda cash, some: snapshot_of(
        today=datetime(2026, 7, 6, tzinfo=UTC).toordinal(), cash=items_table(cash), funds=funds_table(some)
    ),
    st.lists(items, min_size=1, max_size=6, unique_by=lambda row: row.item),
    st.lists(funds, min_size=1, max_size=3, unique_by=lambda row: row.fund),
)


def first_fund(snapshot: Snapshot) -> str:
    return str(uuid_at(snapshot.tables["funds"]["id"], 0))


@settings(deadline=None, max_examples=60)
@given(snapshots, st.integers(0, 500), st.sets(st.sampled_from(list(Restriction))))
def test_more_money_and_fewer_restrictions_never_cover_less(
    snapshot: Snapshot, yuan: int, without: set[Restriction]
) -> None:
    change = FundChange(first_fund(snapshot), yuan * 100, tuple(without))
    effect = compare(snapshot, changed(snapshot, [change]))
    assert effect.spent_fen >= 0
    assert effect.supposed[Tier.CRITICAL].covered_fen >= effect.present[Tier.CRITICAL].covered_fen
    assert sum(effect.by_region.values()) == effect.spent_fen


@settings(deadline=None, max_examples=40)
@given(snapshots, st.integers(0, 500))
def test_more_money_never_lowers_what_any_tier_gets(snapshot: Snapshot, yuan: int) -> None:
    effect = compare(snapshot, changed(snapshot, [FundChange(first_fund(snapshot), yuan * 100)]))
    for tier in Tier:
        assert effect.supposed[tier].covered_fen >= effect.present[tier].covered_fen


@settings(deadline=None, max_examples=20)
@given(snapshots, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_changes_nothing(snapshot: Snapshot, chance: Random) -> None:
    rows = list(range(len(snapshot.tables["cash"]["id"])))
    chance.shuffle(rows)
    turned = chosen(snapshot.tables["cash"], np.array(rows, dtype=np.int64))
    again = snapshot.with_table("cash", sorted_by_key(turned))
    assert again.digest() == snapshot.digest()
    assert solve(again).digest() == solve(snapshot).digest()


@settings(deadline=None, max_examples=30)
@given(snapshots)
def test_no_change_changes_nothing(snapshot: Snapshot) -> None:
    effect = compare(snapshot, changed(snapshot, [FundChange(first_fund(snapshot))]))
    assert (effect.reached, effect.lost, effect.spent_fen, effect.by_region) == (0, 0, 0, {})
    assert effect.present == effect.supposed


def test_what_if_writes_nothing_and_knows_funds_that_are_empty_now(town: Town) -> None:
    published(town, yuan=500)
    fund = town.fund(yuan=0, regions=[NEXT_COUNTY])
    more = FundChange(str(fund.pk), 100_000_00)
    assert suppose(changes=[more], now=NOW).reached == 0
    relaxed = FundChange(str(fund.pk), 100_000_00, (Restriction.REGION,))
    assert suppose(changes=[relaxed], now=NOW).reached == 1
    assert not MatchRun.objects.exists()
    assert not Proposal.objects.exists()
    assert not len(gather(now=NOW).tables["funds"]["id"])


def test_a_fund_that_nobody_knows_is_said_so(town: Town) -> None:
    with pytest.raises(UnknownFund):
        suppose(changes=[FundChange("0" * 32)], now=NOW)
    with pytest.raises(CommandError):
        call_command("what_if", fund="nonsense")


def test_a_run_proves_itself_by_command(town: Town) -> None:
    published(town, yuan=500)
    town.fund(yuan=1000)
    run = run_matching(by=town.chen, now=NOW)
    with pytest.raises(SystemExit) as end:
        call_command("replay_run", str(run.pk), stdout=io.StringIO())
    assert end.value.code == 0
    MatchRun.objects.filter(pk=run.pk).update(outcome_digest="0" * 64)
    with pytest.raises(SystemExit) as end:
        call_command("replay_run", stdout=io.StringIO(), stderr=io.StringIO())
    assert end.value.code == 1
    with pytest.raises(CommandError):
        call_command("replay_run", "nonsense")


def test_the_question_is_a_command_too(town: Town) -> None:
    published(town, yuan=500)
    fund = town.fund(yuan=0)
    out = io.StringIO()
    call_command("what_if", "--fund", str(fund.pk), "--more-yuan", "300", stdout=out)
    assert json.loads(out.getvalue())["spent_fen"] == 30_000
