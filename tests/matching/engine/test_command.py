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
    assert "funds.csv, line 3: regions" in capsys.readouterr().err


def test_an_answer_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "needs.csv", "id,gap_fen\n1,5\n")
    write(tmp_path / "funds.csv", "id,available_fen\n7,300\n")
    write(tmp_path / "taken", "")
    assert main([str(tmp_path), "--out", str(tmp_path / "taken")]) == 2
    assert "cannot write" in capsys.readouterr().err
