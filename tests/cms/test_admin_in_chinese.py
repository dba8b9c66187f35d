"""An editor who works in Chinese meets no English in the admin: pages, pictures, reports, account, a wrong address."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from cms.site.models import HomePage, StoryIndexPage
from cms.translations.catalogues import compile_all
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from tests.cms.test_translations import ROOT
from tests.town import Town

UNREAD = {
    "script",
    "style",
    "template",
    "svg",
    "option",
}  # options: time zones and languages by their own names
READ_ALOUD = ("aria-label", "title", "placeholder", "alt")
ENGLISH = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]+)*")
ADDRESS = re.compile(r"https?://\S+")
# Names of things, what an editor herself writes in English, keys of the keyboard.
NAMES = re.compile(
    r"Wagtail|JavaScript|URL|SEO|HTML|CSV|XLSX|JPEG|JPG|PNG|GIF|WEBP|AVIF|Ctrl|Shift|Alt|Esc|Enter|English|Gravatar"
)
# Written into Wagtail's own templates, past every catalogue; neither is seen.
PAST_EVERY_CATALOGUE = {"Actions", "None"}


class Words(HTMLParser):
    """The words of a page that are seen or read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self._unread.append(tag)
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if self._unread and self._unread[-1] == tag:
            self._unread.pop()

    def handle_data(self, data: str) -> None:
        if not self._unread and data.strip():
            self.found.append(" ".join(data.split()))


def english(html: str) -> Iterator[str]:
    """Yield what is English among the words of a page."""
    words = Words()
    words.feed(html)
    for text in words.found:
        yield from (match[0] for match in ENGLISH.finditer(NAMES.sub("", ADDRESS.sub("", text))))


@pytest.fixture
def editor(site: HomePage, town: Town) -> Client:
    compile_all(ROOT / "locale")
    user = User.objects.create(username="1001", full_name="白编辑")
    join(user=user, organisation=town.desk, role=Role.EDITOR)
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_editor_who_works_in_chinese_meets_no_english(editor: Client, site: HomePage) -> None:
    stories = StoryIndexPage.objects.get().pk
    paths = [
        "", "pages/", f"pages/{site.pk}/", f"pages/{stories}/history/", f"pages/{stories}/usage/",
        f"pages/add/site/storypage/{stories}/", f"pages/{stories}/move/", "pages/search/?q=x", "images/", "images/add/",
        "reports/workflow/", "reports/site-history/", "reports/locked/", "account/", "nothing/",
    ]  # fmt: skip
    met = {path: sorted(set(english(editor.get(f"/admin/{path}").content.decode()))) for path in paths}
    left = {path: [word for word in words if word not in PAST_EVERY_CATALOGUE] for path, words in met.items()}
    assert {path: words for path, words in left.items() if words} == {}


def test_the_admins_scripts_speak_chinese_where_wagtails_own_words_lack(editor: Client) -> None:
    words = editor.get("/admin/jsi18n/").content.decode()
    assert f'"Changes have been autosaved.": {json.dumps("修改已自动保存。")}' in words


def test_a_wrong_address_in_the_admin_leads_back(editor: Client) -> None:
    page = editor.get("/admin/nothing/")
    assert page.status_code == 404
    assert 'href="/admin/"' in page.content.decode()
    assert "这个网址没有页面" in page.content.decode()
