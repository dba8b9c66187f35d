"""What keeps idle money from open needs."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from donors.idle import Kept, Relaxation, idle_money
from donors.ledger import services as ledger
from donors.queries import idle_report
from donors.rules import PlainTerms, Rule, Subject
from tests.donors.world import COUNTY, NEIGHBOUR, NOW, TODAY, World, make_fund


def need(**values: Any) -> Subject:
    usual: dict[str, Any] = {
        "region": COUNTY,
        "category": "medical",
        "tier": "joint",
        "gap_fen": 100,
        "required_fen": 100,
        "government_decided": True,
        "today": TODAY,
    }
    return Subject(**{**usual, **values})


CHARTER = PlainTerms(starts_on=date(2026, 1, 1), regions=(COUNTY,), categories=("medical",), reserve_fen=50)
NEEDS = [
    need(),
    need(region=NEIGHBOUR, gap_fen=300),
    need(region=NEIGHBOUR, category="living", tier="critical", gap_fen=500),
    need(category="living", gap_fen=30),
]


def test_each_restriction_is_told_with_the_need_that_it_keeps_away() -> None:
    report = idle_money(CHARTER, available_fen=1_050, spent_fen=250, subjects=NEEDS)
    assert (report.idle_fen, report.reachable_gap_fen, report.stranded_fen) == (1_000, 100, 900)
    assert report.carry_over_permille == 4_000
    assert report.kept == (
        Kept(rule=Rule.CATEGORY, tier="critical", region=NEIGHBOUR, items=1, gap_fen=500, alone_fen=0),
        Kept(rule=Rule.REGION, tier="critical", region=NEIGHBOUR, items=1, gap_fen=500, alone_fen=0),
        Kept(rule=Rule.REGION, tier="joint", region=NEIGHBOUR, items=1, gap_fen=300, alone_fen=300),
        Kept(rule=Rule.CATEGORY, tier="joint", region=COUNTY, items=1, gap_fen=30, alone_fen=30),
    )


def test_the_smallest_relaxation_places_the_most() -> None:
    whole = idle_money(CHARTER, available_fen=1_050, spent_fen=0, subjects=NEEDS)
    both = Relaxation(rules=(Rule.CATEGORY, Rule.REGION), gap_fen=830, placed_fen=830)
    assert (whole.smallest_relaxation, whole.carry_over_permille) == (both, None)
    little = idle_money(CHARTER, available_fen=350, spent_fen=0, subjects=NEEDS)
    one = Relaxation(rules=(Rule.REGION,), gap_fen=300, placed_fen=200)
    assert little.smallest_relaxation == one


def test_money_that_reaches_enough_need_is_not_stranded() -> None:
    report = idle_money(CHARTER, available_fen=150, spent_fen=0, subjects=NEEDS)
    assert (report.stranded_fen, report.smallest_relaxation) == (0, None)


needs = st.builds(
    need,
    region=st.sampled_from([COUNTY, NEIGHBOUR]),
    category=st.sampled_from(["medical", "living", "food"]),
    gap_fen=st.integers(1, 1000),
)


@given(subjects=st.lists(needs, max_size=12), available=st.integers(0, 5000))
def test_sums_agree(subjects: list[Subject], available: int) -> None:
    report = idle_money(CHARTER, available_fen=available, spent_fen=0, subjects=subjects)
    unreachable = sum(subject.gap_fen for subject in subjects) - report.reachable_gap_fen
    assert sum(kept.alone_fen for kept in report.kept) <= unreachable
    assert 0 <= report.stranded_fen <= report.idle_fen <= available
    relaxation = report.smallest_relaxation
    if relaxation is not None:
        assert 0 < relaxation.placed_fen <= min(relaxation.gap_fen, report.stranded_fen)
        assert relaxation.gap_fen <= unreachable


def test_the_report_of_all_funds_begins_with_the_most_stranded(world: World) -> None:
    narrow = make_fund(world, "窄", regions=[NEIGHBOUR])
    wide = make_fund(world, "宽")
    for fund in (narrow, wide):
        ledger.receive(fund=fund, amount_fen=1_000, key=f"r:{fund.name == '宽'}", by=None, now=NOW)
    held = ledger.reserve(fund=wide, amount_fen=200, key="v", by=None, now=NOW)
    ledger.disburse(reservation=held, key="d", by=None, now=NOW)
    rows = idle_report(subjects=[need(gap_fen=500)], now=NOW + timedelta(days=1))
    assert [(fund.name, idle.stranded_fen, idle.spent_fen) for fund, idle in rows] == [
        ("窄", 1_000, 0),
        ("宽", 300, 200),
    ]
