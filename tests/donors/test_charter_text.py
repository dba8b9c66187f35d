"""Charters in plain words."""

from datetime import date
from typing import Any

from django.utils import translation

from donors.charter_text import charter_sentences, yuan
from donors.models import FundCharter


def sentences(**values: Any) -> list[str]:
    charter = FundCharter(starts_on=date(2026, 1, 1), **values)
    with translation.override("en"):
        return charter_sentences(charter, region_names={"990100": "Qingshan"})


def test_a_charter_without_restrictions_says_so() -> None:
    assert sentences() == [
        "The fund helps with any cash need, anywhere, without a cap.",
        "It has helped since 2026-01-01, without an end.",
        "Its manager promises, a payer prepares the payment, and another person approves it.",
    ]


def test_every_restriction_is_a_sentence() -> None:
    assert sentences(
        purpose="For children of the mountains.",
        regions=["990100", "990200"],
        categories=["medical", "schooling"],
        tiers=["critical"],
        groups=["child"],
        government_first=True,
        per_case_cap_fen=500_000,
        share_cap_permille=505,
        per_household_cap_fen=800_050,
        household_period_days=365,
        minimum_grant_fen=10_000,
        reserve_fen=1_000_000,
        second_approval_above_fen=2_000_000,
        fee_cap_permille=30,
        ends_on=date(2026, 12, 31),
    ) == [
        "For children of the mountains.",
        "It helps people in Qingshan, 990200.",
        "It pays for: Medical costs, School and study costs.",
        "It helps in cases of: Critical relief.",
        "It is for: Child.",
        "It helps with what is left after government relief.",
        "One case gets at most ¥5,000.",
        "It covers at most 50.5% of what one item of a case lacks.",
        "One household gets at most ¥8,000.50 within 365 days.",
        "It gives no less than ¥100 at a time.",
        "¥10,000 always stays in reserve.",
        "Payments above ¥20,000 need a second approval, by another payment approver.",
        "At most 3% of what it receives pays for its management.",
        "It helps from 2026-01-01 to 2026-12-31.",
        "What is left then: goes to a like purpose, and is published.",
        "Its manager promises, a payer prepares the payment, and another person approves it.",
    ]


def test_yuan_are_written_as_people_write_them() -> None:
    assert [yuan(fen) for fen in (0, 5, 100, 123_456_700)] == ["¥0", "¥0.05", "¥1", "¥1,234,567"]
