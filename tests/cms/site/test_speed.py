"""What a page of the catalogue costs: questions to the database, weight, and what is there before any script."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.site.models import HomePage
from needs.models import Project
from tests.needs.catalogue.world import build_world

# PostgreSQL counts what this very transaction wrote as unseen, as it must, and reads it again: two questions more.
SEEN_ANEW = 0 if connection.vendor == "sqlite" else 2
LISTS = {
    "/projects/": 5,
    "/projects/?region=990000&sort=gap": 5,
    "/projects/?q=华云省": 8,
    "/projects/feed/atom/": 4,
    "/projects/calendar/": 4,
    "/api/v1/projects": 4,
}
SINGLE = {"/": 8, "/projects/{number}/": 4, "/projects/compare/?n={number}": 3}
MOST_BYTES = 150_000


@pytest.fixture
def catalogue(site: HomePage) -> Callable[[int], None]:
    """Return a maker of so many public projects more."""
    return lambda count: build_world(count, seed=count + 1) and None


def questions(client: Client, address: str, turn: int) -> int:
    """Return how often the database is asked for a page that is made anew in a process that has served before."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}anew={turn}")
    assert answer.status_code == 200, address
    return len(asked)


def test_pages_ask_as_often_for_one_project_as_for_three_hundred(
    client: Client, catalogue: Callable[[int], None]
) -> None:
    for further in (1, 2, 297):
        catalogue(further)
        number = Project.objects.values_list("number", flat=True)[0]
        found = {path: questions(client, path, further) for path in LISTS}
        assert found == {path: count + SEEN_ANEW for path, count in LISTS.items()}
        alone = {path: questions(client, path.format(number=number), further) for path in SINGLE}
        assert alone == SINGLE


class Assets(HTMLParser):
    """What a browser fetches with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note stylesheets, scripts, icons and pictures."""
        given = dict(attrs)
        wanted = {"link": "href", "script": "src", "img": "src"}.get(tag)
        fetched = tag != "link" or given.get("rel") in {"stylesheet", "icon", "preload"}
        if wanted and fetched and given.get(wanted):
            self.paths.add(str(given[wanted]))


def weight(client: Client, address: str) -> int:
    """Return the bytes of a page and of everything that it fetches; sent compressed it is a quarter of that."""
    page = client.get(address).content
    assets = Assets()
    assets.feed(page.decode())
    total = len(page)
    for path in assets.paths:
        assert path.startswith("/"), f"{address} fetches {path}"
        held = (
            Path(str(finders.find(path.removeprefix("/static/")))).read_bytes()
            if path.startswith("/static/")
            else client.get(path).getvalue()
        )
        total += len(held)
    return total


def test_a_page_with_all_that_it_fetches_weighs_less_than_150_kilobytes(
    client: Client, catalogue: Callable[[int], None]
) -> None:
    catalogue(60)
    number = Project.objects.values_list("number", flat=True)[0]
    for address in (
        "/",
        "/projects/",
        f"/projects/{number}/",
        "/statistics/",
        "/stories/",
        "/organisations/",
    ):
        assert weight(client, address) <= MOST_BYTES, address


def test_the_first_view_is_whole_without_any_script(client: Client, catalogue: Callable[[int], None]) -> None:
    catalogue(60)
    page = client.get("/projects/").content.decode()
    shown = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    assert shown.count('<article class="card') == 20
    assert '<form class="filter-form" method="get" action="/projects/"' in shown
    assert re.search(r'<a rel="next" href="\?after=', shown)
    visible = re.sub(
        r"<[^>]*\bhidden\b[^>]*>", "", shown
    )  # what only a script can do is hidden until it is there
    for needs_script in ("data-keep", "data-print", "data-copy", "data-theme-switch", "data-larger-text"):
        assert f"{needs_script}=" not in visible
        assert f"{needs_script} " not in visible
    number = Project.objects.values_list("number", flat=True)[0]
    told = client.get(f"/projects/{number}/").content.decode()
    project = Project.objects.get(pk=number)
    for words in (project.title_zh, project.description_zh[:20]):
        assert words in told
