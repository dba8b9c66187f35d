"""The main job as one command on two files: what it tells, what it leaves, and what a second run changes."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from donors.ledger.models import LedgerTransaction
from donors.models import Fund
from jiujinan.outbox.models import OutboxEvent
from matching.main_job.result import Summary
from matching.models import Commitment, Disbursement, Referral
from needs.models import CaseRecord, NeedItem, Person, Project
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.main_job.files import COUNT, YUAN, case, cases_file, resources_file
from tests.town import Town

KINDS = (
    CaseRecord,
    Person,
    NeedItem,
    Project,
    Fund,
    LedgerTransaction,
    Commitment,
    Disbursement,
    Referral,
    OutboxEvent,
)


def run(cases: Path, resources: Path, out: Path) -> tuple[int, dict[str, Any]]:
    """Run the command; return its exit status and the one object that it printed."""
    told = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(
            "run_main_job", "--cases", cases, "--resources", resources, "--out", out, "--json", stdout=told
        )
    assert isinstance(end.value.code, int)
    return end.value.code, json.loads(told.getvalue())


def counts() -> list[int]:
    return [kind.objects.count() for kind in KINDS]


def test_two_good_files_end_in_reports_and_write_backs_and_again_change_nothing(
    town: Town, tmp_path: Path
) -> None:
    files = cases_file(tmp_path / "cases.xlsx"), resources_file(tmp_path / "resources.xlsx")
    out = tmp_path / "out"
    status, summary = run(*files, out)
    assert summary["rejected"] == []
    assert status == 0
    assert summary.keys() == Summary().as_dict().keys()
    assert summary["rows"] == COUNT + 3 * COUNT + 3 + 3
    told = {name: summary[name] for name in ("duplicates", "verified", "held", "published", "referrals")}
    assert told == {"duplicates": 0, "verified": COUNT, "held": 0, "published": COUNT, "referrals": COUNT}
    assert summary["items"] == {"covered": 3 * COUNT, "partly": 0, "open": 0}
    assert summary["allotted_fen"] == COUNT * YUAN * 100
    everything_holds()
    trails_hold()

    [report] = (out / "donor-reports").glob("*.html")
    assert "测试基金" in report.read_text(encoding="utf-8")
    lines = [
        json.loads(line) for line in (out / "write-backs.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert (
        len(lines) == summary["write_backs"] == OutboxEvent.objects.filter(delivered_at__isnull=False).count()
    )
    assert all(line["signature"].startswith("v1,") for line in lines)
    by_case = Counter(line["subject"] for line in lines)
    assert len(by_case) == COUNT
    for subject in by_case:
        assert [one["seq"] for one in lines if one["subject"] == subject] == list(
            range(1, by_case[subject] + 1)
        )
    written = report.read_text(encoding="utf-8") + (out / "write-backs.jsonl").read_text(encoding="utf-8")
    for secret in ("测试1", "990121197005120"):
        assert secret not in written

    before = counts()
    status, again = run(*files, out)
    assert status == 0
    assert counts() == before
    changed = {"verified": 0, "published": 0, "write_backs": 0, "seconds": again["seconds"]}
    assert again == {**summary, **changed}
    everything_holds()


def test_bad_rows_are_named_and_never_stop_the_good_ones(town: Town, tmp_path: Path) -> None:
    bad = [case(901, 身份证号="990121197002300017"), case(902, 困难原因="")]
    files = cases_file(tmp_path / "cases.xlsx", *bad, good=3), resources_file(tmp_path / "resources.xlsx")
    status, summary = run(*files, tmp_path / "out")
    assert status == 1
    assert (summary["verified"], summary["held"], summary["published"]) == (3, 3, 0)
    named = {(one["sheet"], one["row"], one["column"]) for one in summary["rejected"]}
    assert {("案卷", 5, "身份证号"), ("案卷", 6, "困难原因")} <= named
    for one in summary["rejected"]:
        assert one.keys() >= {"sheet", "row", "column", "code", "message"}
        assert one["message"]
        assert "990121197002300017" not in one["message"]


def test_a_file_that_is_missing_or_no_workbook_starts_nothing(town: Town, tmp_path: Path) -> None:
    resources = resources_file(tmp_path / "resources.xlsx")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 this is no workbook")
    for cases in (tmp_path / "nowhere.xlsx", broken):
        status, summary = run(cases, resources, tmp_path / "out")
        assert status == 2
        assert len(summary["rejected"]) == 1
        assert summary["rejected"][0]["message"]
    assert counts() == [0] * len(KINDS)
