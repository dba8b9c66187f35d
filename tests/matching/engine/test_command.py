"""The engine as a command on CSV files."""

import csv
import json
from pathlib import Path

import pytest

from matching.engine.__main__ import main


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def test_a_folder_of_csv_becomes_an_allocation_with_reasons(tmp_path: Path) -> None:
    write(
        tmp_path / "needs.csv", "id,gap_fen,region,priority\n1,500,990122,2\n2,400,990123,1\n3,50,980101,1\n"
    )
    write(tmp_path / "funds.csv", "id,available_fen,regions\n7,600,990100\n8,100,990122|990123\n")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["covered_fen"], summary["bound_fen"]) == (700, 700)
    with (tmp_path / "out" / "needs.csv").open() as handle:
        rows = {row["id"]: row for row in csv.DictReader(handle)}
    assert [rows[key]["outcome"] for key in ("1", "2", "3")] == ["MATCHED", "PARTLY", "NOT_ELIGIBLE"]
    assert (rows["3"]["failed_rules"], rows["3"]["change_value"]) == ("REGION", "980101")


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    write(
        tmp_path / "needs.csv", "id,gap_fen,priority\n" + "".join(f"{k},{k * 7 % 50},1\n" for k in range(40))
    )
    write(tmp_path / "funds.csv", "id,available_fen,per_case_cap_fen\n7,300,20\n8,200,0\n")
    for name in ("a", "b"):
        assert main([str(tmp_path), "--out", str(tmp_path / name), "--method", "large"]) == 0
    written = [sorted(path.read_bytes() for path in (tmp_path / name).iterdir()) for name in ("a", "b")]
    assert written[0] == written[1]


@pytest.mark.parametrize(
    "header",
    [
        "id\n1\n",
        "id,gap_fen,colour\n1,2,3\n",
        "id,gap_fen\n1,two\n",
        "id,gap_fen\n1,99999999999999999999\n",
        "id,gap_fen\n1\n",
        "id,gap_fen\n1,2,3\n",
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_solved(
    tmp_path: Path, header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "needs.csv", header)
    write(tmp_path / "funds.csv", "id,available_fen\n7,300\n")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "needs.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_region_that_is_no_code_is_named_by_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "needs.csv", "id,gap_fen\n1,5\n")
    write(tmp_path / "funds.csv", "id,available_fen,regions\n7,300,990100\n8,300,Baise\n")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "funds.csv, line 3, column regions" in capsys.readouterr().err


def test_an_answer_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "needs.csv", "id,gap_fen\n1,5\n")
    write(tmp_path / "funds.csv", "id,available_fen\n7,300\n")
    write(tmp_path / "taken", "")
    assert main([str(tmp_path), "--out", str(tmp_path / "taken")]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("id,gap_fen\n1,5\n2,five\n", "line 3, column gap_fen: a whole number is wanted, not 'five'"),
        ("id,gap_fen\n1,1_000\n", "line 2, column gap_fen: a whole number is wanted, not '1_000'"),
        ("id,gap_fen\n1,\uff15\n", "line 2, column gap_fen: a whole number is wanted"),
        ("id,gap_fen\n1,5.0\n", "line 2, column gap_fen: a whole number is wanted, not '5.0'"),
        ("id,gap_fen\n1,5\n2,-5\n", "line 3, column gap_fen: a number from 0"),
        ("id,gap_fen\n1,5\n,5\n", "line 3, column id: a value is wanted"),
        ("id,gap_fen\n4,5\n\n4,6\n", "line 4, column id: line 2 has the same"),
        ("id,gap_fen,region\n1,5,9901221\n", "line 2, column region: a number from 0 to 999999"),
        (
            "id,gap_fen,region\n1,5,9901\n",
            "line 2, column region: a six-digit code or 0 is wanted, not '9901'",
        ),
        ("id,gap_fen\n" + "9" * 200_000 + ",5\n", "line 2: field larger than field limit"),
        ("id,gap_fen,tier\n1,5,8\n", "line 2, column tier: a number from 0 to 7"),
        ("id,gap_fen,id\n1,5,1\n", "line 1: a column stands twice"),
        ('id,gap_fen\n"1\n",5\n2\n', "line 4: 2 values are wanted, not 1"),
    ],
)
def test_a_wrong_cell_is_named_by_line_column_and_value(
    tmp_path: Path, needs: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "needs.csv", needs)
    write(tmp_path / "funds.csv", "id,available_fen\n7,300\n")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert f"needs.csv, {said}" in capsys.readouterr().err


def test_ids_may_be_as_large_as_sixty_four_bits_hold(tmp_path: Path) -> None:
    largest = (1 << 63) - 1
    write(tmp_path / "needs.csv", f"id,gap_fen,priority\n{largest},5,1\n{-largest},9,2\n")
    write(tmp_path / "funds.csv", f"id,available_fen\n{largest - 1},5\n")
    for method in ("pairs", "large"):
        assert main([str(tmp_path), "--out", str(tmp_path / method), "--method", method]) == 0
        with (tmp_path / method / "allocation.csv").open() as handle:
            grants = [(int(row["need_id"]), int(row["fund_id"])) for row in csv.DictReader(handle)]
        assert grants == [(-largest, largest - 1)]


@pytest.mark.parametrize("method", ["auto", "pairs", "large"])
@pytest.mark.parametrize(("needs", "funds"), [("", ""), ("1,5\n", ""), ("", "7,300\n")])
def test_nobody_in_need_or_nothing_to_give_is_an_instance_too(
    tmp_path: Path, method: str, needs: str, funds: str
) -> None:
    write(tmp_path / "needs.csv", "id,gap_fen\n" + needs)
    write(tmp_path / "funds.csv", "id,available_fen\n" + funds)
    assert main([str(tmp_path), "--out", str(tmp_path / "out"), "--method", method]) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["covered_fen"], summary["bound_fen"], summary["grants"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (
            "needs.csv",
            "id,gap_fen\n" + "".join(f"{k},{1 << 52}\n" for k in range(4096)),  # 2^64: int64 would say 0
            "needs.csv: gaps sum to more than the engine can hold",
        ),
        (
            "promises.csv",
            "need_id,household,fund_id,amount_fen\n" + f"1,0,7,{1 << 52}\n" * 4096,
            "promises.csv: promises sum to more than the engine can hold",
        ),
        ("funds.csv", "id,available_fen,regions\n7,5,9901\n", "line 2, column regions: six-digit codes"),
        (
            "funds.csv",
            "id,available_fen,regions\n7,5,\uff19\uff19\uff10\uff11\uff10\uff11\n",
            "line 2, column regions",
        ),
    ],
)
def test_what_the_engine_cannot_hold_or_read_is_named(
    tmp_path: Path, file: str, content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "needs.csv", "id,gap_fen\n1,5\n")
    write(tmp_path / "funds.csv", "id,available_fen\n7,300\n")
    write(tmp_path / file, content)
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_utf_8_is_named_by_line_and_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "needs.csv").write_bytes(b"id,gap_fen\n1,\xc1\n")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "needs.csv, line 2: UTF-8 is wanted, not the byte 0xc1" in capsys.readouterr().err


def test_a_byte_order_mark_and_lines_ended_as_on_windows_are_read(tmp_path: Path) -> None:
    write(tmp_path / "needs.csv", "\ufeffid,gap_fen\r\n1,5\r\n")
    write(tmp_path / "funds.csv", "id , available_fen\r\n 7 , 300 \r\n")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["covered_fen"] == 5
