"""The same answer to the same bad input, in whatever form it comes."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jiujinan.tabular.reading import read_grids
from needs.intake import programs
from needs.intake.reading import sort_out
from needs.intake.rows import CaseFile
from needs.intake.schema import SHEETS
from tests.needs.intake.casefiles import (
    CASE_HEADERS,
    ITEM_HEADERS,
    LOOKUP,
    TODAY,
    case,
    id_number,
    read,
    write,
)

_ITEM = {"category": "医疗费用", "required": 12000}
_JSON_NAMES = {
    "income": "monthly_income_fen",
    "consent": "consent_on",
    "withdrawn": "consent_withdrawn_on",
    "government": "government_status",
}
Form = Callable[[Path, list[dict[str, Any]]], CaseFile]


def as_workbook(folder: Path, cases: list[dict[str, Any]]) -> CaseFile:
    return read(write(folder / "a.xlsx", cases))


def as_text(encoding: str) -> Form:
    def form(folder: Path, cases: list[dict[str, Any]]) -> CaseFile:
        names = [*CASE_HEADERS, "category", "required"]
        headers = [*CASE_HEADERS.values(), ITEM_HEADERS["category"], ITEM_HEADERS["required"]]
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(headers)
        writer.writerows([[{**_ITEM, **one}.get(name) for name in names] for one in cases])
        path = folder / "a.csv"
        path.write_bytes(stream.getvalue().encode(encoding))
        return read(path)

    return form


def as_json(folder: Path, cases: list[dict[str, Any]]) -> CaseFile:
    sent = [
        {
            **{
                _JSON_NAMES.get(name, name): str(value) if name == "applied_on" else value
                for name, value in one.items()
            },
            "items": [{"item_category": _ITEM["category"], "item_required": _ITEM["required"]}],
        }
        for one in cases
    ]
    tables = programs._tables(sent)
    grids = {s.name: programs._grid(s, tables[s.name]) for s in SHEETS if tables[s.name].rows}
    return sort_out(read_grids(grids, SHEETS), regions=LOOKUP, today=TODAY)


FORMS: dict[str, Form] = {
    "xlsx": as_workbook,
    "utf-8": as_text("utf-8"),
    "utf-8 with mark": as_text("utf-8-sig"),
    "gb18030": as_text("gb18030"),
    "json": as_json,
}
BAD = [
    ({"id_number": "1.10105E+17"}, "id_scientific"),
    ({"id_number": "110105491231002"}, "id_15_digits"),
    ({"id_number": id_number(1)[:17] + ("0" if id_number(1)[17] != "0" else "1")}, "id_check_digit"),
    ({"id_number": "990121199002300012"}, "id_birth_date"),
    ({"applied_on": "2026-02-30"}, "date_impossible"),
    ({"region": "110103"}, "abolished_region"),
    ({"region": "999999"}, "unknown_region"),
    ({"size": "两人"}, "not_number"),
    ({"cause": "倒霉"}, "unknown_code"),
    ({"name": None}, "required"),
]


@pytest.fixture(params=list(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


@pytest.mark.parametrize(("change", "code"), BAD, ids=[code for _, code in BAD])
def test_a_bad_cell_has_its_answer_and_sinks_no_other_case(
    form: Form, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    file = form(tmp_path, [case(1, **change), case(2)])
    assert [one.number for one in file.cases] == ["A2"]
    assert {one.code for one in file.rejections} == {code}
    for one in file.rejections:
        assert one.message
        assert not change.get("id_number") or str(change["id_number"]) not in one.message


def test_full_width_digits_are_read(form: Form, tmp_path: Path) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in id_number(1))
    [one] = form(tmp_path, [case(1, id_number=wide, size="３", region="９９０１２１")]).cases
    assert (one.id_number, one.size, one.region) == (id_number(1), 3, "990121")


def test_two_people_with_one_number_and_one_person_in_two_cases(form: Form, tmp_path: Path) -> None:
    file = form(
        tmp_path,
        [case(1), case(2, id_number=id_number(1)), case(3, id_number=id_number(1), name="测试1")],
    )
    assert [one.number for one in file.cases] == ["A1"]
    assert [one.code for one in file.rejections] == ["id_of_another"]
    assert [one.code for one in file.duplicates] == ["person_in_two_cases"]


def test_an_abolished_region_says_what_replaced_it(form: Form, tmp_path: Path) -> None:
    [one] = form(tmp_path, [case(1, region="110103"), case(2)]).rejections
    assert "110101" in one.message
