"""
Measures the public pages: `python -m bench.site [--projects 100000] [--seconds 5]`.

Prints one JSON object. Through the whole WSGI application, in one process on one core: requests a second, the 95th
percentile, queries and kilobytes of catalogue (plain, filtered, searched, deep) and project page, made anew each
time and from the page cache; beside them a plain Wagtail page in the same run. `a_core` counts this process's own
seconds, so that a busy machine doesn't lower it; the database's work is in the percentile.
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

from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test import RequestFactory
from django.utils import timezone

from bench.catalogue_world import filled, percentile
from cms.site.services import build_site
from needs.catalogue import engine
from needs.catalogue.question import Question
from needs.models import Project

TEXTS = ("火灾", "医疗费", "学费", "残疾", "失业", "大病", "青禾县", "照护", "住房", "心理疏导")


def get(handler: WSGIHandler, address: str) -> bytes:
    """Return the body of a page; anything but 200 stops the run."""
    environ = RequestFactory()._base_environ()
    path, _, query = address.partition("?")
    environ |= {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
    status: list[str] = []
    body = b"".join(handler(environ, lambda code, headers: status.append(code)))
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
    until, busy = time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < until:
        started = time.perf_counter()
        show(next(addresses))
        times.append(time.perf_counter() - started)
    return {
        "a_core": round(len(times) / (time.process_time() - busy), 1),
        "a_second": round(len(times) / sum(times), 1),
        "p95_ms": percentile(times, 0.95),
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
    given = parser.parse_args()
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files by digest
    with filled(given.projects):
        build_site(now=timezone.now())
        handler = WSGIHandler()
        middle = Question(today=timezone.localdate(), size=given.projects // 2)
        deep = engine.find(middle).after.replace("urgent", "new")
        found: dict[str, Any] = {"projects": given.projects, "database": connection.vendor}
        for kind, addresses in kinds(deep).items():
            turns = itertools.cycle(addresses)

            def anew(address: str) -> bytes:
                cache.clear()
                return get(handler, address)

            found[kind] = measured(turns, anew, given.seconds)
            if kind in {"catalogue", "project"}:
                found[f"{kind}_cached"] = measured(
                    itertools.cycle(addresses[:1]), lambda address: get(handler, address), given.seconds
                )
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
