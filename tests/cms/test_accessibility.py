"""axe finds nothing on any page: both languages, both themes, desktop and phone (WCAG 2.2 AA)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cms.site.services import build_site
from jiujinan.accounts.models import User
from matching.models import Proposal
from matching.services.proposals import accept_proposal
from matching.states import ProposalState
from needs.models import NeedItem
from tests.cms.conftest import make_project, propose
from tests.town import NOW, Town, build_town

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
READERS = [("zh-CN", "light", 1280), ("en-US", "dark", 390)]


@pytest.fixture
def town_in_service(transactional_db: None) -> Town:
    """The town with its site; the charity has a proposal to answer and a commitment."""
    town = build_town()
    build_site(now=timezone.now())
    make_project(number="AAAA2222", items=(("cash", "medical"), ("service", "")), covered_percent=40)
    fund = town.fund(starts_on=date(2020, 1, 1))
    for yuan in (3000, 500):
        item = NeedItem.objects.get(need=town.verified(yuan=yuan))
        proposal = propose(town, item, yuan * 100, fund=fund)
    accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    return town


def session_of(user: User) -> str:
    """Return a session's key."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def faults(browser: Browser, address: str, paths: list[str], session: str = "") -> list[str]:
    """Return what axe or a sideways scroll bar finds, a line each."""
    found = []
    for language, theme, width in READERS:
        options: dict[str, Any] = {"locale": language, "color_scheme": theme}
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        for path in paths:
            page.goto(address + path)
            broken = Axe().run(page, options={"runOnly": RULES})["violations"]
            where = f"{path} {language} {theme}"
            found += [f"{where}: {one['id']} at {one['nodes'][0]['target']}" for one in broken]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{where}: scrolls sideways")
        context.close()
    return found


def looked_at(chromium: str, address: str, visits: list[tuple[list[str], str]]) -> list[str]:
    """Return the faults of all visits; the browser has a thread of its own, so that the ORM stays usable here."""

    def look() -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            found = [fault for paths, session in visits for fault in faults(browser, address, paths, session)]
            browser.close()
            return found

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


@pytest.mark.browser
def test_axe_finds_nothing_on_any_page(chromium: str, town_in_service: Town, live_server: LiveServer) -> None:
    town = town_in_service
    waiting = f"/portal/proposals/{waiting_proposal()}/"
    visits = [
        (
            [
                "/",
                "/projects/",
                "/projects/?tier=critical&q=无",
                "/projects/AAAA2222/",
                "/how-it-works/",
                "/nothing/",
                "/accounts/login/",
            ],
            "",
        ),
        (
            [
                "/portal/",
                "/portal/proposals/",
                waiting,
                f"{waiting}confirm/?amount=5",
                "/portal/commitments/",
            ],
            session_of(town.chen),
        ),
        (["/admin/desk/"], session_of(town.lin)),
    ]
    assert looked_at(chromium, live_server.url, visits) == []


def waiting_proposal() -> str:
    """Return the id of the proposal that waits for its answer."""
    return str(Proposal.objects.get(state=ProposalState.PROPOSED).pk)
