"""When Elasticsearch is down, slow, read-only or emptied, people still find; what was withdrawn never comes back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from jiujinan.outbox.models import OutboxEvent
from needs.catalogue import cluster, elastic, engine, entries, indexing
from needs.catalogue.lease import Busy, leased
from needs.catalogue.question import Answer, Question
from needs.services.showing import take_out
from tests.needs.catalogue.finding import found
from tests.projects import shown_project
from tests.town import COUNTY, NOW, Town

SCRIPT = Path(__file__).parents[3] / ".ci" / "elasticsearch"
FACTS = {
    "region_id": COUNTY,
    "cause": "disaster",
    "cause_group": "sudden_event",
    "tier": "joint",
    "urgency": 1,
    "title_zh": "一户家庭遭遇火灾",
    "title_en": "A family after a fire",
    "description_zh": "一户家庭需要帮助。",
    "description_en": "A family needs help.",
    "published_month": "2026-07-01",
    "updated_month": "2026-07-01",
}
pytestmark = pytest.mark.usefixtures("town")


def ask(text: str = "火灾") -> Answer:
    return engine.find(Question(today=NOW.date(), text=text))


def in_elasticsearch(text: str = "火灾") -> tuple[str, ...]:
    """Return what Elasticsearch itself answers."""
    cluster.patient().indices.refresh(index=cluster.alias())
    return elastic.find(Question(today=NOW.date(), text=text), lexicon=engine.lexicon()).numbers


@pytest.fixture
def script(elasticsearch_address: str) -> Iterator[dict[str, str]]:
    """The environment for the project's own script, if it started the server; resumed afterwards."""
    import os

    env = {**os.environ, "ES_PORT": str(urlsplit(elasticsearch_address).port)}
    if subprocess.run([SCRIPT, "address"], env=env, check=False, capture_output=True).returncode:
        pytest.skip("needs an Elasticsearch that .ci/elasticsearch started, to pause it")
    yield env
    subprocess.run([SCRIPT, "resume"], env=env, check=True)


def test_a_change_reaches_elasticsearch_through_the_outbox(elasticsearch: str) -> None:
    project = shown_project(**FACTS)
    assert in_elasticsearch() == ()
    assert indexing.deliver(now=NOW).failed == 0
    assert in_elasticsearch() == ask().numbers == (project.number,)
    assert not ask().stood_in
    take_out(project=project, act="withdraw")
    assert found("火灾") == set()  # at once, before anything was told
    indexing.deliver(now=NOW)
    assert in_elasticsearch() == ()


def test_without_elasticsearch_nothing_waits_to_be_told(town: Town) -> None:
    shown_project(**FACTS)
    assert not OutboxEvent.objects.filter(stream__destination=engine.DESTINATION).exists()


def test_a_server_that_is_down_is_stood_in_for(town: Town, settings: Settings) -> None:
    project = shown_project(**FACTS)
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    cluster.resume()
    answer = ask()
    assert answer.stood_in
    assert answer.numbers == (project.number,)
    assert cluster.is_paused()
    settings.ELASTICSEARCH_URL = ""
    cluster.resume()


def test_a_slow_server_is_stood_in_for(
    elasticsearch: str, script: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shown_project(**FACTS)
    subprocess.run([SCRIPT, "pause"], env=script, check=True)
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.3)
    answer = ask()
    assert answer.stood_in
    assert answer.numbers == (project.number,)
    subprocess.run([SCRIPT, "resume"], env=script, check=True)
    assert ask().stood_in  # it is left alone for a while
    cluster.resume()
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 20.0)
    assert not ask().stood_in


def test_patience_leaves_the_database_its_part_of_a_second() -> None:
    assert cluster.PATIENCE_SECONDS <= 0.6


def test_a_read_only_index_holds_the_news_back_and_answers_on(elasticsearch: str) -> None:
    project = shown_project(**FACTS)
    block = {"index.blocks.read_only_allow_delete": True}
    cluster.patient().indices.put_settings(index=cluster.alias(), settings=block)
    assert indexing.deliver(now=NOW).failed == 1
    assert ask().numbers == ()
    cluster.patient().indices.put_settings(index=cluster.alias(), settings=dict.fromkeys(block, None))
    assert indexing.deliver(now=NOW).delivered == 1
    assert in_elasticsearch() == (project.number,)


