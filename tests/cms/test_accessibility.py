"""axe finds nothing on any page: every template, both languages and themes, desktop and phone (WCAG 2.2 AA)."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.conf import settings
from django.core.signing import TimestampSigner
from django.test.signals import template_rendered
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.cms.furnished import Visit, answers_to_forms, furnish, session_of
from tests.town import Town, build_town

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
READERS = [("zh-CN", "light", 1280), ("en-US", "dark", 390)]
# What is no page of ours: a text for robots, options of a field, Wagtail's own frame, the desk within it, mails.
ELSEWHERE = {"robots.txt", "site/suggestions.html", "wagtailadmin/base.html"}
ELSEWHERE_FOLDERS = {"desk", "email"}


@pytest.fixture
def furnished(transactional_db: None) -> tuple[Town, list[Visit]]:
    town = build_town()
    return town, furnish(town)


@pytest.fixture
def seen() -> Iterator[set[str]]:
    """Collect the names of all templates that are drawn."""
    names: set[str] = set()

    def collect(template: Any, **_: Any) -> None:
        names.add(str(template.name))

    template_rendered.connect(collect, weak=False)
    yield names
    template_rendered.disconnect(collect)


def ours() -> set[str]:
    """Return the names of all our templates that make up pages outside the desk."""
    roots = [settings.ROOT / "cms/templates", *(settings.ROOT / "cms").glob("*/templates")]
    found = {path.relative_to(root).as_posix() for root in roots for path in Path(root).rglob("*.*")}
    return {name for name in found - ELSEWHERE if ELSEWHERE_FOLDERS.isdisjoint(name.split("/"))}


def look_at(page: Page, where: str, width: int) -> list[str]:
    """Return what axe or a sideways scroll bar finds on the page as it stands, a line each."""
    broken = Axe().run(page, options={"runOnly": RULES})["violations"]
    found = [f"{where}: {one['id']} at {one['nodes'][0]['target']}" for one in broken]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{where}: scrolls sideways")
    return found


def faults(
    browser: Browser, address: str, visits: list[tuple[str, list[str]]], told: dict[str, dict[str, str]]
) -> list[str]:
    """Return the faults of all pages, for both readers."""
    found = []
    for language, theme, width in READERS:
        reader: dict[str, Any] = {"locale": language, "color_scheme": theme, "reduced_motion": "reduce"}
        for session, paths in visits:
            context = browser.new_context(viewport={"width": width, "height": 900}, **reader)
            if session:
                context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            page = context.new_page()
            for path in paths:
                page.goto(address + path)
                found += look_at(page, f"{path} {language}", width)
            context.close()
        page = browser.new_page(viewport={"width": width, "height": 900}, **reader)
        for name, html in told[language].items():
            page.goto(f"{address}/robots.txt")
            page.set_content(html)
            found += look_at(page, f"{name} {language}", width)
        page.close()
    return found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.any_database
def test_axe_finds_nothing_on_any_page(
    chromium: str,
    furnished: tuple[Town, list[Visit]],
    live_server: LiveServer,
    seen: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, visits = furnished

    def token(salt: str) -> str:
        shown_at = time.time() - 60
        with monkeypatch.context() as patch:
            patch.setattr("django.core.signing.time.time", lambda: shown_at)
            return TimestampSigner(salt=salt).sign(secrets.token_urlsafe(16))

    opened = [(session_of(visit.user), visit.paths) for visit in visits]
    told = {language: answers_to_forms(token, language) for language, *_ in READERS}

    def look() -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            found = faults(browser, live_server.url, opened, told)
            browser.close()
            return found

    # The browser has a thread of its own, so that the ORM stays usable here.
    with ThreadPoolExecutor(1) as pool:
        assert "\n".join(pool.submit(look).result()) == ""
    assert ours() - seen == set()
