"""A run by province with a real worker of Celery and a real broker: the same bytes, whoever dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jiujinan.celery import app
from matching import tasks
from matching.models import MatchRun, Proposal, SolvePart
from matching.services import provinces
from matching.services.provinces import LEFT_AFTER
from matching.services.runs import replay, run_matching
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.services.test_provinces import build_country
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[3]
A_MINUTE = 60
DOOMED = "doomed"
STOP_THE_DOOMED = f"""
CREATE FUNCTION stop_the_doomed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF current_setting('application_name') = '{DOOMED}' THEN PERFORM pg_sleep({A_MINUTE}); END IF; RETURN NULL; END $$;
CREATE TRIGGER stop_the_doomed BEFORE UPDATE OF answer ON matching_solvepart EXECUTE FUNCTION stop_the_doomed();
"""


@pytest.fixture
def country(transactional_db: None, settings: Any) -> Town:
    return build_country(build_town(), settings)


@pytest.fixture
def queue() -> Iterator[str]:
    """Yield the name of a queue of this test alone, to which every task goes."""
    if not os.environ.get("REDIS_URL"):
        if os.environ.get("CI") == "true":
            pytest.fail("this lane promised Redis")
        pytest.skip("needs Redis: set REDIS_URL")
    before, app.conf.task_default_queue = app.conf.task_default_queue, f"test-{uuid4()}"
    yield app.conf.task_default_queue
    app.conf.task_default_queue = before


class Worker:
    """A worker with two processes that works in the tests' database, as a process group of its own."""

    def __init__(self, queue: str, *, name: str = "worker") -> None:
        parts = connection.settings_dict
        place = f"{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT']}"
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgres://{place}/{parts['NAME']}",
            "JIUJINAN_MATCHING_PROVINCE_ROUNDS": "2",
            "PGAPPNAME": name,
        }
        command = [sys.executable, "-m", "celery", "-A", "jiujinan.celery", "worker", "--queues", queue]
        self.process = subprocess.Popen(
            [*command, "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "error"],
            env=environment, cwd=ROOT, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """Kill the worker and both its processes without warning."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start(queue: str) -> Iterator[Callable[..., Worker]]:
    """Return what starts a worker; none outlives the test."""
    started: list[Worker] = []

    def one(**named: Any) -> Worker:
        started.append(Worker(queue, **named))
        return started[-1]

    yield one
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()
    with app.connection_for_write() as broker:
        broker.default_channel.queue_delete(queue)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + A_MINUTE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_workers_answer_gives_the_same_bytes(country: Town, start: Callable[..., Worker]) -> None:
    alone = run_matching(by=country.chen, now=NOW)
    Proposal.objects.all().delete()
    start()
    by_worker: list[int] = []

    def hand_out_and_wait(part: int, round_: int) -> None:
        tasks._hand_out(part, round_)
        wait_until(lambda: SolvePart.objects.filter(pk=part, round=round_).exclude(answer=None).exists())
        by_worker.append(part)

    together = run_matching(by=country.chen, now=NOW, hand_out=hand_out_and_wait)
    assert len(by_worker) >= 2
    assert together.outcome_digest == alone.outcome_digest
    assert replay(run=together).digest() == together.outcome_digest
    everything_holds()


def test_a_worker_killed_in_the_middle_of_a_part_costs_only_time(
    country: Town, start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provinces, "PATIENCE_SECONDS", 0)
    alone = run_matching(by=country.chen, now=NOW)
    Proposal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(STOP_THE_DOOMED)
    doomed = start(name=DOOMED)
    killed: list[int] = []

    def hand_out_and_kill(part: int, round_: int) -> None:
        if not killed:
            tasks._hand_out(part, round_)
            wait_until(lambda: bool(solving()))
            doomed.kill()
            end(solving())
            assert SolvePart.objects.filter(pk=part, taken=True, answer=None).exists()
            killed.append(part)

    try:
        together = run_matching(by=country.chen, now=NOW, hand_out=hand_out_and_kill)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION stop_the_doomed() CASCADE")
    assert killed
    assert together.outcome_digest == alone.outcome_digest
    assert not SolvePart.objects.exists()
    everything_holds()
    trails_hold()


def test_whoever_coordinates_killed_leaves_no_run_and_the_next_begins_anew(
    country: Town, start: Callable[..., Worker]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STOP_THE_DOOMED)
    doomed = start(name=DOOMED)
    try:
        tasks.propose_matches.apply_async()
        wait_until(lambda: bool(solving()))
        doomed.kill()
        end(solving())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION stop_the_doomed() CASCADE")
    assert not MatchRun.objects.exists()
    assert not Proposal.objects.exists()
    assert SolvePart.objects.update(asked_at=NOW)
    run = run_matching(by=country.chen, now=NOW + LEFT_AFTER, hand_out=lambda part, round_: None)
    assert replay(run=run).digest() == run.outcome_digest
    assert MatchRun.objects.count() == 1
    assert not SolvePart.objects.exists()
    everything_holds()
    trails_hold()


def solving() -> list[int]:
    """Return the server's processes in which a doomed one is stopped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s AND wait_event = 'PgSleep'",
            [DOOMED],
        )
        return [pid for (pid,) in cursor.fetchall()]


def end(processes: list[int]) -> None:
    """End what the server would go on with for a client that is dead."""
    with connection.cursor() as cursor:
        for pid in processes:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
