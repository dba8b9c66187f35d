"""axe finds nothing on any page of the desk: each language in each theme, wide screen and phone (WCAG 2.2 AA)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cms.desk.casework.acts import ACTS as FORMS
from donors.models import Fund
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from needs.discovery.models import Complaint, NeedReport, WatchEntry, WatchGroup
from needs.intake.models import CaseDraft, Import, PossibleDuplicate, ReliefList
from needs.models import CaseRecord, Conference, NeedItem, ScoreVersion, ToldText
from needs.services.cases import take_up
from needs.services.conferences import hold_conference
from needs.services.flags import raise_flag
from tests.cms.desk.everything import fill, lists, overseer
from tests.cms.furnished import session_of
from tests.cms.looking import ARGUMENTS, READERS, look_at, ours
from tests.town import NOW, Town, build_town

NO_PAGE = {"desk/by_hand/kept.html"}  # three words that a script puts into a page
FORM_PAGES = ["score_draft", "report_new", "watch_group_new"]


def details(user: User) -> tuple[list[str], list[str]]:
    """Return the addresses of one page of each kind that shows one thing, and of the longer acts open to the person."""
    record = CaseRecord.objects.exclude(officer=None).get()
    case = record.pk
    of: dict[str, Any] = {
        "report": NeedReport.objects.all()[0].pk,
        "complaint": Complaint.objects.all()[0].pk,
        "visit": WatchEntry.objects.all()[0].pk,
        "watch_group": WatchGroup.objects.all()[0].pk,
        "watch_add": case,
        "import": Import.objects.all()[0].pk,
        "relief_list": ReliefList.objects.all()[0].pk,
        "duplicate": PossibleDuplicate.objects.all()[0].pk,
        "text": ToldText.objects.all()[0].pk,
        "text_new": case,
        "score": ScoreVersion.objects.all()[0].number,
        "organisation": Organisation.objects.filter(kind="charity")[0].pk,
        "case": case,
        "gate": case,
        "why": case,
        "idle_fund": Fund.objects.all()[0].pk,
        "typed": CaseDraft.objects.all()[0].pk,
    }
    going_on = Import.objects.all()[1]
    Import.objects.filter(pk=going_on.pk).update(state="approved", total=2, done=1)
    pages = [reverse(f"desk:{name}", args=[key]) for name, key in [*of.items(), ("import", going_on.pk)]]
    open_acts = [name for name, act in FORMS.items() if act.allowed(user, record)]
    assert len(open_acts) > 10
    forms = [reverse("desk:form", args=[case, name]) for name in open_acts]
    return [*pages, *(reverse(f"desk:{name}") for name in FORM_PAGES)], forms


@pytest.fixture
def desk(transactional_db: None) -> tuple[Town, User]:
    """A desk with two of everything, one case of which has all that a case may have."""
    town = build_town()
    user = overseer(town)
    for role in (Role.CASE_OFFICER, Role.VERIFIER):
        join(user=user, organisation=town.desk, role=role)
    fill(town, user, 2)
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    hold_conference(
        case=case, held_on=date(2026, 7, 5), participants=[town.lin, town.zhou, user], guests="",
        minutes="会议记录", decision="hard_case", reason="情况特殊", by=town.lin, now=NOW,
    )  # fmt: skip
    raise_flag(
        case=case, kind="false_statement", evidence="证据", decision_number="1号", by=town.zhou, now=NOW
    )
    assert Conference.objects.exists()
    assert NeedItem.objects.exists()
    return town, user


def faults(browser: Browser, address: str, pages: list[str], forms: list[str], session: str) -> list[str]:
    """Return what axe or a sideways scroll bar finds, a line each; the admin's own frame is looked at once.

    The forms of the longer acts share one template: each reader takes half of them.
    """
    found: list[str] = []

    def broken(error: object) -> None:
        found.append(f"script: {error}")

    for half, reader in enumerate(READERS):
        paths = [*pages, *forms[half::2]]
        context = browser.new_context(**reader.context)
        cookies = {"sessionid": session, "django_language": reader.language}
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.on("pageerror", broken)
        for place, path in enumerate(paths):
            answer = page.goto(address + path, wait_until="domcontentloaded")
            if answer is None or answer.status != 200 or not page.url.endswith(path):
                found.append(f"{path} {reader.language}: leads to {page.url}")
                continue
            found += look_at(page, path, reader, part="main" if place else None)
        context.close()
    return found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.any_database
def test_axe_finds_nothing_on_any_page_of_the_desk(
    chromium: str, desk: tuple[Town, User], live_server: LiveServer, seen: set[str]
) -> None:
    one_of_each, forms = details(desk[1])
    pages = [*lists(), *one_of_each]
    session = session_of(desk[1])

    def look() -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            found = faults(browser, live_server.url, pages, forms, session)
            browser.close()
            return found

    with ThreadPoolExecutor(1) as pool:
        assert "\n".join(pool.submit(look).result()) == ""
    assert sorted(ours("desk") - NO_PAGE - seen) == []
