"""Whether a charter lets a fund give, and how much."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.rules import FailedRule, PlainTerms, Rule, Subject, grantable_fen, is_eligible, why_not
from tests.donors.world import COUNTY, NEIGHBOUR, TODAY

OPEN = PlainTerms(starts_on=date(2026, 1, 1))


def subject(**values: Any) -> Subject:
    usual: dict[str, Any] = {
        "region": COUNTY,
        "category": "medical",
        "tier": "joint",
        "groups": frozenset({"child", "disabled"}),
        "gap_fen": 8_000,
        "required_fen": 10_000,
        "government_decided": True,
        "today": TODAY,
    }
    return Subject(**{**usual, **values})


def terms(**values: Any) -> PlainTerms:
    return PlainTerms(**{"starts_on": date(2026, 1, 1), **values})


def test_a_fund_without_restrictions_gives_to_cash_needs() -> None:
    assert why_not(OPEN, subject()) == []
    assert grantable_fen(OPEN, subject(), available_fen=5_000) == 5_000
    assert grantable_fen(OPEN, subject(), available_fen=50_000) == 8_000


@pytest.mark.parametrize(
    ("charter", "changed", "expected"),
    [
        ({"ends_on": date(2026, 7, 5)}, {}, (Rule.PERIOD, ["2026-01-01", "2026-07-05"], "2026-07-06")),
        ({"starts_on": date(2026, 7, 7)}, {}, (Rule.PERIOD, ["2026-07-07", None], "2026-07-06")),
        ({"regions": (NEIGHBOUR,)}, {}, (Rule.REGION, [NEIGHBOUR], COUNTY)),
        ({"categories": ("living",)}, {}, (Rule.CATEGORY, ["living"], "medical")),
        ({"tiers": ("critical",)}, {}, (Rule.TIER, ["critical"], "joint")),
        ({"groups": ("elder",)}, {}, (Rule.GROUP, ["elder"], ["child", "disabled"])),
        ({"government_first": True}, {"government_decided": False}, (Rule.GOVERNMENT_FIRST, True, False)),
        ({"per_case_cap_fen": 500}, {"given_to_case_fen": 500}, (Rule.CASE_CAP, 500, 500)),
        ({"share_cap_permille": 500}, {"given_to_item_fen": 5_000}, (Rule.SHARE_CAP, 5_000, 5_000)),
        ({"per_household_cap_fen": 9}, {"given_to_household_fen": 12}, (Rule.HOUSEHOLD_CAP, 9, 12)),
        ({"minimum_grant_fen": 8_001}, {}, (Rule.MINIMUM_GRANT, 8_001, 8_000)),
    ],
)
def test_each_restriction_is_told_with_what_it_asks_and_what_is(
    charter: dict[str, Any], changed: dict[str, Any], expected: tuple[Rule, object, object]
) -> None:
    assert why_not(terms(**charter), subject(**changed)) == [FailedRule(*expected)]
    assert grantable_fen(terms(**charter), subject(**changed), available_fen=10**6) == 0


@pytest.mark.parametrize("regions", [("990000",), ("990100",), (COUNTY,), (NEIGHBOUR, "990100")])
def test_a_region_stands_for_everything_below_it(regions: tuple[str, ...]) -> None:
    assert is_eligible(terms(regions=regions), subject())


def test_a_fund_without_categories_buys_no_service() -> None:
    assert [failed.rule for failed in why_not(OPEN, subject(category="counselling"))] == [Rule.CATEGORY]
    assert is_eligible(terms(categories=("counselling",)), subject(category="counselling"))


def test_all_failed_restrictions_are_told_in_order() -> None:
    charter = terms(regions=(NEIGHBOUR,), tiers=("critical",), government_first=True)
    failed = why_not(charter, subject(government_decided=False))
    assert [one.rule for one in failed] == [Rule.REGION, Rule.TIER, Rule.GOVERNMENT_FIRST]


def test_the_tightest_cap_decides() -> None:
    charter = terms(per_case_cap_fen=4_000, share_cap_permille=300, per_household_cap_fen=5_000)
    assert grantable_fen(charter, subject(), available_fen=10**6) == 3_000
    assert grantable_fen(charter, subject(given_to_item_fen=1_000), available_fen=10**6) == 2_000
    assert grantable_fen(charter, subject(given_to_case_fen=2_500), available_fen=10**6) == 1_500
    assert grantable_fen(charter, subject(given_to_household_fen=4_500), available_fen=10**6) == 500


def test_the_reserve_is_not_given_and_less_than_the_minimum_neither() -> None:
    assert grantable_fen(terms(reserve_fen=900), subject(), available_fen=1_000) == 100
    assert grantable_fen(terms(reserve_fen=900, minimum_grant_fen=101), subject(), available_fen=1_000) == 0


amounts = st.integers(0, 20_000)


@given(
    gap=st.integers(1, 20_000),
    available=amounts,
    cap=st.none() | st.integers(1, 20_000),
    share=st.none() | st.integers(1, 1000),
    least=amounts,
    reserve=amounts,
    given_before=amounts,
)
def test_what_is_granted_never_passes_a_limit(
    gap: int, available: int, cap: int | None, share: int | None, least: int, reserve: int, given_before: int
) -> None:
    charter = terms(
        per_case_cap_fen=cap, share_cap_permille=share, minimum_grant_fen=least, reserve_fen=reserve
    )
    need = subject(
        gap_fen=gap, required_fen=gap, given_to_case_fen=given_before, given_to_item_fen=given_before
    )
    amount = grantable_fen(charter, need, available_fen=available)
    assert 0 <= amount <= min(gap, available)
    if amount:
        assert amount >= least
        assert available - amount >= reserve
        assert cap is None or given_before + amount <= cap
        assert share is None or (given_before + amount) * 1000 <= gap * share
        assert is_eligible(charter, need)


@given(day=st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_a_period_includes_both_its_days(day: date) -> None:
    charter = terms(starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
    assert is_eligible(charter, subject(today=day)) == (TODAY <= day <= TODAY + timedelta(days=30))
