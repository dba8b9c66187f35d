"""
Measures the public pages: `python -m bench.site [--projects 100000] [--seconds 5] [--as-it-is]`.

Prints one JSON object. Through the whole WSGI application, in one process on one core: requests a second, the 95th
percentile, queries and kilobytes of catalogue (plain, filtered, searched, deep) and project page, each made anew
(every address is new to the page cache) and from the page cache; beside them, in the same run, a plain Wagtail page
of the same site, and how many times as fast the others are. `a_core` and `p95_busy_ms` count this process's own
seconds, so that a busy machine doesn't change them; the database's work is in `p95_ms`. With DATABASE_URL on
PostgreSQL. `--as-it-is` measures this installation's own database instead of filling one.
"""

import argparse
import io
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test import RequestFactory
from django.utils import timezone

from bench.catalogue_world import catalogue, percentile
from cms.site.services import build_site
from needs.catalogue import engine
from needs.catalogue.question import Question, Sort
from needs.models import Project

TEXTS = ("火灾", "医疗费", "学费", "残疾", "失业", "大病", "青禾县", "照护", "住房", "心理疏导")


def get(handler: WSGIHandler, address: str) -> bytes:
    """Return the body of a page; anything but 200 stops the run."""
    environ = RequestFactory()._base_environ()
    path, _, query = address.partition("?")
    environ |= {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
    status: list[str] = []
    answer = handler(environ, lambda code, headers, *_: status.append(code))
    body = b"".join(answer)
    answer.close()
    if not status[0].startswith("200"):
        raise SystemExit(f"{address}: {status[0]}")
    return body


def measured(addresses: Iterator[str], show: Callable[[str], bytes], seconds: float) -> dict[str, Any]:
    """Return what this kind of page costs."""
    body = show(next(addresses))
    connection.force_debug_cursor = True
    reset_queries()
    show(next(addresses))
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    times: list[float] = []
    busy: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        address = next(addresses)
        started, at_work = time.perf_counter(), time.process_time()
        show(address)
        times.append(time.perf_counter() - started)
        busy.append(time.process_time() - at_work)
    return {
        "a_core": round(len(busy) / sum(busy), 1),
        "a_second": round(len(times) / sum(times), 1),
        "p95_ms": percentile(times, 0.95),
        "p95_busy_ms": percentile(busy, 0.95),
        "queries": queries,
        "kilobytes": round(len(body) / 1000, 1),
    }


def kinds(deep: str) -> dict[str, list[str]]:
    """Return the addresses of each kind of page."""
    numbers = Project.objects.order_by("number").values_list("number", flat=True)[:200]
    return {
        "plain_wagtail_page": ["/how-it-works/"],
        "catalogue": ["/projects/"],
        "filtered": [f"/projects/?region={code}&tier=joint" for code in ("990100", "990121", "990200")],
        "searched": [f"/projects/?q={quote(text)}" for text in TEXTS],
        "deep": [f"/projects/?sort=new&after={deep}"],
        "project": [f"/projects/{number}/" for number in numbers],
    }


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--as-it-is", action="store_true", help="measure this installation's own database")
    given = parser.parse_args()
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files by digest
    with catalogue(given.projects, as_it_is=given.as_it_is):
        build_site(now=timezone.now())
        json.dump(all_kinds(given.seconds), sys.stdout, indent=1)


def all_kinds(seconds: float) -> dict[str, Any]:
    """Return what each kind of page costs, and how it compares with a plain one."""
    handler = WSGIHandler()
    count = Project.objects.public().count()
    middle = Question(today=timezone.localdate(), sort=Sort.NEW, size=count // 2)
    found: dict[str, Any] = {"projects": count, "database": connection.vendor}

    def show(address: str) -> bytes:
        return get(handler, address)

    for kind, addresses in kinds(engine.find(middle).after).items():
        found[kind] = measured(new_to_the_cache(addresses), show, seconds)
        if kind in {"catalogue", "project"}:
            found[f"{kind}_cached"] = measured(itertools.cycle(addresses[:1]), show, seconds)
    plain = found["plain_wagtail_page"]["a_core"]
    found["times_as_fast_as_a_plain_page"] = {
        kind: round(one["a_core"] / plain, 2) for kind, one in found.items() if isinstance(one, dict)
    }
    return found


def new_to_the_cache(addresses: list[str]) -> Iterator[str]:
    """Yield the addresses in turn, each with a question mark's worth of difference that no page depends on."""
    for turn, address in enumerate(itertools.cycle(addresses)):
        yield f"{address}{'&' if '?' in address else '?'}turn={turn}"


if __name__ == "__main__":
    main()
