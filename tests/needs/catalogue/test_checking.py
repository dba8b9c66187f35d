"""The database's own index is checked against the projects, and mended."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import Settings

from jiujinan.jobs import BEAT_SCHEDULE
from needs.catalogue import checking, cluster, entries
from needs.models import Project
from needs.tasks import check_catalogue
from tests.needs.catalogue.finding import found
from tests.needs.catalogue.world import build_world


@pytest.fixture
def numbers(db: None) -> list[str]:
    return sorted(build_world(6))


def test_every_difference_is_found_and_mended(numbers: list[str]) -> None:
    assert checking.differences() == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM needs_projectindex WHERE number = %s", [numbers[0]])
        cursor.execute("UPDATE needs_projectindex SET tier = 'x' WHERE number = %s", [numbers[1]])
        cursor.execute("UPDATE needs_projectindex SET number = 'NOBODYS1' WHERE number = %s", [numbers[2]])
    row = entries.read_one(numbers[3])
    assert row is not None
    entries.write_terms(row.place, "other words")
    wrong = sorted([*numbers[:4], "NOBODYS1"])
    assert checking.differences() == wrong
    with pytest.raises(CommandError):
        call_command("catalogue", "check", "--only-look")
    call_command("catalogue", "check")
    assert checking.differences() == []
    assert found() == set(numbers)


def test_the_nightly_task_mends_and_says_how_many(
    numbers: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert check_catalogue() == [0, 0]
    assert caplog.messages == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM needs_projectindex WHERE number = %s", [numbers[0]])
    assert check_catalogue() == [1, 0]
    assert "mended" in caplog.text
    assert checking.differences() == []


def test_the_check_mends_the_database_while_elasticsearch_is_down(
    numbers: list[str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM needs_projectindex WHERE number = %s", [numbers[0]])
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    cluster.resume()
    assert check_catalogue() == []
    assert "could not ask Elasticsearch" in caplog.text
    settings.ELASTICSEARCH_URL = ""
    cluster.resume()
    assert checking.differences() == []


def test_beat_checks_every_night() -> None:
    names = [job["task"] for job in BEAT_SCHEDULE.values()]
    assert "needs.tasks.check_catalogue" in names


def test_a_rebuild_writes_everything_anew(numbers: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM needs_projectindex")
        cursor.execute("DELETE FROM needs_projectterms")
    assert found() == set()
    call_command("catalogue", "rebuild")
    assert found() == set(numbers)


def test_whoever_goes_around_the_code_takes_the_project_out_of_the_entries_too(numbers: list[str]) -> None:
    assert numbers[0] in found()
    Project.objects.filter(pk=numbers[0]).update(state="withdrawn")
    row = entries.read_one(numbers[0])
    assert row is not None
    assert not row.entry.standing
    assert found() == set(numbers[1:])
