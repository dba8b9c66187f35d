"""Which level verifies: each region's table, tier before any tier, and no level too low."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jiujinan.clocks.rules import LEVELS, Level
from needs.assessment.approval import Approval, may_approve, required_level
from tests.town import NOW

TODAY = NOW.date()
COUNTY = "990121"
TIERS = st.sampled_from(["critical", "joint", "departmental"])
AMOUNTS = st.integers(0, 10**6)
ROWS = st.lists(
    st.builds(
        Approval,
        level=st.sampled_from(Level),
        tier=st.sampled_from(["", "critical", "joint"]),
        up_to_fen=st.none() | AMOUNTS,
        place=st.sampled_from(["", "990000", "990100", COUNTY, "370000"]),
        valid_from=st.sampled_from([date(2026, 1, 1), date(2026, 5, 1), date(2026, 12, 1)]),
    ),
    max_size=8,
)


def needed(rows: list[Approval], tier: str = "joint", amount: int = 0) -> Level:
    return required_level(rows, region=COUNTY, tier=tier, amount_fen=amount, on=TODAY)


@given(ROWS, TIERS, AMOUNTS)
def test_whoever_may_verify_stands_at_the_needed_level_or_above(
    rows: list[Approval], tier: str, amount: int
) -> None:
    level = needed(rows, tier, amount)
    assert [held for held in LEVELS if may_approve(held, level)] == list(LEVELS[LEVELS.index(level) :])
    assert not may_approve(None, level)


@given(ROWS, TIERS, AMOUNTS)
def test_the_level_that_verifies_has_a_row_for_so_much_unless_it_is_the_last(
    rows: list[Approval], tier: str, amount: int
) -> None:
    level = needed(rows, tier, amount)
    standing = [
        row for row in rows if row.valid_from <= TODAY and row.place != "370000" and row.tier in {tier, ""}
    ]
    allowing = [row for row in standing if row.up_to_fen is None or amount <= row.up_to_fen]
    assert level == Level.PROVINCE or not standing or any(row.level == level for row in allowing)
    assert standing or level == Level.TOWNSHIP


@given(ROWS, TIERS, AMOUNTS, st.sampled_from(Level), AMOUNTS)
def test_a_countys_own_row_of_the_tier_decides_for_its_level(
    rows: list[Approval], tier: str, amount: int, level: Level, up_to: int
) -> None:
    own = Approval(level, tier, up_to, COUNTY, TODAY)
    found = needed([*rows, own], tier, amount)
    if amount <= up_to:
        assert LEVELS.index(found) <= LEVELS.index(level)
    elif level != Level.PROVINCE:
        assert found != level


@given(ROWS, TIERS, AMOUNTS)
def test_rows_of_elsewhere_later_days_and_other_tiers_change_nothing(
    rows: list[Approval], tier: str, amount: int
) -> None:
    strangers = [
        Approval(Level.TOWNSHIP, "", None, "370000", date(2026, 1, 1)),
        Approval(Level.TOWNSHIP, "", None, COUNTY, date(2026, 7, 7)),
        Approval(Level.TOWNSHIP, "joint" if tier != "joint" else "critical", None, COUNTY, date(2026, 1, 1)),
    ]
    assert needed([*rows, *strangers], tier, amount) == needed(rows, tier, amount)
