"""The main job killed in the middle, twice, and started again: nothing lost, nothing paid twice."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from donors.ledger.models import LedgerTransaction
from matching.models import Disbursement
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.main_job.files import COUNT, YUAN, cases_file, resources_file
from tests.town import Town, build_town

MANAGE = Path(__file__).parents[3] / "manage.py"
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


class Outside:
    """The tests' database as another process sees it: PostgreSQL's own, or a file beside SQLite's memory."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "outside.sqlite3"
        parts = connection.settings_dict
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(self.file)) as file:
                connection.connection.backup(file)
            self.url = f"sqlite://{self.file}"
        else:
            password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
            place = f"{parts['USER']}{password}@{parts['HOST']}:{parts['PORT']}"
            self.url = f"postgres://{place}/{parts['NAME']}"

    def count(self, table: str) -> int:
        """Return how many rows are committed there."""
        query = f"SELECT count(*) FROM {table}"  # noqa: S608  # a table of ours
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file, timeout=20)) as file:
                return int(file.execute(query).fetchone()[0])
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])

    def bring_back(self) -> None:
        """Let the tests' own connection see what happened outside."""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file)) as file:
                file.backup(connection.connection)


def start(outside: Outside, folder: Path, files: tuple[Path, Path]) -> "subprocess.Popen[str]":
    """Start the command in a process of its own."""
    command = [sys.executable, str(MANAGE), "run_main_job", "--json", "--out", str(folder / "out")]
    command += ["--cases", str(files[0]), "--resources", str(files[1])]
    environment = {**os.environ, "DATABASE_URL": outside.url, "JIUJINAN_VAR": str(folder / "var")}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=MANAGE.parent
    )


def kill_when(process: "subprocess.Popen[str]", is_time: Callable[[], bool]) -> None:
    """Kill the process without warning as soon as it has come so far."""
    until = time.monotonic() + 120
    while not is_time():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < until
        time.sleep(0.002)
    process.kill()
    process.communicate()


def test_a_main_job_killed_twice_and_run_again_ends_with_the_same_totals(town: Town, tmp_path: Path) -> None:
    files = cases_file(tmp_path / "cases.xlsx"), resources_file(tmp_path / "resources.xlsx")
    outside = Outside(tmp_path)
    for table, rows in (("needs_gatedecision", 5), ("matching_disbursement", 5)):
        process = start(outside, tmp_path, files)
        kill_when(process, lambda table=table, rows=rows: outside.count(table) >= rows)
        assert outside.count(table) < 2 * COUNT
    process = start(outside, tmp_path, files)
    told, complaints = process.communicate(timeout=240)
    assert process.returncode == 0, complaints
    summary = json.loads(told)
    outside.bring_back()

    assert summary["items"] == {"covered": 3 * COUNT, "partly": 0, "open": 0}
    assert (summary["allotted_fen"], summary["referrals"]) == (COUNT * YUAN * 100, COUNT)
    assert Disbursement.objects.count() == 2 * COUNT
    paid = LedgerTransaction.objects.filter(kind="disburse")
    assert [entry.amount_fen for entry in paid] == [YUAN * 100] * COUNT
    everything_holds()
    trails_hold()
    lines = (tmp_path / "out" / "write-backs.jsonl").read_text(encoding="utf-8").splitlines()
    told_of = {(one["subject"], one["seq"]) for one in map(json.loads, lines)}
    assert len(told_of) == outside.count("outbox_outboxevent WHERE delivered_at IS NOT NULL")
