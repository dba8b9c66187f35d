"""Bai writes a story, looks at it, sends it; Mo, who moderates, publishes it; a visitor reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.site.models import StoryIndexPage, StoryPage
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from tests.cms.conftest import make_project
from tests.journeys.conftest import sign_in, with_password
from tests.town import Town

pytestmark = pytest.mark.browser


def employed(town: Town, name: str, role: Role) -> None:
    user = User.objects.create(username=name, full_name=name)
    join(user=user, organisation=town.desk, role=role)
    with_password(user)


def add_block(page: Page, kind: str) -> None:
    """Add a block below the others in the story's body."""
    body = page.locator("section[id$=-body-section]")
    body.locator("button.c-sf-add-button:visible").last.click()
    page.get_by_role("option", name=kind, exact=True).click()


def test_an_editor_writes_a_story_and_sends_it_through_moderation(
    live_town: Town, live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    employed(live_town, "bai", Role.EDITOR)
    employed(live_town, "mo", Role.PUBLISHER)
    project = make_project(title_zh="冬天里的一户人家")
    index = StoryIndexPage.objects.get()

    bai = visit()
    sign_in(bai, live_server.url, "bai")
    bai.goto(f"{live_server.url}/admin/pages/{index.pk}/add_subpage/")
    bai.fill("#id_title", "炉火又旺了")
    bai.fill("#id_intro", "三份帮助，一个缺口。")
    bai.get_by_role("tab", name="推荐").click()
    bai.fill("#id_slug", "the-stove-burns-again")
    bai.get_by_role("tab", name="内容").click()
    add_block(bai, "正文")
    bai.locator(".public-DraftEditor-content").first.click()
    bai.keyboard.type("那天晚上，驿站送来了被褥。")
    add_block(bai, "项目")
    bai.locator("input[name^=body-][name$=-value]:visible").last.fill(project.number)
    bai.get_by_role("button", name="预览").first.click()
    seen = bai.frame_locator("iframe").first
    expect(seen.locator("h1")).to_have_text("炉火又旺了")
    expect(seen.locator("main")).to_contain_text("冬天里的一户人家")
    bai.get_by_role("button", name="更多动作").click()
    bai.locator("button[name=action-submit]").click()
    expect(bai.locator(".messages")).to_contain_text("审核")

    visitor = visit()
    assert visitor.goto(f"{live_server.url}/stories/the-stove-burns-again/").status == 404

    mo = visit()
    sign_in(mo, live_server.url, "mo")
    mo.goto(f"{live_server.url}/admin/")
    mo.get_by_role("link", name="炉火又旺了").first.click()
    mo.get_by_role("button", name="更多动作").click()
    mo.locator("button[data-workflow-action-name=approve]").first.click()
    expect(mo.locator(".messages")).to_contain_text("炉火又旺了")

    assert StoryPage.objects.get().live
    visitor.goto(f"{live_server.url}/stories/")
    visitor.get_by_role("link", name="炉火又旺了").click()
    expect(visitor.locator("main")).to_contain_text("那天晚上，驿站送来了被褥。")
    expect(visitor.locator("main")).to_contain_text("冬天里的一户人家")
