"""Rows that are picked are the rows that a whole reading finds."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from jiujinan.tabular import windows
from jiujinan.tabular.limits import DEFAULT
from jiujinan.tabular.workbook import open_grids

ROWS = 400
cells = st.one_of(
    st.none(), st.integers(-5, 5), st.booleans(), st.text(st.sampled_from('一二<&row r="7"/>\''), max_size=9)
)


def book(path: Path, rows: list[list[object]]) -> Path:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


@given(st.lists(st.lists(cells, max_size=4), max_size=12), st.sets(st.integers(0, 15)))
@settings(max_examples=40)
def test_whatever_the_cells_hold_the_same_rows_are_found(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]], wanted: set[int]
) -> None:
    path = book(tmp_path_factory.mktemp("pick") / "a.xlsx", rows)
    with open_grids(path, DEFAULT) as (grid,):
        assert list(grid.pick(wanted)) == [row for row in grid.open_rows() if row[0] in wanted]


@pytest.mark.parametrize("window", [200, 5000, 1 << 20])
def test_rows_lie_across_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr(windows, "_WINDOW", window)
    path = book(tmp_path / "a.xlsx", [[f"号{n}", n, "说明" * 9] for n in range(1, ROWS + 1)])
    wanted = {1, 2, 77, 200, ROWS}
    with open_grids(path, DEFAULT) as (grid,):
        assert [row[:1] + tuple(row[1][:2]) for row in grid.pick(wanted)] == [
            (n, f"号{n}", n) for n in sorted(wanted)
        ]


@pytest.mark.parametrize(("old", "new"), [(b' r="2"', b""), (b"sheetData>", b"x:sheetData>")])
def test_a_part_written_in_an_unusual_way_is_read_row_by_row(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = book(tmp_path / "a.xlsx", [["a"], ["b"], ["c"]])
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<worksheet ", b'<worksheet xmlns:x="urn:x" ').replace(old, new)
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    with open_grids(path, DEFAULT) as (grid,):
        assert list(grid.pick({2, 3})) == [(2, ["b"]), (3, ["c"])]
