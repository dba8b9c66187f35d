"""A visitor finds a project; Chen commits to it; the visitor sees the gap fall; donor and case record are told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.reports import render_donor_report
from jiujinan.outbox.models import OutboxEvent
from matching.main_job.telling import write_backs
from matching.models import Proposal
from matching.reporting import report_on
from matching.services.runs import run_matching
from needs.models import Need, Project
from needs.services import crowd
from needs.services.gate import decide
from tests.journeys.conftest import sign_in, with_password
from tests.town import Town

pytestmark = pytest.mark.browser


def test_the_whole_way_of_one_project(
    live_town: Town, live_server: LiveServer, visit: Callable[..., Page], tmp_path: Path
) -> None:
    town, now = live_town, timezone.now()
    need = town.verified(yuan=3000)
    for cause in ("illness", "accident", "schooling"):
        town.crowd(24, cause=cause)
    Need.objects.update(verified_at=now)
    assert decide(need=need, by=town.wu, now=now, plan=crowd.plan(now=now)).outcome == "published"
    project = Project.objects.get()
    fund = town.fund(yuan=10_000, name="青禾助医基金")
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=now))
    with_password(town.chen)

    visitor = visit(width=390, height=844)
    visitor.goto(f"{live_server.url}/projects/?q=大病")
    visitor.click(f"a[href*='{project.number}']")
    expect(visitor.locator("h1")).to_contain_text(project.title_zh)
    expect(visitor.locator("main")).to_contain_text("0%")

    chen = visit()
    sign_in(chen, live_server.url, "chen")
    chen.goto(f"{live_server.url}/portal/proposals/")
    chen.click(f"a[href*='{proposal.pk}']")
    expect(chen.locator("#gap")).to_contain_text("3,000")
    expect(chen.locator("#available")).to_contain_text("10,000")
    expect(chen.locator("ul.reasons li").first).to_be_visible()
    chen.click("form[action$='/confirm/'] button[type=submit]")
    chen.click("form[action$='/accept/'] button[type=submit]")
    chen.goto(f"{live_server.url}/portal/proposals/{proposal.pk}/")
    expect(chen.locator("#gap")).to_contain_text("0")
    expect(chen.locator("#available")).to_contain_text("7,000")

    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("100%")

    report = render_donor_report(report_on(fund=fund, now=timezone.now()), language="zh-hans")
    assert project.number in report
    write_backs(tmp_path / "write-backs.jsonl", now=timezone.now())
    lines = (tmp_path / "write-backs.jsonl").read_text(encoding="utf-8")
    assert "help.committed" in lines
    assert need.case.number in lines
    assert not OutboxEvent.objects.filter(stream__destination="case-record", delivered_at=None).exists()
