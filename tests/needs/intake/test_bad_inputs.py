"""Every bad input that people really send: the answer names row and field, and says what to do."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from jiujinan.regions.models import Region
from jiujinan.tabular.limits import DEFAULT, MEGABYTE
from jiujinan.tabular.outcome import Rejection
from needs.models import CaseRecord
from tests.cms.api.test_case_records import case as json_case
from tests.cms.api.test_case_records import key_of, send
from tests.needs.intake.casefiles import CASE_HEADERS, case, id_number, read, write
from tests.needs.intake.test_imports import checked, taken
from tests.town import NOW, Town

_GOOD = id_number(1)
_WRONG_END = _GOOD[:17] + ("0" if _GOOD[17] != "0" else "1")
# what stands in the cell: its column, the code of the answer, and the words that say what to do
CELLS: list[tuple[str, object, str, str, str]] = [
    ("id_number", "1.10105E+17", "id_scientific", "“文本”后重新录入 18 位", "set the column to text"),
    ("id_number", 1.10105e17, "id_scientific", "“文本”后重新录入 18 位", "set the column to text"),
    ("id_number", "110105491231002", "id_15_digits", "请填写 18 位", "fill in the 18-character one"),
    ("id_number", _WRONG_END, "id_check_digit", "请逐位核对", "check every character"),
    ("id_number", "990121199002300012", "id_birth_date", "请核对第 7–14 位", "check characters 7 to 14"),
    ("id_number", "99012", "id_format", "应为 18 位", "has 18 characters"),
    ("applied_on", "2026-02-30", "date_impossible", "请核对年月日", "check year, month and day"),
    ("applied_on", "明天", "date_format", "2026-01-05 的样式", "write it like 2026-01-05"),
    ("region", "110103", "abolished_region", "请改填 东城区（110101）", "use 东城区（110101）"),
    ("region", "999999", "unknown_region", "请填写县级 6 位代码", "the six digits of a county"),
    ("region", "990100", "coarse_region", "所属县（市、区）的代码", "the code of the county"),
    ("size", "两人", "not_number", "请只填阿拉伯数字", "digits only"),
    ("cause", "倒霉", "unknown_code", "请填写：", "use one of"),
    ("name", None, "required", "请补填", "must be filled in"),
    ("phone", "12", "phone", "11 位手机号", "A phone number has 11 digits"),
    ("account", "62220E+17", "account", "“文本”后重新录入", "set the column to text"),
]
SECRET = {"name", "id_number", "phone", "address", "account"}


@pytest.fixture
def abolished(town: Town) -> None:
    """Let a county of Beijing have been joined to its neighbour, as in 2010."""
    kept = Region.objects.create(
        code="110101", name="东城区", level="county", source="GB/T 2260", updated_at=NOW
    )
    Region.objects.create(
        code="110103", name="崇文区", level="county", source="GB/T 2260", updated_at=NOW,
        valid_to=date(2010, 7, 1), replaced_by=kept,
    )  # fmt: skip


def test_each_bad_cell_is_answered_with_its_row_its_column_and_what_to_do(
    town: Town, abolished: None, tmp_path: Path
) -> None:
    rows = [case(n, **{column: value}) for n, (column, value, *_) in enumerate(CELLS, start=10)]
    batch = checked(town, write(tmp_path / "a.xlsx", [*rows, case(1)]))
    assert batch.counts["imported"] == 1
    problems = list(batch.problems.filter(sheet_name="cases").order_by("row"))
    assert [(one.row, one.column, one.code) for one in problems] == [
        (row, CASE_HEADERS[column], code) for row, (column, _, code, *_) in enumerate(CELLS, start=2)
    ]
    for one, (column, value, _, words, english) in zip(problems, CELLS, strict=True):
        assert words in one.message
        assert english in one.message_en
        assert column not in SECRET or value is None or str(value) not in one.message + one.message_en


def test_as_json_the_same_cells_have_the_same_answers(client: Client, town: Town, abolished: None) -> None:
    sent = [json_case(n, **{column: value}) for n, (column, value, *_) in enumerate(CELLS, start=10)]
    answer = send(client, key_of(town.lin), *sent, json_case(1)).json()
    assert answer["counts"] == {"refused": len(CELLS), "imported": 1}
    for place, (column, _, code, words, english) in enumerate(CELLS):
        [told] = answer["results"][place]["errors"]
        assert (told["pointer"], told["code"]) == (f"/cases/{place}/{column}", code)
        assert words in told["message"]
        assert english in told["message_en"]


def test_as_json_two_people_with_one_number_and_one_person_in_two_cases(client: Client, town: Town) -> None:
    one = json_case(1, members=[])
    other = json_case(2, members=[], id_number=one["id_number"])
    again = json_case(3, members=[], id_number=one["id_number"], name=one["name"])
    answer = send(client, key_of(town.lin), one, other, again).json()
    told = [(e["pointer"], e["code"]) for result in answer["results"] for e in result["errors"]]
    assert told == [("/cases/1/id_number", "id_of_another"), ("/cases/2/id_number", "person_in_two_cases")]
    assert CaseRecord.objects.count() == 1


def test_formulas_and_merged_cells_name_their_row_and_say_how_to_mend_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [case(n) for n in range(1, 6)])
    book = load_workbook(path)
    sheet = book["案卷"]
    size = list(CASE_HEADERS).index("size") + 1
    sheet.cell(2, size).value = "=1+2"
    sheet.merge_cells(start_row=4, end_row=5, start_column=1, end_column=1)
    book.save(path)
    file = read(path)
    assert [(one.row, one.column, one.code) for one in file.rejections if one.sheet_name == "cases"] == [
        (2, "户口人数", "formula"),
        (4, "案卷编号", "merged"),
        (5, "案卷编号", "merged"),
    ]
    formula, merged, _ = file.rejections[:3]
    assert "选择性粘贴为数值" in formula.message
    assert "A4:A5" in merged.message
    assert "请取消合并" in merged.message
    assert [one.number for one in file.cases] == ["A2", "A5"]


def test_headers_in_any_order_are_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [case(1), case(2)])
    book = load_workbook(path)
    sheet = book["案卷"]
    turned = [list(reversed(row)) for row in sheet.iter_rows(values_only=True)]
    for number, cells in enumerate(turned, start=1):
        for place, value in enumerate(cells, start=1):
            sheet.cell(number, place).value = value
    book.save(path)
    assert [one.number for one in read(path).cases] == ["A1", "A2"]
    sheet.cell(1, turned[0].index("户主姓名") + 1).value = "随便"
    book.save(path)
    file = read(path)
    first = file.rejections[0]
    assert (first.row, first.column, first.code) == (1, "户主姓名", "missing_column")
    assert "请按模板补上这一列的表头" in first.message
    assert not file.cases


def test_two_people_with_one_number_and_one_person_in_two_cases_name_both_rows(tmp_path: Path) -> None:
    rows = [case(1), case(2, id_number=_GOOD), case(3, id_number=_GOOD, name="测试1")]
    file = read(write(tmp_path / "a.xlsx", rows))
    [other], [again] = file.rejections, file.duplicates
    assert (other.row, other.column, other.code) == (3, "身份证号", "id_of_another")
    assert "与第 2 行相同而姓名不同，请核对两行" in other.message
    assert (again.row, again.column, again.code) == (4, "身份证号", "person_in_two_cases")
    assert "第 2 行的案卷" in again.message


def huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(200 * MEGABYTE)


def bomb(path: Path) -> None:
    write(path, [case(1)])
    _repacked(path, {"xl/worksheets/sheet1.xml": b"<x>" + b" " * 30_000_000})


def macros(path: Path) -> None:
    write(path, [case(1)])
    _repacked(path, {"xl/vbaProject.bin": b"x"})


def blank_rows(path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("案卷")
    sheet.append(list(CASE_HEADERS.values()))
    for _ in range(100_000):
        sheet.append([""])
    book.save(path)


def _repacked(path: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **changes}.items():
            archive.writestr(name, content)


FILES: list[tuple[Callable[[Path], object], str, str, str]] = [
    (huge, "file_too_large", f"超过 {DEFAULT.file_bytes // MEGABYTE} MB，请拆分", "split it"),
    (bomb, "zip_bomb", "请用模板另存一份只含数据的文件", "save the data alone"),
    (macros, "macros", "另存为不带宏的 .xlsx", "without macros"),
    (lambda path: path.write_bytes(b""), "empty_file", "请填写后提交", "fill it in first"),
    (lambda path: write(path, []), "no_rows", "请填写后提交", "fill it in first"),
    (blank_rows, "blank_run", "请删除空行后重新提交", "delete them"),
    (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0old"),
        "old_excel",
        "另存为不加密的 .xlsx",
        "plain .xlsx",
    ),
]


@pytest.mark.parametrize(("make", "code", "words", "english"), FILES, ids=[code for _, code, *_ in FILES])
def test_each_bad_file_is_answered_once_and_told_what_to_do(
    tmp_path: Path, make: Callable[[Path], object], code: str, words: str, english: str
) -> None:
    path = tmp_path / "a.xlsx"
    make(path)
    file = read(path)
    told: Rejection = file.rejections[0]
    assert [one.code for one in file.rejections] == [code]
    assert words in told.message
    assert english in told.message_en
    assert file.is_unreadable or code == "blank_run"


def test_a_bad_file_takes_nothing_in_and_ends_with_its_answer(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    macros(path)
    batch = checked(town, path)
    assert batch.state == "unreadable"
    assert [(one.row, one.code) for one in batch.problems.all()] == [(0, "macros")]
    assert not CaseRecord.objects.exists()


def test_the_good_rows_beside_bad_ones_come_in(town: Town, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [case(1), case(2, id_number="1.1E+17"), case(3, size="两人"), case(4)]
    batch = taken(town, write(tmp_path / "a.xlsx", rows))
    assert (batch.counts["imported"], batch.counts["bad_rows"]) == (2, 2)
