"""The donor report as a page."""

from dataclasses import replace
from datetime import date

import pytest

from cms.reports import render_donor_report
from matching.reporting import FundReport, ReportLine

LINE = ReportLine(
    "ABCD2345",
    "青禾县一户家庭需要医疗帮助",
    "Help with medical costs",
    "cash",
    "medical",
    500_000,
    200_050,
    "partly_disbursed",
    ("R1",),
    40,
)
REPORT = FundReport(
    "id", "某冠名基金", "某慈善会", "", date(2026, 7, 6), 10_000_000, 9_500_000, 300_000, 200_050, (LINE,), {}
)


def test_the_report_names_the_project_and_every_amount() -> None:
    page = render_donor_report(REPORT, language="zh-hans")
    for text in (
        "ABCD2345",
        "青禾县一户家庭需要医疗帮助",
        "¥5,000",
        "¥2,000.50",
        "医疗费用",
        "部分拨付",
        "R1",
    ):
        assert text in page


def test_where_only_the_kind_may_be_said_the_report_says_no_more() -> None:
    coarse = replace(REPORT, lines=(replace(LINE, category=""),))
    page = render_donor_report(coarse, language="zh-hans")
    assert "资金" in page
    assert "医疗费用" not in page


def test_the_report_stands_alone() -> None:
    page = render_donor_report(REPORT, language="zh-hans")
    assert "--primary" in page
    for reference in ("src=", "href=", "url(", "@import"):
        assert reference not in page


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "闲置资金及原因"), ("en", "What lies idle, and why")]
)
def test_idle_money_has_its_reason_in_the_donors_language(language: str, words: str) -> None:
    idle = replace(REPORT, idle_reasons={"outcome": "not_eligible", "failed": ["region"]})
    assert words in render_donor_report(idle, language=language)
    assert words not in render_donor_report(replace(idle, available_fen=0), language=language)


def test_a_name_is_text_and_never_markup() -> None:
    page = render_donor_report(replace(REPORT, name="<script>alert(1)</script>"), language="en")
    assert "<script>" not in page
