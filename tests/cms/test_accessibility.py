"""axe finds nothing on any page: every template, each language in each theme, desktop and phone (WCAG 2.2 AA)."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.signing import TimestampSigner
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.cms.furnished import Visit, answers_to_forms, furnish, session_of
from tests.cms.looking import ARGUMENTS, READERS, look_at, ours
from tests.town import Town, build_town

# What is no page of ours: a text for robots, options of a field, Wagtail's own frame, the desk within it, mails.
ELSEWHERE = {"robots.txt", "site/suggestions.html", "wagtailadmin/base.html"}
ELSEWHERE_FOLDERS = {"desk", "email"}


@pytest.fixture
def furnished(transactional_db: None) -> tuple[Town, list[Visit]]:
    town = build_town()
    return town, furnish(town)


def faults(
    browser: Browser, address: str, visits: list[tuple[str, list[str]]], told: dict[str, dict[str, str]]
) -> list[str]:
    """Return the faults of all pages, for both readers in both themes."""
    found = []
    for reader in READERS:
        for session, paths in visits:
            context = browser.new_context(**reader.context)
            if session:
                context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            page = context.new_page()
            for path in paths:
                page.goto(address + path)
                found += look_at(page, path, reader)
            context.close()
        page = browser.new_page(**reader.context)
        for name, html in told[reader.language].items():
            page.goto(f"{address}/robots.txt")
            page.set_content(html)
            found += look_at(page, name, reader)
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
    told = {reader.language: answers_to_forms(token, reader.locale) for reader in READERS}

    def look() -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            found = faults(browser, live_server.url, opened, told)
            browser.close()
            return found

    # The browser has a thread of its own, so that the ORM stays usable here.
    with ThreadPoolExecutor(1) as pool:
        assert "\n".join(pool.submit(look).result()) == ""
    assert ours() - ours(*ELSEWHERE_FOLDERS) - ELSEWHERE - seen == set()
