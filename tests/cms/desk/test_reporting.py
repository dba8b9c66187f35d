"""The reports as pages and files; nobody sees more than the own divisions."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook

from jiujinan.accounts.models import User
from tests.cms.desk.test_desk import of_county
from tests.town import COUNTY, NEXT_COUNTY, PREFECTURE, Town

SignIn = Callable[[User], Client]
PAGES = ("weekly", "time-to-help", "scorecard")
PERIOD = {"since": "2026-01-01", "until": "2026-12-31"}


@pytest.mark.parametrize("page", PAGES)
def test_each_report_is_a_page_a_workbook_and_a_text_file(town: Town, signed_in: SignIn, page: str) -> None:
    town.verified()
    client, address = signed_in(town.lin), f"/admin/desk/reporting/{page}/"
    asked = {"week": "2026-W28"} if page == "weekly" else PERIOD
    shown = client.get(address, asked)
    assert shown.status_code == 200
    assert "云川市" in shown.content.decode()
    book = load_workbook(io.BytesIO(client.get(address, {**asked, "format": "xlsx"}).content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    text = client.get(address, {**asked, "format": "csv"}).content.decode("utf-8-sig")
    assert any("云川市" in str(cell) for cell in cells)
    assert "云川市" in text


@pytest.mark.parametrize("page", PAGES)
def test_another_division_is_not_a_choice(town: Town, signed_in: SignIn, page: str) -> None:
    client = signed_in(of_county(town, COUNTY))
    for other in (NEXT_COUNTY, PREFECTURE, "'; --"):
        assert client.get(f"/admin/desk/reporting/{page}/", {"region": other}).status_code == 422


def test_a_week_that_does_not_exist_is_said_so(town: Town, signed_in: SignIn) -> None:
    answer = signed_in(town.lin).get("/admin/desk/reporting/weekly/", {"week": "2026-W60"})
    assert answer.status_code == 422
    assert "2026-W07" in answer.content.decode()


@pytest.mark.parametrize("command", ["weekly_report", "time_to_help", "scorecard"])
def test_each_report_is_a_command(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    town.verified()
    out = tmp_path / "report.xlsx"
    call_command(command, region=PREFECTURE, out=out)
    assert load_workbook(out).active.max_row > 1
    call_command(command)
    assert "全国" in capsys.readouterr().out
    for wrong in ({"region": "123456"}, {"out": tmp_path / "report.pdf"}):
        with pytest.raises(CommandError):
            call_command(command, **wrong)


def test_commands_refuse_wrong_times() -> None:
    with pytest.raises(CommandError, match="2026-W07"):
        call_command("weekly_report", week="soon")
    with pytest.raises(CommandError, match="first day"):
        call_command("scorecard", "--since", "2026-02-01", "--until", "2026-01-01")


def test_the_scorecard_shows_indicator_content_standard_and_what_was_measured(
    town: Town, signed_in: SignIn
) -> None:
    town.verified()
    text = signed_in(town.lin).get("/admin/desk/reporting/scorecard/", {**PERIOD, "format": "csv"})
    header, score, *rows = csv.reader(io.StringIO(text.content.decode("utf-8-sig")))
    assert header[:6] == ["指标", "内容", "标准", "分值", "满分线", "实测值"]
    assert score[0] == "得分（满分 100）"
    assert [len({row[place] for row in rows}) for place in range(3)] == [3, 12, 16]
    measured = {row[2]: row[4:6] for row in rows}
    assert measured["有责任人的案卷比例"] == ["100.0%", "100.0%"]
    assert measured["实际使用的发现渠道数"] == ["5", "1"]


def test_the_page_shows_the_time_that_it_is_about(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    weekly = client.get("/admin/desk/reporting/weekly/")
    assert f'value="{weekly.context["form"].cleaned_data["week"].label}"' in weekly.content.decode()
    period = client.get("/admin/desk/reporting/time-to-help/")
    assert f'value="{period.context["form"].cleaned_data["since"]}"' in period.content.decode()
