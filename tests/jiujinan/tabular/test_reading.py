"""Files as people send them, and files as attackers do."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from jiujinan.tabular.limits import Limits
from jiujinan.tabular.outcome import Rejection, Row
from jiujinan.tabular.reading import read_rows
from jiujinan.tabular.schema import Column, Kind, Sheet

THINGS = Sheet(
    "物品",
    "things",
    (
        Column("编号", "number", Kind.TEXT, required=True),
        Column("名称（全称）", "name", Kind.TEXT, required=True, aliases=("品名",)),
        Column("数量", "count", Kind.INTEGER),
        Column("日期", "day", Kind.DATE),
    ),
    key="number",
)
NOTES = Sheet("附注", "notes", (Column("文字", "text", Kind.TEXT, required=True),), required=False)
SHEETS = (THINGS, NOTES)
HEADER = ["编号", "名称", "数量", "日期"]


def book(*rows: Sequence[object], title: str = "物品") -> Workbook:
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(list(row))
    return made


def saved(made: Workbook, folder: Path, name: str = "file.xlsx") -> Path:
    made.save(folder / name)
    return folder / name


def read(path: Path, **limits: int) -> tuple[list[dict[str, object]], list[tuple[int, str, str]]]:
    """Return the values of the good rows, and row, column and code of the rejections."""
    outcomes = list(read_rows(path, SHEETS, limits=Limits(**limits)))
    rejections = [o for o in outcomes if isinstance(o, Rejection)]
    assert all(r.message and r.message_en and r.as_dict() for r in rejections)
    good = [dict(o.values) for o in outcomes if isinstance(o, Row)]
    return good, [(r.row, r.column, r.code) for r in rejections]


def written(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def repacked(path: Path, change: dict[str, bytes]) -> Path:
    """Replace or add parts of a workbook."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()} | change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def test_headers_may_be_shuffled_spaced_starred_aliased_and_below_a_title(tmp_path: Path) -> None:
    made = book(
        ["物品登记表"],
        [],
        [" 数 量*", "自用列", "品名", "编号（必填）", "日期"],
        [3, "x", "被褥", 7, "2026年1月5日"],
    )
    good, bad = read(saved(made, tmp_path))
    assert good == [{"number": "7", "name": "被褥", "count": 3, "day": date(2026, 1, 5)}]
    assert bad == []


def test_a_missing_header_rejects_the_sheet_and_names_each_one(tmp_path: Path) -> None:
    good, bad = read(saved(book(["数量", "日期"], [3, "x"]), tmp_path))
    assert good == []
    assert bad == [(1, "编号", "missing_column"), (1, "名称（全称）", "missing_column")]


def test_a_header_that_appears_twice_rejects_the_sheet(tmp_path: Path) -> None:
    assert read(saved(book([*HEADER, "品名"], [1, "a", 2]), tmp_path))[1] == [
        (1, "名称（全称）", "duplicate_column")
    ]


def test_every_bad_cell_of_a_row_is_named_by_its_sheet_row(tmp_path: Path) -> None:
    made = book(HEADER, [1, "a", "两", "2026-02-30"], [2, "b", 1, None], [3, None, 1, None])
    good, bad = read(saved(made, tmp_path))
    assert [row["number"] for row in good] == ["2"]
    assert bad == [(2, "数量", "not_number"), (2, "日期", "date_impossible"), (4, "名称（全称）", "required")]


def test_formulas_and_error_values_are_refused_only_in_declared_columns(tmp_path: Path) -> None:
    made = book(
        [*HEADER, "自用"], [1, "a", "=1+1", None, "=2"], [2, "b", "#N/A", None], [3, "c", 1, None, "=2"]
    )
    made.active["C3"].data_type = "e"
    good, bad = read(saved(made, tmp_path))
    assert [row["number"] for row in good] == ["3"]
    assert bad == [(2, "数量", "formula"), (3, "数量", "error_cell")]


