"""Stories and news: shown, listed, fed, moderated, scheduled; a withdrawn project leaves a story by itself."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from cms.site.blocks import ProjectNumberBlock
from cms.site.models import HomePage, NewsIndexPage, NewsPage, StoryIndexPage, StoryPage
from cms.site.services import build_site
from cms.site.tasks import publish_scheduled_pages
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from needs.models import Project
from needs.states import ProjectState
from tests.town import Town


def story(title: str = "一场火之后", **facts: Any) -> StoryPage:
    page = StoryPage(title=title, intro="帮助到了。", **{"told_on": date(2026, 7, 1), **facts})
    StoryIndexPage.objects.get().add_child(instance=page)
    return page


def editor(town: Town, name: str = "bai") -> User:
    user = User.objects.create(username=name, full_name=name)
    join(user=user, organisation=town.desk, role=Role.EDITOR)
    return user


def test_a_story_shows_its_project_until_that_is_withdrawn(
    client: Client, publish: Callable[..., Project]
) -> None:
    project = publish(title_zh="冬天里的一户人家")
    page = story(body=[("text", "<p>从前</p>"), ("project", project.number)])
    assert "冬天里的一户人家" in client.get(page.url).content.decode()
    Project.objects.filter(pk=project.pk).update(state=ProjectState.WITHDRAWN)
    told = client.get(page.url).content.decode()
    assert "从前" in told
    assert "冬天里的一户人家" not in told
    assert project.number not in told


def test_editors_can_link_only_what_stands_in_public(publish: Callable[..., Project]) -> None:
    block = ProjectNumberBlock()
    number = publish().number
    assert block.clean(f" {number.lower()} ") == number
    Project.objects.update(state=ProjectState.CLOSED)
    with pytest.raises(Exception, match="编号"):
        block.clean(number)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_list_of_stories_costs_the_same_however_long_it_is(
    client: Client, site: HomePage, count: int, django_assert_num_queries: Any
) -> None:
    for place in range(count):
        story(f"故事{place}", slug=f"s{place}", told_on=date(2026, 7, 1) + timedelta(days=place))
    client.get("/stories/")
    with django_assert_num_queries(8):
        shown = client.get("/stories/").content.decode()
    assert shown.count('<article class="card">') == min(count, 12)
    assert f"故事{count - 1}" in shown
    assert client.get("/stories/?page=-1").status_code == client.get("/stories/?page=x").status_code == 200


@pytest.mark.parametrize(("form", "kind"), [("atom", "application/atom+xml"), ("rss", "application/rss+xml")])
def test_the_latest_are_fed_in_the_readers_language(
    client: Client, site: HomePage, form: str, kind: str
) -> None:
    story(title_en="After the fire")
    story("还在写", slug="draft", live=False)
    answer = client.get(f"/stories/{form}/", headers={"accept-language": "en"})
    assert answer["Content-Type"].startswith(kind)
    told = answer.content.decode()
    assert "After the fire" in told
    assert "还在写" not in told


def test_pages_have_their_places(site: HomePage) -> None:
    assert StoryPage.can_create_at(StoryIndexPage.objects.get())
    assert not StoryPage.can_create_at(NewsIndexPage.objects.get())
    assert not StoryPage.can_create_at(site)
    assert not StoryIndexPage.can_create_at(site)
    assert not NewsPage.can_create_at(StoryIndexPage.objects.get())


def test_an_editor_sends_and_a_moderator_publishes(
    site: HomePage, town: Town, signed_in: Callable[[User], Client]
) -> None:
    bai = editor(town)
    page = story(live=False)
    page.save_revision(user=bai)
    rights = page.permissions_for_user(bai)
    assert rights.can_edit()
    assert rights.can_submit_for_moderation()
    assert not rights.can_publish()
    state = page.get_workflow().start(page, bai)
    assert not StoryPage.objects.live().exists()
    assert not page.permissions_for_user(town.lin).can_edit()
    moderator = User.objects.create(username="mo")
    join(user=moderator, organisation=town.desk, role=Role.PUBLISHER)
    actions = [name for name, _, _ in state.current_task_state.task.get_actions(page, moderator)]
    assert "approve" in actions
    assert state.current_task_state.task.get_actions(page, bai) == []
    state.current_task_state.approve(user=moderator)
    assert StoryPage.objects.live().get() == page


def test_an_editor_sees_a_preview_and_no_case(
    site: HomePage, town: Town, signed_in: Callable[[User], Client]
) -> None:
    page = story(live=False)
    page.save_revision()
    client = signed_in(editor(town))
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert "一场火之后" in client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()
    assert client.get("/admin/desk/").status_code in {302, 403}


def test_a_page_appears_and_goes_at_its_moment(client: Client, site: HomePage) -> None:
    page = story(live=False)
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    publish_scheduled_pages()
    assert client.get("/stories/").content.decode().count("一场火之后") == 1
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    publish_scheduled_pages()
    assert "一场火之后" not in client.get("/stories/").content.decode()


def test_examples_are_marked_as_invented_and_told_once(client: Client, site: HomePage) -> None:
    for _ in range(2):
        build_site(now=timezone.now(), with_examples=True)
    assert StoryPage.objects.count() == 2
    assert NewsPage.objects.count() == 1
    assert all(page.is_invented for page in StoryPage.objects.all())
    for language, words in (("zh-hans", "虚构"), ("en", "invented example")):
        for page in StoryPage.objects.all():
            assert words in client.get(page.url, headers={"accept-language": language}).content.decode()
    assert "虚构" in client.get("/").content.decode()


def test_what_search_engines_read_is_data_that_nothing_can_break_out_of(
    client: Client, site: HomePage
) -> None:
    page = story("</script><script>alert(1)</script>", slug="x")
    told = client.get(page.url).content.decode()
    assert "<script>alert" not in told
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', told)
    assert block is not None
    assert json.loads(block[1])["headline"] == "</script><script>alert(1)</script>"


def test_building_the_site_twice_leaves_the_workflow_as_it_is(site: HomePage) -> None:
    before = list(Group.objects.get(name="Moderators").page_permissions.values_list("pk", flat=True))
    build_site(now=timezone.now())
    assert list(Group.objects.get(name="Moderators").page_permissions.values_list("pk", flat=True)) == before
