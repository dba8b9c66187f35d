"""
Measures the search: `python -m bench.search [--projects 100000] [--rounds 3]`.

Prints one JSON object: seconds for writing the whole index anew, then for every judged question of the tests (in
either script, each with an empty memory of earlier ones) the time from the question to the numbers, counts and
facets; beside it, in the same run, one plain count by the database's own text index. With DATABASE_URL on
PostgreSQL, without on SQLite; with ELASTICSEARCH_URL also Elasticsearch. Works in a database of its own, or with
`--as-it-is` in this installation's. `…busy…` counts this process's own seconds, so that other work on the machine
doesn't lengthen it.
"""

import argparse
import json
import sys
import time
from datetime import date

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.catalogue_world import catalogue, percentile
from needs.catalogue import checking, cluster, columns, database, elastic, engine, indexing
from needs.catalogue.question import Answer, Question
from needs.models import Project
from tests.needs.catalogue.judged import JUDGED
from tests.needs.catalogue.test_judged import in_traditional_script

TODAY = date(2026, 7, 6)


def questions() -> list[Question]:
    """Return what is asked: every judged text in both scripts, and lists without a text."""
    texts = [text for text, _ in [*JUDGED, *in_traditional_script()]]
    plain = [Question(today=TODAY, region=code) for code in ("", "990000", "990100", "990121")]
    plain += [
        Question(today=TODAY, tier="joint", kind="cash"),
        Question(today=TODAY, left="over", force="charity"),
    ]
    return [Question(today=TODAY, text=text) for text in texts] + plain


def asked(name: str, rounds: int) -> dict[str, float]:
    """Return how long the questions take one engine."""
    find = {"database": database.find, "elasticsearch": elastic.find}[name]

    def ask(question: Question) -> Answer:
        return find(question, lexicon=engine.lexicon())

    ask(Question(today=TODAY, text="火在"))  # the process has started: words, pinyin and columns are read
    times: list[float] = []
    busy: list[float] = []
    for _ in range(rounds):
        for question in questions():
            started, at_work = time.perf_counter(), time.process_time()
            ask(question)
            times.append(time.perf_counter() - started)
            busy.append(time.process_time() - at_work)
    told = {f"p{int(share * 100)}_ms": percentile(times, share) for share in (0.5, 0.95, 0.99)}
    return told | {"p95_busy_ms": percentile(busy, 0.95), "questions": len(times)}


def plain_count() -> float:
    """Return the milliseconds of one count by the database's text index: the least that a search could cost."""
    sql = {
        "sqlite": "SELECT count(*) FROM needs_projectterms WHERE needs_projectterms MATCH '\"医疗\"'",
        "postgresql": "SELECT count(*) FROM needs_projectterms WHERE terms @@ '''医疗'''::tsquery",
    }[connection.vendor]
    times = []
    for _ in range(20):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchone()
        times.append(time.perf_counter() - started)
    return percentile(times, 0.5)


def timed(work: "object") -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return round(time.perf_counter() - started, 1)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--as-it-is", action="store_true", help="measure this installation's own database")
    given = parser.parse_args()
    address, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, ""
    with catalogue(given.projects, as_it_is=given.as_it_is):
        found: dict[str, object] = {"projects": Project.objects.count(), "database": connection.vendor}
        busy = time.process_time()
        found["reindex_s"] = timed(checking.rebuild)
        found["reindex_busy_s"] = round(time.process_time() - busy, 1)
        found["columns_s"] = timed(columns.fresh)
        found["plain_count_ms"] = plain_count()
        found["search"] = asked("database", given.rounds)
        if address:
            settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = address, "bench"
            cluster.PATIENCE_SECONDS = 30.0
            found["elasticsearch_reindex_s"] = timed(lambda: indexing.rebuild(now=timezone.now()))
            found["elasticsearch"] = asked("elasticsearch", given.rounds)
            for name in cluster.patient().indices.get_alias(name=cluster.alias()):
                cluster.patient().indices.delete(index=name)
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
