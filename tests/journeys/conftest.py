"""A real browser for the journeys."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page, sync_playwright

from cms.site.services import build_site
from cms.translations.catalogues import compile_all
from jiujinan.accounts.models import User
from tests.town import Town, build_town

PASSWORD = "qinghe-2026-mingyue"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the ORM calls of the tests are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages, each in a context of its own; a script error or a missing asset fails the test."""
    contexts, faults = [], []

    def open_page(*, width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 500 else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: Page, server: str, username: str, *, password: str = PASSWORD) -> None:
    """Sign in by the form."""
    page.goto(f"{server}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")


def with_password(user: User) -> User:
    """Give somebody the password of the journeys."""
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def live_town(transactional_db: None) -> Iterator[Town]:
    """The town with its site, in a database that the server sees too."""
    for folder in settings.LOCALE_PATHS:
        compile_all(folder)
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        town = build_town()
        build_site(now=timezone.now())
        yield town
