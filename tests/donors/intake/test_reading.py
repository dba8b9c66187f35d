"""Resources files: what several cells and the sheet of organisations tell together."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from stdnum.cn import uscc

from donors.intake.reading import read_resources_file
from donors.intake.rows import OrganisationRow, ResourcesFile
from jiujinan.regions import source
from jiujinan.regions.lookup import RegionLookup

DEMO = Path(__file__).parents[3] / "demo"
TODAY = date(2026, 3, 2)
LOOKUP = RegionLookup.of(
    source.merge(source.read_package(), source.read_abolished(), source.read_csv(DEMO / "regions.csv"))
)
Cells = dict[str, Any]


def credit_code(serial: int) -> str:
    digits = f"53990100MA9{serial:06d}"
    return digits + str(uscc.calc_check_digit(digits))


KINDS = {"慈善会": "慈善组织", "米业": "企业", "社工": "社工机构", "海津": "结对单位", "驿站": "爱心驿站"}
ORGANISATIONS = [
    {"组织名称": name, "组织类型": kind, "统一社会信用代码": credit_code(serial), "区划代码": "990100"}
    for serial, (name, kind) in enumerate(KINDS.items(), start=1)
]
FUND = {
    "基金名称": "大病基金", "持有组织": "慈善会", "基金类型": "慈善基金", "期初余额": "100,000",
    "启用日期": "2026-01-01",
}  # fmt: skip
OFFER = {
    "服务名称": "疏导",
    "提供组织": "社工",
    "服务类别": "心理疏导",
    "每周容量": 5,
    "总量": 50,
    "开始日期": "2026-1-1",
}
LOT = {"物资名称": "棉被", "爱心驿站": "驿站", "物资类别": "被褥", "数量": 20, "单位": "床"}
PAIRING = {"结对方": "海津", "结对区划": "990121、临溪县", "开始日期": "2026-01-01", "认捐金额": 5000}


def read(folder: Path, known: Sequence[OrganisationRow] = (), **sheets: list[Cells]) -> ResourcesFile:
    pages = {
        "组织": sheets.get("organisations", ORGANISATIONS),
        "基金": sheets.get("funds", [FUND]),
        "服务": sheets.get("offers", [OFFER]),
        "物资": sheets.get("lots", [LOT]),
        "结对": sheets.get("pairings", [PAIRING]),
    }
    book = Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        sheet = book.create_sheet(title)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) for header in headers])
    book.save(folder / "r.xlsx")
    return read_resources_file(folder / "r.xlsx", regions=LOOKUP, today=TODAY, known=known)


def problems(file: ResourcesFile) -> list[tuple[str, int, str, str]]:
    assert all(r.message and r.message_en for r in file.rejections)
    return [(r.sheet, r.row, r.column, r.code) for r in file.rejections]


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    terms = {
        "限定区划": "青禾县、990122", "限定类别": "医疗费用", "限定紧急程度": "特急", "限定人群": "老年人",
        "政府救助在先": "是", "每案上限": 5000, "占需求比例上限": 500, "最低资助额": 200, "每户上限": "2万",
        "每户周期天数": 365, "保留金额": 1000, "截止日期": "2027-12-31",
    }  # fmt: skip
    file = read(tmp_path, funds=[{**FUND, **terms}])
    assert problems(file) == []
    fund = file.funds[0]
    assert (fund.holder, fund.named_for, fund.opening_fen) == (credit_code(1), "", 10_000_000)
    assert (fund.regions, fund.categories, fund.tiers, fund.groups) == (
        ("990121", "990122"),
        ("medical",),
        ("critical",),
        ("elder",),
    )
    assert (fund.per_case_cap_fen, fund.share_cap_permille, fund.per_household_cap_fen) == (
        500_000,
        500,
        2_000_000,
    )
    assert (fund.government_first, fund.ends_on) == (True, date(2027, 12, 31))
    assert (file.offers[0].unit, file.offers[0].total) == ("次", 50)
    assert (file.lots[0].unit, file.lots[0].delivers) == ("床", False)
    assert (file.pairings[0].regions, file.pairings[0].pledged_fen) == (("990121", "990122"), 500_000)
    assert file.rows == 9


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"持有组织": "没有"}, "持有组织", "unknown_organisation"),
        ({"持有组织": "米业"}, "持有组织", "wrong_organisation_kind"),
        ({"基金类型": "企业冠名基金"}, "冠名企业", "named_for_whom"),
        ({"冠名企业": "驿站"}, "冠名企业", "wrong_organisation_kind"),
        ({"限定类别": "食品"}, "限定类别", "wrong_category"),
        ({"限定区划": "371202"}, "限定区划", "abolished_region"),
        ({"限定区划": "990199"}, "限定区划", "unknown_region"),
        ({"每户上限": 5}, "每户周期天数", "cap_without_period"),
        ({"每户周期天数": 30}, "每户上限", "cap_without_period"),
        ({"最低资助额": 500, "每案上限": 300}, "最低资助额", "minimum_above_cap"),
        ({"保留金额": 100_001}, "保留金额", "reserve_above_balance"),
        ({"截止日期": "2025-12-31"}, "截止日期", "date_order"),
        ({"占需求比例上限": 1001}, "占需求比例上限", "too_great"),
        ({"每案上限": 0}, "每案上限", "too_small"),
        ({"期初余额": -1}, "期初余额", "negative"),
    ],
)
def test_a_bad_fund_rejects_itself_alone(tmp_path: Path, changes: Cells, column: str, code: str) -> None:
    file = read(tmp_path, funds=[{**FUND, **changes}, {**FUND, "基金名称": "好基金"}])
    assert problems(file) == [("基金", 2, column, code)]
    assert [fund.name for fund in file.funds] == ["好基金"]


def test_supplies_are_of_the_right_kind_and_not_expired(tmp_path: Path) -> None:
    offers = [{**OFFER, "服务类别": "食品"}, {**OFFER, "结束日期": "2025-01-01"}, OFFER, OFFER]
    lots = [{**LOT, "物资类别": "照护"}, {**LOT, "有效期": "2026-03-01"}, {**LOT, "爱心驿站": "社工"}, LOT]
    pairings = [{**PAIRING, "结对方": "米业"}, PAIRING, PAIRING]
    file = read(tmp_path, offers=offers, lots=lots, pairings=pairings)
    assert problems(file) == [
        ("服务", 2, "服务类别", "wrong_category"),
        ("服务", 3, "结束日期", "date_order"),
        ("服务", 5, "服务名称", "duplicate_row"),
        ("物资", 2, "物资类别", "wrong_category"),
        ("物资", 3, "有效期", "expired"),
        ("物资", 4, "爱心驿站", "wrong_organisation_kind"),
        ("结对", 2, "结对方", "wrong_organisation_kind"),
        ("结对", 4, "结对方", "duplicate_row"),
    ]
    assert (len(file.offers), len(file.lots), len(file.pairings)) == (1, 1, 1)


def test_what_belongs_to_a_rejected_organisation_says_so(tmp_path: Path) -> None:
    organisations = [dict(row) for row in ORGANISATIONS]
    organisations[0]["统一社会信用代码"] = credit_code(1)[:17] + ("1" if credit_code(1)[17] != "1" else "2")
    organisations[2]["区划代码"] = "990199"
    organisations.append({**ORGANISATIONS[4], "组织名称": "另一驿站"})
    file = read(tmp_path, organisations=organisations)
    assert problems(file) == [
        ("组织", 2, "统一社会信用代码", "credit_code"),
        ("组织", 4, "区划代码", "unknown_region"),
        ("组织", 7, "组织名称", "duplicate_organisation"),
        ("基金", 2, "持有组织", "organisation_refused"),
        ("服务", 2, "提供组织", "organisation_refused"),
    ]
    assert [lot.organisation for lot in file.lots] == [credit_code(5)]


def test_organisations_on_the_platform_may_be_referred_to_by_name_or_code(tmp_path: Path) -> None:
    known = OrganisationRow(0, "老慈善会", "charity", credit_code(77), "990100", None, "")
    funds = [
        {**FUND, "持有组织": "老慈善会"},
        {**FUND, "持有组织": credit_code(77).lower(), "基金名称": "二"},
    ]
    file = read(tmp_path, known=[known], funds=funds)
    assert (problems(file), [fund.holder for fund in file.funds]) == ([], [credit_code(77)] * 2)


def test_a_file_that_cannot_start_says_so(tmp_path: Path) -> None:
    file = read_resources_file(tmp_path / "none.xlsx", regions=LOOKUP, today=TODAY)
    assert (file.is_unreadable, [r.code for r in file.rejections]) == (True, ["file_missing"])
