"""Case files: what several cells and rows tell together."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from needs.intake.messages import TEXTS
from needs.intake.rows import CaseFile
from needs.intake.schema import SHEETS
from tests.needs.intake.casefiles import CASE_HEADERS, ITEM_HEADERS, case, id_number, item, read, write


def problems(file: CaseFile) -> list[tuple[str, int, str, str]]:
    for rejection in (*file.rejections, *file.duplicates):
        assert rejection.message
        assert rejection.message_en
    return [(r.sheet, r.row, r.column, r.code) for r in file.rejections]


def test_a_whole_case_is_read_with_its_members_and_items(tmp_path: Path) -> None:
    cells = case(
        source="医院", version=2, income="1,800.5元", groups="老年人、残疾人", phone=10012345678,
        consent="2026年1月6日", government="已获救助", address="某村", account="9900000000000000001",
    )  # fmt: skip
    items = [
        item(covered=3000, insured="2,000.50", note="手术"),
        item(category="食品", required=3, kind="物资"),
    ]
    members = [{"number": "A1", "name": "成员", "relation": "妻子", "id_number": id_number(2, "19720301")}]
    file = read(write(tmp_path / "f.xlsx", [cells], items, members))
    assert problems(file) == []
    found = file.cases[0]
    assert (found.row, found.number, found.source, found.version, found.region) == (
        2,
        "A1",
        "hospital",
        2,
        "990121",
    )
    assert (found.monthly_income_fen, found.medical_expense_fen, found.groups) == (
        180_050,
        0,
        ("elder", "disabled"),
    )
    assert (found.channel, found.economic_check, found.circle) == ("application", "pending", "")
    assert (found.consent_on, found.is_government_done) == (date(2026, 1, 6), True)
    cash, goods = found.items
    assert (cash.kind, cash.unit, cash.required, cash.government, cash.insurance, cash.lacking) == (
        "cash",
        "fen",
        1_200_000,
        300_000,
        200_050,
        699_950,
    )
    assert (goods.kind, goods.unit, goods.required, goods.row) == ("goods", "piece", 3, 3)
    assert (found.members[0].relation, found.members[0].sex, found.members[0].born_on) == (
        "10",
        "2",
        date(1972, 3, 1),
    )
    assert (file.rows, file.member_rows, file.item_rows) == (1, 1, 2)


def test_nothing_that_names_a_person_shows_in_a_repr_or_a_message(tmp_path: Path) -> None:
    secret: dict[str, Any] = {
        "name": "秘密",
        "address": "密村",
        "phone": "10099999999",
        "account": "9900999999999999999",
    }
    bad: dict[str, Any] = {**secret, "id_number": id_number(9)[:17], "number": "B"}
    file = read(write(tmp_path / "f.xlsx", [case(**secret), case(2, **bad), case(3, phone="1009999")]))
    shown = repr(file) + repr(file.cases) + str([r.as_dict() for r in file.rejections])
    for text in (*secret.values(), id_number(1), id_number(9)[:17], "1009999"):
        assert text not in shown


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"region": "990199"}, "区划代码", "unknown_region"),
        ({"region": "371202"}, "区划代码", "abolished_region"),
        ({"region": "990100"}, "区划代码", "coarse_region"),
        ({"applied_on": date(2099, 1, 1)}, "申请日期", "date_future"),
        ({"consent": date(2099, 1, 1)}, "授权同意公开日期", "date_future"),
        ({"consent": date(2026, 1, 2), "withdrawn": date(2026, 1, 1)}, "授权撤回日期", "date_order"),
        ({"withdrawn": date(2026, 1, 1)}, "授权撤回日期", "date_order"),
        ({"id_number": id_number(1, "20270101")}, "身份证号", "id_too_young"),
        ({"id_number": id_number(1, "18900101")}, "身份证号", "id_too_old"),
        ({"size": 0}, "户口人数", "too_small"),
        ({"cause": "x"}, "困难原因", "unknown_code"),
    ],
)
def test_a_bad_cell_rejects_its_case_and_no_other(
    tmp_path: Path, changes: dict[str, Any], column: str, code: str
) -> None:
    file = read(write(tmp_path / "f.xlsx", [case(1, **changes), case(2)]))
    assert problems(file) == [("案卷", 2, column, code)]
    assert [found.number for found in file.cases] == ["A2"]


def test_an_abolished_region_is_told_what_replaced_it(tmp_path: Path) -> None:
    file = read(write(tmp_path / "f.xlsx", [case(region=371202)]))
    assert "莱芜区（370116）" in file.rejections[0].message
    assert "370116" in file.rejections[0].message_en


@pytest.mark.parametrize("region", ["990121", 990121, "青禾县", "云川市青禾县", "990121001", "９９０１２１"])
def test_a_region_may_be_a_code_or_a_name(tmp_path: Path, region: object) -> None:
    assert read(write(tmp_path / "f.xlsx", [case(region=region)])).cases[0].region == "990121"


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"required": 0}, "所需金额或数量", "not_positive"),
        ({"required": "1.005"}, "所需金额或数量", "money_decimals"),
        ({"category": "食品", "required": 2.5}, "所需金额或数量", "not_whole"),
        ({"kind": "物资"}, "事项类型", "kind_mismatch"),
        ({"unit": "件"}, "单位", "unit_mismatch"),
        ({"covered": 9000, "insured": 4000}, "所需金额或数量", "covered_past_need"),
        ({"number": "Z9"}, "案卷编号", "unknown_case"),
        ({"category": None}, "事项类别", "required"),
    ],
)
def test_a_bad_item_rejects_itself_and_the_case_lives_on_the_others(
    tmp_path: Path, changes: dict[str, Any], column: str, code: str
) -> None:
    file = read(write(tmp_path / "f.xlsx", [case()], [item(**changes), item()]))
    assert problems(file) == [("需求事项", 2, column, code)]
    assert len(file.cases[0].items) == 1


def test_a_case_without_a_usable_item_is_rejected(tmp_path: Path) -> None:
    file = read(write(tmp_path / "f.xlsx", [case(1), case(2)], [item(1, required=-1), item(2)]))
    assert problems(file) == [
        ("案卷", 2, "案卷编号", "no_items"),
        ("需求事项", 2, "所需金额或数量", "negative"),
    ]
    assert [found.number for found in file.cases] == ["A2"]


def test_items_and_members_of_a_rejected_case_are_not_rejected_again(tmp_path: Path) -> None:
    members = [{"number": "A1", "name": "成员", "id_number": id_number(7)}]
    file = read(write(tmp_path / "f.xlsx", [case(1, size="x"), case(2)], [item(1), item(2)], members))
    assert problems(file) == [("案卷", 2, "户口人数", "not_number")]


def test_an_item_that_is_the_same_in_everything_is_refused(tmp_path: Path) -> None:
    file = read(write(tmp_path / "f.xlsx", [case()], [item(), item(), item(note="第二次手术")]))
    assert problems(file) == [("需求事项", 3, "案卷编号", "duplicate_item")]
    assert len(file.cases[0].items) == 2


def test_two_people_with_one_number_are_told_apart_from_one_person_in_two_cases(tmp_path: Path) -> None:
    cases = [case(1), case(2, id_number=id_number(1)), case(3, id_number=id_number(1), name="测试1")]
    file = read(write(tmp_path / "f.xlsx", cases))
    assert problems(file) == [("案卷", 3, "身份证号", "id_of_another")]
    assert [(r.row, r.code, r.params["other"]) for r in file.duplicates] == [(4, "person_in_two_cases", 2)]
    assert [found.number for found in file.cases] == ["A1"]


def test_a_case_that_is_rejected_stops_no_later_case_of_the_same_person(tmp_path: Path) -> None:
    cases = [
        case(1),
        case(2, id_number=id_number(1), name="测试1"),
        case(3, id_number=id_number(1), name="测试1"),
    ]
    members = [{"number": "A2", "name": "成员", "id_number": id_number(7)}]
    file = read(write(tmp_path / "f.xlsx", cases, [item(2), item(3)], members))
    assert problems(file) == [("案卷", 2, "案卷编号", "no_items")]
    assert [(found.number, len(found.members)) for found in file.cases] == [("A2", 1)]
    assert [(r.row, r.params["other"]) for r in file.duplicates] == [(4, 3)]


def test_a_member_who_is_the_head_of_another_case_stays_its_head(tmp_path: Path) -> None:
    members = [{"number": "A1", "name": "测试2", "id_number": id_number(2)}]
    file = read(write(tmp_path / "f.xlsx", [case(1), case(2)], None, members))
    assert [(found.number, len(found.members)) for found in file.cases] == [("A1", 0), ("A2", 0)]
    assert [(r.sheet, r.row, r.code) for r in file.duplicates] == [("家庭成员", 2, "member_in_two_cases")]


def test_one_case_number_for_two_people_is_refused(tmp_path: Path) -> None:
    file = read(write(tmp_path / "f.xlsx", [case(1), case(2, number="A1")], [item(1)]))
    assert problems(file) == [("案卷", 3, "案卷编号", "duplicate_case_number")]


def test_the_same_row_twice_is_refused_once(tmp_path: Path) -> None:
    file = read(write(tmp_path / "f.xlsx", [case(1), case(1)], [item(1)]))
    assert problems(file) == [("案卷", 3, "案卷编号", "duplicate_row")]
    assert len(file.cases) == 1


def test_members_must_fit_the_household(tmp_path: Path) -> None:
    def member(serial: int, **changes: Any) -> dict[str, Any]:
        return {"number": "A1", "name": f"成员{serial}", "id_number": id_number(serial), **changes}

    good = [
        member(11),
        member(1, name="测试1"),
        {"number": "A1", "name": "婴儿", "born_on": date(2026, 2, 1)},
    ]
    file = read(write(tmp_path / "f.xlsx", [case()], None, good))
    assert problems(file) == []
    assert [m.name for m in file.cases[0].members] == ["成员11", "婴儿"]
    bad = [
        member(11, id_number=None),
        member(12, id_number=id_number(1)),
        member(13, number="Z"),
        member(14),
        member(14),
    ]
    file = read(write(tmp_path / "f.xlsx", [case()], None, bad))
    assert problems(file) == [
        ("家庭成员", 2, "出生日期", "birth_unknown"),
        ("家庭成员", 3, "身份证号", "id_of_another"),
        ("家庭成员", 4, "案卷编号", "unknown_case"),
        ("家庭成员", 6, "身份证号", "duplicate_row"),
    ]
    file = read(write(tmp_path / "f.xlsx", [case(size=1)], None, [member(11)]))
    assert problems(file) == [("案卷", 2, "户口人数", "size_too_small")]


def test_a_member_of_two_cases_stays_in_the_first(tmp_path: Path) -> None:
    members = [{"number": n, "name": "成员", "id_number": id_number(50)} for n in ("A1", "A2")]
    file = read(write(tmp_path / "f.xlsx", [case(1), case(2)], None, members))
    assert [len(found.members) for found in file.cases] == [1, 0]
    assert [(r.sheet, r.row, r.code) for r in file.duplicates] == [("家庭成员", 3, "member_in_two_cases")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_flat_file_has_one_line_for_each_item(tmp_path: Path, encoding: str) -> None:
    headers = [*CASE_HEADERS.values(), *list(ITEM_HEADERS.values())[1:]]
    path = tmp_path / "f.csv"

    def line(cells: dict[str, Any], need: dict[str, Any]) -> list[Any]:
        own = {CASE_HEADERS[name]: value for name, value in cells.items()}
        return [{**own, **{ITEM_HEADERS[n]: v for n, v in need.items()}}.get(h, "") for h in headers]

    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(
            [
                headers,
                line(case(1), item(1)),
                line(case(1), item(1, category="食品", required=2)),
                line(case(2), item(2, required=0)),
                line(case(3), {"number": "A3"}),
            ]
        )
    file = read(path)
    assert [(found.number, len(found.items)) for found in file.cases] == [("A1", 2)]
    assert problems(file) == [
        ("案卷", 4, "所需金额或数量", "not_positive"),
        ("案卷", 4, "案卷编号", "no_items"),
        ("案卷", 5, "案卷编号", "no_items"),
    ]


def test_a_file_that_cannot_start_says_so(tmp_path: Path) -> None:
    file = read(tmp_path / "none.xlsx")
    assert (file.is_unreadable, problems(file)) == (True, [("", 0, "", "file_missing")])
    empty = read(write(tmp_path / "e.xlsx", []))
    assert (empty.is_unreadable, [code for *_, code in problems(empty)]) == (True, ["no_rows"])
    assert not read(write(tmp_path / "bad.xlsx", [case(size="x")])).is_unreadable


def test_the_digest_of_a_case_does_not_depend_on_its_place(tmp_path: Path) -> None:
    first = read(write(tmp_path / "a.xlsx", [case(1), case(2)]))
    second = read(write(tmp_path / "b.xlsx", [case(2), case(1)]))
    assert {c.number: c.canonical() for c in first.cases} == {c.number: c.canonical() for c in second.cases}
    other = read(write(tmp_path / "c.xlsx", [case(1, phone="10011112222")]))
    assert other.cases[0].canonical() != first.cases[0].canonical()


def test_every_column_that_names_a_person_is_marked_sensitive() -> None:
    kinds = {"id_number", "phone", "account"}
    names = {"name", "address", "item_note", "born_on", "sensitive_kind"}
    columns = [column for sheet in SHEETS for column in sheet.columns]
    assert all(c.sensitive for c in columns if c.kind.value in kinds or c.name in names)


def test_every_message_is_there_in_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in TEXTS.values())