def test_without_its_alias_the_database_answers_until_the_check_has_built_it_anew(elasticsearch: str) -> None:
    project = shown_project(**FACTS)
    (index,) = cluster.patient().indices.get_alias(name=cluster.alias())
    cluster.patient().indices.delete(index=index)
    assert ask().stood_in
    assert ask().numbers == (project.number,)
    assert indexing.deliver(now=NOW).failed == 1  # no index of that name springs up by itself
    call_command("catalogue", "check")
    cluster.resume()
    assert not ask().stood_in
    assert ask().numbers == (project.number,)


def test_the_check_builds_anew_what_an_older_version_left(
    elasticsearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shown_project(**FACTS)
    with monkeypatch.context() as older:
        older.setattr(indexing, "GENERATION", "v0.9")
        indexing.rebuild(now=NOW)
    indexing._create(f"{cluster.alias()}-v0.9-20250101000000000000")  # a rebuild that broke off left it
    with pytest.raises(CommandError):
        call_command("catalogue", "check", "--only-look")
    call_command("catalogue", "check")
    (standing,) = cluster.patient().indices.get(index=f"{cluster.alias()}-*")
    assert indexing.GENERATION in standing
    assert in_elasticsearch() == (project.number,)


def test_a_withdrawn_project_comes_back_neither_by_late_news_nor_by_an_older_copy(elasticsearch: str) -> None:
    project = shown_project(**FACTS)
    before = entries.read_one(project.number)
    assert before is not None
    terms = entries.stored_terms([before.place])[before.place]
    take_out(project=project, act="withdraw")
    indexing.deliver(now=NOW)
    indexing.write_document(before, terms=terms)
    assert in_elasticsearch() == ()


def test_a_withdrawal_in_the_middle_of_a_rebuild_holds(
    elasticsearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes = shown_project(**FACTS), shown_project(**FACTS)
    monkeypatch.setattr(indexing, "CHUNK", 1)
    copied: list[int] = []

    def withdraw_after_the_second(done: int) -> None:
        copied.append(done)
        if done == 2:
            take_out(project=goes, act="withdraw")
            indexing.deliver(now=NOW)  # told to the index that is about to go

    indexing.rebuild(now=NOW, progress=withdraw_after_the_second)
    assert copied == [1, 2]
    assert in_elasticsearch() == (stays.number,)
    assert indexing.differences() == []


def test_one_rebuild_at_a_time(elasticsearch: str) -> None:
    with leased("catalogue-rebuild", now=NOW), pytest.raises(Busy):
        indexing.rebuild(now=NOW)
    indexing.rebuild(now=NOW)


def test_the_check_finds_and_mends_every_difference(elasticsearch: str) -> None:
    missing, other, newer = (shown_project(**FACTS) for _ in range(3))
    withdrawn = shown_project(**FACTS, state="withdrawn")
    indexing.deliver(now=NOW)
    write = {"index": cluster.alias(), "refresh": True}
    held = cluster.patient().get(index=cluster.alias(), id=other.number)["_source"]
    cluster.patient().delete(id=missing.number, **write)
    cluster.patient().index(id=other.number, document={**held, "tier": "critical"}, **write)
    cluster.patient().index(
        id=newer.number, document={**held, "standing": False}, version=99, version_type="external", **write
    )
    cluster.patient().index(
        id=withdrawn.number, document={**held, "number": withdrawn.number, "standing": True}, **write
    )
    cluster.patient().index(id="NOBODYS1", document={**held, "number": "NOBODYS1"}, **write)
    wrong = sorted([missing.number, other.number, newer.number, withdrawn.number, "NOBODYS1"])
    assert indexing.differences() == wrong
    with pytest.raises(CommandError):
        call_command("catalogue", "check", "--only-look")
    call_command("catalogue", "check")
    assert indexing.differences() == []
    assert set(in_elasticsearch()) == {missing.number, other.number, newer.number}
