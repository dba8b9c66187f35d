"""The documentation of the files names every column and every code."""

from pathlib import Path

from donors.intake import schema as resources
from jiujinan.tabular.schema import Column
from needs.intake import schema as cases

PAGE = (Path(__file__).parents[2] / "docs" / "case-file.md").read_text(encoding="utf-8")
COLUMNS = [c for sheet in (*cases.SHEETS, *resources.SHEETS) for c in sheet.columns]


def line(column: Column) -> str:
    return f"| {column.name_zh} | {'、'.join(column.aliases)} | {'yes' if column.required else ''} |"


def test_every_column_stands_there_with_its_other_names_and_whether_it_is_required() -> None:
    inline = {id(c) for c in cases.CASES.columns if c.name.startswith("item_")}
    assert [c.name_zh for c in COLUMNS if id(c) not in inline and line(c) not in PAGE] == []


def test_every_code_stands_there_with_its_label() -> None:
    lists = [column.codes for column in COLUMNS if column.codes is not None]
    assert lists
    assert [e.code for codes in lists for e in codes.entries if f"{e.label} `{e.code}`" not in PAGE] == []