def test_merged_cells_reject_the_rows_that_they_touch(tmp_path: Path) -> None:
    made = book(["标题"], HEADER, *([n, "a", n, None, "x"] for n in range(1, 7)))
    made.active.merge_cells("A1:D1")
    made.active.merge_cells("B3:C3")
    made.active.merge_cells("B5:B6")
    made.active.merge_cells("E7:F8")  # no declared column
    good, bad = read(saved(made, tmp_path))
    assert [row["number"] for row in good] == ["2", "5", "6"]
    assert bad == [(row, "名称（全称）", "merged") for row in (3, 5, 6)]


def test_notes_under_the_table_repeated_headers_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    made = book(HEADER, [1, "a"], [], HEADER, [None, "  "], [2, "b"], ["注：以上为本月数据"], [None, "合计"])
    good, bad = read(saved(made, tmp_path))
    assert ([row["number"] for row in good], bad) == (["1", "2"], [])


def test_a_sheet_of_another_name_is_found_by_its_headers(tmp_path: Path) -> None:
    made = book(["说明"], title="封面")
    made.create_sheet("Sheet2").append(HEADER)
    made["Sheet2"].append([1, "a"])
    assert read(saved(made, tmp_path))[0][0]["name"] == "a"


def test_a_workbook_without_the_sheet_says_so(tmp_path: Path) -> None:
    assert read(saved(book(["别的"], title="别的"), tmp_path))[1] == [(0, "", "missing_sheet")]


def test_an_empty_sheet_says_so(tmp_path: Path) -> None:
    assert read(saved(book(HEADER), tmp_path))[1] == [(1, "", "no_rows")]


def test_a_long_run_of_blank_rows_ends_the_reading_and_says_so(tmp_path: Path) -> None:
    made = book(HEADER, [1, "a"], *([" "] for _ in range(60)), [2, "b"])
    path = saved(made, tmp_path)
    assert read(path, blank_run=50)[1] == [(3, "", "blank_run")]
    assert len(read(path)[0]) == 2


def test_a_hundred_thousand_blank_rows_cost_little(tmp_path: Path) -> None:
    made = Workbook(write_only=True)
    sheet = made.create_sheet("物品")
    sheet.append(HEADER)
    for _ in range(100_000):
        sheet.append([""])
    good, bad = read(saved(made, tmp_path))
    assert (good, bad) == ([], [(2, "", "blank_run")])


def test_too_many_rows_are_not_read(tmp_path: Path) -> None:
    good, bad = read(saved(book(HEADER, *([n, "a"] for n in range(5))), tmp_path), rows=3)
    assert (len(good), bad) == (3, [(5, "", "too_many_rows")])


