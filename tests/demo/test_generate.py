"""The demonstration's files are what the generator makes, and what the field looks like."""

import io
import zipfile
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo import generate
from demo.households import TODAY
from demo.wrong_rows import ALL_CODES
from donors.intake.reading import read_resources_file
from donors.intake.rows import ResourcesFile
from jiujinan.regions import source
from jiujinan.regions.lookup import RegionLookup
from needs.intake.reading import read_case_file
from needs.intake.rows import CaseFile

LOOKUP = RegionLookup.of(
    source.merge(
        source.read_package(), source.read_abolished(), source.read_csv(generate.HERE / "regions.csv")
    )
)
NAMES = ("case-records.xlsx", "case-records-template.xlsx", "resources.xlsx", "resources-template.xlsx")


@cache
def built() -> dict[str, bytes]:
    return generate.build()


@cache
def cases() -> CaseFile:
    return read_case_file(generate.HERE / "case-records.xlsx", regions=LOOKUP, today=TODAY)


@cache
def resources() -> ResourcesFile:
    return read_resources_file(generate.HERE / "resources.xlsx", regions=LOOKUP, today=TODAY)


def parts(content: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Return the archive's parts unpacked: another zlib packs the same content to other bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(part.filename, part.date_time, archive.read(part)) for part in archive.infolist()]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_in_the_tree_is_what_the_generator_makes(name: str) -> None:
    assert parts((generate.HERE / name).read_bytes()) == parts(built()[name])


def test_making_them_again_gives_the_same_bytes() -> None:
    assert generate.build() == built()
    assert tuple(built()) == NAMES


def test_the_case_file_is_wrong_in_twenty_five_ways_and_good_otherwise() -> None:
    file = cases()
    codes = Counter(rejection.code for rejection in file.rejections)
    assert codes == Counter(dict.fromkeys(ALL_CODES, 1))
    assert len(ALL_CODES) == 25
    assert len(file.cases) == generate.GOOD >= 600
    assert Counter(r.code for r in file.duplicates) == {"person_in_two_cases": generate.DUPLICATES}
    assert file.rows == generate.GOOD + generate.DUPLICATES + generate.SPARE


def test_causes_are_spread_as_the_field_reports_them() -> None:
    causes = Counter(case.cause for case in cases().cases)
    total = len(cases().cases)
    assert 0.55 <= causes["illness"] / total <= 0.65
    assert [cause for cause, _ in causes.most_common(2)] == ["illness", "schooling"]
    assert len(causes) == 10


def test_nobody_in_the_file_can_be_a_real_person() -> None:
    numbers = [n for c in cases().cases for n in (c.id_number, *(m.id_number for m in c.members))]
    assert len(numbers) == len(set(numbers)) > 1500
    assert all(number.startswith("9901") for number in numbers)
    assert all(case.region.startswith("9901") for case in cases().cases)
    assert all(case.phone.startswith("100") for case in cases().cases if case.phone)
    assert all(case.account.startswith("9900") for case in cases().cases if case.account)


def test_every_file_says_that_it_is_generated_or_is_a_template() -> None:
    for name in NAMES[::2]:
        book = load_workbook(io.BytesIO(built()[name]))
        assert book["填写说明"]["A1"].value == generate.GENERATED
    for name in NAMES[1::2]:
        book = load_workbook(io.BytesIO(built()[name]))
        assert "代码表" in book.sheetnames
        assert [sheet.max_row for sheet in book.worksheets[:3]] == [1, 1, 1]


def test_a_template_that_somebody_fills_in_is_read(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(built()["case-records-template.xlsx"]))
    first = cases().cases[0]
    filled = {
        "案卷编号": 1, "区划代码": first.region, "申请日期": "2026-3-1", "困难原因": "因病", "紧急程度": "特急",
        "户主姓名": "测试", "身份证号": first.id_number, "户口人数": 1,
    }  # fmt: skip
    book["案卷"].append([filled.get(cell.value) for cell in book["案卷"][1]])
    item = {"案卷编号": "1", "事项类别": "医疗费用", "所需金额或数量": 3000.5}
    book["需求事项"].append([item.get(cell.value) for cell in book["需求事项"][1]])
    book.save(tmp_path / "filled.xlsx")
    file = read_case_file(tmp_path / "filled.xlsx", regions=LOOKUP, today=TODAY)
    assert file.rejections == ()
    assert [(found.number, found.items[0].required) for found in file.cases] == [("1", 300_050)]


def test_the_resources_are_many_and_have_real_restrictions() -> None:
    file = resources()
    assert file.rejections == ()
    assert len(file.organisations) >= 40
    assert len(file.funds) + len(file.offers) + len(file.lots) >= 120
    assert {one.kind for one in file.organisations} == {
        "charity", "enterprise", "social_work_agency", "partner", "goods_station"
    }  # fmt: skip
    assert {fund.kind for fund in file.funds} == {"charity", "named", "special", "revolving"}
    for restriction in ("regions", "categories", "tiers", "groups", "government_first", "per_case_cap_fen"):
        count = sum(bool(getattr(fund, restriction)) for fund in file.funds)
        assert 5 <= count < len(file.funds), restriction
    assert all(fund.starts_on <= TODAY for fund in file.funds)
    assert all(lot.expires_on is None or lot.expires_on > date(2030, 1, 1) for lot in file.lots)


def test_supply_comes_to_about_two_thirds_of_the_need() -> None:
    lacking: Counter[str] = Counter()
    for case in cases().cases:
        for item in case.items:
            lacking[item.kind] += item.lacking
    funds = sum(fund.opening_fen - fund.reserve_fen for fund in resources().funds)
    assert 0.6 <= funds / lacking["cash"] <= 0.7
    assert 0.55 <= sum(offer.total for offer in resources().offers) / lacking["service"] <= 0.8
    assert 0.55 <= sum(lot.total for lot in resources().lots) / lacking["goods"] <= 0.8
