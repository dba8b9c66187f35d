"""Taking a file in, killed with SIGKILL at several points, ends as if nothing had happened."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jiujinan.audit.services import first_broken_entry
from needs.intake.imports import approve, receive
from needs.intake.models import Import, ImportPart, ImportState
from needs.models import CaseRecord, Need, NeedItem, Person
from tests.needs.intake.casefiles import case, write
from tests.town import NOW, Town, build_town

MANAGE = Path(__file__).parents[3] / "manage.py"
COUNT = 2200
pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


def work() -> "subprocess.Popen[bytes]":
    """Start another process that advances what waits; nobody else works on it."""
    Import.objects.update(worked_at=None)
    parts = connection.settings_dict
    password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    url = f"postgres://{parts['USER']}{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "JIUJINAN_VAR": str(settings.VAR)}
    return subprocess.Popen(
        [sys.executable, str(MANAGE), "advance_imports"], env=environment, cwd=MANAGE.parent
    )


def kill_when(process: "subprocess.Popen[bytes]", is_time: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while process.poll() is None and not is_time() and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.wait()


def test_killed_while_reading_and_twice_while_writing_the_file_goes_in_whole_and_once(
    town: Town, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.xlsx", [case(n) for n in range(COUNT)])
    batch = receive(
        name="a", pieces=[path.read_bytes()], source="hospital", channel="department", by=town.lin, now=NOW
    )
    kill_when(work(), lambda: Import.objects.get().worked_at is not None)
    assert Import.objects.get().state == ImportState.RECEIVED
    assert work().wait() == 0
    approve(batch=Import.objects.get(), by=town.lin, now=NOW)
    for reached in (1, 1001):
        kill_when(work(), lambda: Import.objects.get().done >= reached)  # noqa: B023  # asked within the round
        assert Import.objects.get().done == CaseRecord.objects.count() >= reached
    assert work().wait() == 0
    done = Import.objects.get(pk=batch.pk)
    assert (done.state, done.done, done.counts["imported"]) == (ImportState.DONE, COUNT, COUNT)
    assert not ImportPart.objects.exists()
    counts = [kind.objects.count() for kind in (CaseRecord, Person, Need, NeedItem)]
    assert counts == [COUNT] * 4
    assert first_broken_entry(stream=f"import:{batch.pk}") is None