def test_shared_texts_rich_texts_booleans_and_dates_are_read_as_a_spreadsheet_writes_them(
    tmp_path: Path,
) -> None:
    path = saved(book(HEADER, [1, "a", 3, date(2026, 1, 5)]), tmp_path)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    texts = f"<sst {main}>" + "".join(f"<si><t>{text}</t></si>" for text in HEADER)
    texts += "<si><r><rPr><b/></rPr><t>被</t></r><r><t>褥</t></r><rPh><t>bei</t></rPh></si></sst>"
    head = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(4))
    cells = '<c r="A3" t="b"><v>1</v></c><c r="B3" t="s"><v>4</v></c><c r="D3" t="d"><v>2026-01-05</v></c>'
    sheet = f'<worksheet {main}><sheetData><row>{head}</row><row r="3">{cells}</row></sheetData></worksheet>'
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rT" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    changes = {
        "xl/sharedStrings.xml": texts,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", relation),
    }
    good, _ = read(repacked(path, {name: text.encode() for name, text in changes.items()}))
    assert good == [{"number": "True", "name": "被褥", "count": None, "day": date(2026, 1, 5)}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimited_files_of_every_usual_encoding_are_read(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = [delimiter.join(HEADER), delimiter.join(['="007"', "棉被㐀", "1人", "2026/1/5"]), ""]
    good, bad = read(written(tmp_path, "\r\n".join(lines).encode(encoding)))
    assert good == [{"number": "007", "name": "棉被㐀", "count": 1, "day": date(2026, 1, 5)}]
    assert bad == []


def test_a_formula_in_a_delimited_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "编号,名称,数量\n1,=cmd(),2\n".encode())
    assert read(path)[1] == [(2, "名称（全称）", "formula")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n ", "empty_file"),
        (b"\xff\xfe\x00", "encoding"),
        (b"\x81\xff\x81\xff", "encoding"),
        (b"a\x00b", "unreadable"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    ],
)
def test_files_that_are_no_table_get_a_clear_answer(tmp_path: Path, content: bytes, code: str) -> None:
    good, bad = read(written(tmp_path, content))
    assert (good, bad) == ([], [(0, "", code)])


def test_a_missing_file_and_a_too_large_one_get_a_clear_answer(tmp_path: Path) -> None:
    assert read(tmp_path / "none.xlsx")[1] == [(0, "", "file_missing")]
    path = saved(book(HEADER), tmp_path)
    assert read(path, file_bytes=1000)[1] == [(0, "", "file_too_large")]


def test_macros_are_refused_by_content_not_by_name(tmp_path: Path) -> None:
    path = repacked(saved(book(HEADER, [1, "a"]), tmp_path), {"xl/vbaProject.bin": b"x"})
    assert read(path)[1] == [(0, "", "macros")]
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    path = repacked(saved(book(HEADER, [1, "a"]), tmp_path), {"[Content_Types].xml": types})
    assert read(path)[1] == [(0, "", "macros")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = saved(book(HEADER, [1, "a"]), tmp_path)
    repacked(path, {"xl/worksheets/sheet1.xml": b"<x>" + b" " * 30_000_000})
    assert path.stat().st_size < 100_000
    assert read(path)[1] == [(0, "", "zip_bomb")]
    assert read(path, unpacked_bytes=1_000_000)[1] == [(0, "", "zip_bomb")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?><!-- <a> -->", f"<!--{' ' * 70_000}-->"])
def test_declared_entities_are_refused(tmp_path: Path, encoding: str, before: str) -> None:
    bomb = f'{before}<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(encoding)
    path = repacked(saved(book(HEADER, [1, "a"]), tmp_path), {"xl/worksheets/sheet1.xml": bomb})
    assert read(path)[1] == [(0, "", "unsafe_xml")]


def test_a_damaged_part_is_called_damage(tmp_path: Path) -> None:
    for part in (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ):
        path = repacked(saved(book(HEADER, [1, "a"]), tmp_path), {part: b"<x><y></x>"})
        assert read(path)[1] == [(0, "", "unreadable")]


def test_a_zip_that_is_no_workbook_is_called_unreadable(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    assert read(written(tmp_path, stream.getvalue()))[1] == [(0, "", "unreadable")]


def test_a_rejection_keeps_the_rows_key_and_no_row_shows_its_values(tmp_path: Path) -> None:
    path = saved(book(HEADER, [1, "a", "x"], [2, "秘密", 1]), tmp_path)
    outcomes = list(read_rows(path, SHEETS))
    assert isinstance(outcomes[0], Rejection)
    assert (outcomes[0].key, outcomes[0].sheet_name, outcomes[0].is_of_file) == ("1", "things", False)
    assert "秘密" not in repr(outcomes)


def test_our_own_reader_sees_what_the_library_sees(tmp_path: Path) -> None:
    rows = [[1, "a", 2.0, date(2026, 1, 5)], [2, "ｂ", 3, "2026-1-6"], [3, " c ", "4", None]]
    path = saved(book(HEADER, *rows), tmp_path)
    seen = list(load_workbook(path).active.iter_rows(min_row=2, values_only=True))
    good, _ = read(path)
    assert [row["number"] for row in good] == [str(row[0]) for row in seen]
    assert [row["count"] for row in good] == [2, 3, 4]
