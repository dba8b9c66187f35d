"""What editors and moderators do in the admin, by its own forms: write, look, send, publish, plan, move."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.site.models import HomePage, StandardPage, StoryIndexPage, StoryPage
from cms.site.tasks import publish_scheduled_pages
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from needs.models import Project
from tests.town import Town

Enter = Callable[[Role], Client]


@pytest.fixture
def enter(site: HomePage, town: Town) -> Enter:
    """Return a function that signs in somebody new with a role at the desk."""

    def sign_in(role: Role) -> Client:
        user = User.objects.create(username=f"{role}-{User.objects.count()}", full_name="白")
        join(user=user, organisation=town.desk, role=role)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def form_of(page: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    """Return what the browser sends for a story; `facts` are fields and the button that was pressed."""
    sent = {
        "title": "一场火之后",
        "slug": "after-the-fire",
        "intro": "三份帮助，一个缺口。",
        "told_on": "2026-07-01",
        "title_en": "After the fire",
        "intro_en": "Three gifts, one gap.",
        "body": streamfield([("text", rich_text("<p>从前</p>", features=["bold"]))]),
        "body_en": streamfield([]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
        **(page or {}),
    }
    return nested_form_data({**sent, **facts})


def add_address(kind: str, parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["site", kind, parent.pk])


def written(client: Client, **facts: Any) -> StoryPage:
    """Return the story that somebody wrote in the admin."""
    answer = client.post(add_address("storypage", StoryIndexPage.objects.get()), form_of(**facts))
    assert answer.status_code == 302, answer.context["form"].errors
    return StoryPage.objects.get()


def test_the_admin_speaks_chinese_and_offers_only_what_may_stand_there(enter: Enter, site: HomePage) -> None:
    client, index = enter(Role.EDITOR), StoryIndexPage.objects.get()
    offered = client.get(reverse("wagtailadmin_pages:add_subpage", args=[index.pk]), follow=True)
    assert offered.request["PATH_INFO"] == add_address("storypage", index)
    page = offered.content.decode()
    for word in ("标题", "导语", "正文", "保存草稿", "提交给内容审核"):
        assert word in page
    desk = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "个页面" in desk
    assert "搜索所有页面" in desk
    assert client.get(add_address("newspage", index)).status_code == 302
    assert client.get(add_address("storypage", site)).status_code == 302


def test_what_an_editor_writes_waits_until_a_moderator_publishes_it(enter: Enter, client: Client) -> None:
    editor, moderator = enter(Role.EDITOR), enter(Role.PUBLISHER)
    story = written(editor, **{"action-submit": "1"})
    assert not story.live
    assert client.get(story.url).status_code == 404
    task = story.current_workflow_state.current_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", task.pk])
    editor.post(approve, {"comment": ""})
    assert not StoryPage.objects.live().exists()
    assert "一场火之后" in moderator.get(reverse("wagtailadmin_home")).content.decode()
    moderator.post(approve, {"comment": "好"})
    told = client.get(story.url).content.decode()
    assert "从前" in told
    assert "一场火之后" in client.get("/stories/").content.decode()


def test_an_editor_without_the_right_publishes_nothing_whatever_button_is_sent(enter: Enter) -> None:
    assert not written(enter(Role.EDITOR), **{"action-publish": "1"}).live


def test_a_moderator_sends_back_with_a_word(enter: Enter) -> None:
    editor, moderator = enter(Role.EDITOR), enter(Role.PUBLISHER)
    story = written(editor, **{"action-submit": "1"})
    task = story.current_workflow_state.current_task_state
    moderator.post(
        reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "reject", task.pk]),
        {"comment": "请再核对时间"},
    )
    assert "请再核对时间" in editor.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert not StoryPage.objects.live().exists()


def test_the_preview_shows_what_is_not_yet_kept(
    enter: Enter, client: Client, publish: Callable[..., Project]
) -> None:
    editor, project = enter(Role.EDITOR), publish(title_zh="冬天里的一户人家")
    story = written(editor)
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[story.pk])
    body = streamfield([("project", project.number)])
    assert editor.post(preview, form_of(title="还没有保存", body=body)).json()["is_valid"]
    answer = editor.get(preview)
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]  # the editor shows it in a frame
    shown = answer.content.decode()
    assert "还没有保存" in shown
    assert "冬天里的一户人家" in shown
    assert StoryPage.objects.get().title == "一场火之后"
    assert client.get(preview).status_code == 302


@pytest.mark.parametrize("kind", ["homepage", "storyindexpage", "catalogueindexpage", "statisticspage"])
def test_every_kind_of_page_opens_for_its_editor_with_a_preview(
    enter: Enter, site: HomePage, kind: str
) -> None:
    page = Page.objects.get(content_type__model=kind)
    editor = enter(Role.EDITOR)
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200


def test_a_planned_story_appears_and_goes_by_the_clock(
    enter: Enter, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.localtime()
    plan = {"go_live_at": now + timedelta(hours=2), "expire_at": now + timedelta(hours=5)}
    told = {name: f"{moment:%Y-%m-%d %H:%M}" for name, moment in plan.items()}
    story = written(enter(Role.PUBLISHER), **told, **{"action-publish": "1"})
    for hours, status in ((1, 404), (3, 200), (4, 200), (6, 404)):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: now + timedelta(hours=hours))
        publish_scheduled_pages()
        assert client.get(story.url).status_code == status, hours


def test_an_old_address_leads_to_the_new_one(
    enter: Enter, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    moderator = enter(Role.PUBLISHER)
    story = written(moderator, **{"action-publish": "1"})
    with django_capture_on_commit_callbacks(execute=True):  # the redirect is made once the change is kept
        moderator.post(
            reverse("wagtailadmin_pages:edit", args=[story.pk]),
            form_of(slug="the-fire", **{"action-publish": "1"}),
        )
    assert Redirect.objects.filter(old_path="/stories/after-the-fire").exists()
    assert client.get("/stories/after-the-fire/")["Location"] == "/stories/the-fire/"
    assert "/stories/the-fire/" in client.get("/sitemap-pages.xml").content.decode()


def test_a_page_that_moves_leaves_a_redirect(
    enter: Enter, site: HomePage, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    moderator = enter(Role.PUBLISHER)
    above, below = StandardPage.objects.order_by("path")[:2]
    old = below.url
    with django_capture_on_commit_callbacks(execute=True):
        moderator.post(reverse("wagtailadmin_pages:move_confirm", args=[below.pk, above.pk]))
    below.refresh_from_db()
    moved = Page.objects.get(pk=below.pk).url
    assert moved.startswith(above.url)
    assert client.get(old)["Location"] == moved


def test_a_picture_needs_its_words_and_carries_its_size(enter: Enter, client: Client) -> None:
    kept = BytesIO()
    Picture.new("RGB", (800, 450), "#0b5966").save(kept, "PNG")
    image = Image.objects.create(title="图", file=ContentFile(kept.getvalue(), "a.png"))
    moderator = enter(Role.PUBLISHER)
    address = add_address("storypage", StoryIndexPage.objects.get())
    inner = streamfield([("picture", {"image": image.pk, "alt": "炉火", "caption": ""})])
    refused = moderator.post(address, form_of(picture=image.pk, body=inner, **{"action-publish": "1"}))
    assert "picture_alt" in refused.context["form"].errors
    story = written(
        moderator, picture=image.pk, picture_alt="一只炉子", body=inner, **{"action-publish": "1"}
    )
    told = client.get(story.url).content.decode()
    for words in ("一只炉子", "炉火"):
        assert f'width="800" height="450" alt="{words}"' in told
    assert client.get("/stories/").status_code == 200
    for rendition in image.renditions.all():
        rendition.file.delete(save=False)
    image.file.delete(save=False)
