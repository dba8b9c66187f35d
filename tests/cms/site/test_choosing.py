"""What a visitor does with a list: feeds, calendar, comparing, keeping, suggestions, a cache that forgets in time."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils.http import http_date
from pytest_django import Settings

from cms.site.models import HomePage
from jiujinan.accounts.models import User
from needs.models import Project
from needs.services.showing import take_out
from tests.town import COUNTY, NEXT_COUNTY, Town

Publish = Callable[..., Project]
SignedIn = Callable[[User], Client]


def test_a_feed_tells_what_its_filters_leave_in_both_forms(client: Client, publish: Publish) -> None:
    one = publish(region=COUNTY, title_zh="青禾县一户家庭 & 学费")
    publish(region=NEXT_COUNTY)
    rss = client.get("/projects/feed/rss/", {"region": COUNTY})
    assert rss["Content-Type"] == "application/rss+xml; charset=utf-8"
    items = ElementTree.fromstring(rss.content).findall("channel/item")  # noqa: S314  # our own feed
    assert [item.findtext("title") for item in items] == ["青禾县一户家庭 & 学费"]
    assert (items[0].findtext("link") or "").endswith(f"/projects/{one.number}/")
    assert "01 Jul 2026 00:00:00" in (items[0].findtext("pubDate") or "")
    atom = client.get("/projects/feed/atom/", {"region": COUNTY})
    entries = ElementTree.fromstring(atom.content).findall("{http://www.w3.org/2005/Atom}entry")  # noqa: S314
    assert len(entries) == 1


def test_the_calendar_names_the_month_until_which_help_is_hoped_for(client: Client, publish: Publish) -> None:
    project = publish(title_zh="很长的标题" * 12, title_en="x")
    publish(covered_percent=100)
    for path in ("/projects/calendar/", f"/projects/{project.number}/calendar/"):
        told = client.get(path)
        lines = told.content.decode().split("\r\n")
        assert told["Content-Type"] == "text/calendar; charset=utf-8"
        assert [line for line in lines if line.startswith("DTSTART")] == ["DTSTART;VALUE=DATE:20260831"]
        assert max(len(line.encode()) for line in lines) <= 75


def test_projects_are_compared_by_an_address(client: Client, publish: Publish) -> None:
    one, two = publish(title_zh="第一个"), publish(title_zh="第二个")
    gone = publish(title_zh="已经撤下的")
    take_out(project=gone, act="withdraw")
    numbers = [one.number, two.number.lower(), one.number, gone.number, "😀", "x" * 50]
    page = client.get("/projects/compare/", {"n": numbers})
    assert [project.number for project in page.context["projects"]] == [one.number, two.number]
    assert "已经撤下的" not in page.content.decode()
    assert client.get("/projects/compare/").status_code == 200


def test_somebody_signed_in_keeps_projects(town: Town, signed_in: SignedIn, publish: Publish) -> None:
    project = publish(title_zh="要留着看的")
    client = signed_in(town.chen)
    for _ in range(2):
        client.post("/projects/saved/", {"number": project.number})
    assert "要留着看的" in client.get("/projects/saved/").content.decode()
    assert "不再收藏" in client.get(f"/projects/{project.number}/").content.decode()
    client.post("/projects/saved/", {"number": project.number, "forget": "1"})
    assert "要留着看的" not in client.get("/projects/saved/").content.decode()
    assert client.post("/projects/saved/", {"number": "NOTHERE2"}).status_code == 404


def test_without_an_account_the_address_keeps_the_list(client: Client, publish: Publish) -> None:
    project = publish(title_zh="要留着看的")
    assert "要留着看的" in client.get("/projects/saved/", {"n": project.number}).content.decode()
    assert client.post("/projects/saved/", {"number": project.number}).status_code == 405


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("青", "青禾县"),
        ("qinghe", "青禾县"),
        ("QHX", "青禾县"),
        ("醫療", "医疗费用"),
        ("xinli", "心理疏导"),
        ("住房", "住房费用"),
    ],
)
def test_words_are_offered_in_characters_and_pinyin(
    client: Client, site: HomePage, typed: str, word: str
) -> None:
    offered = client.get("/projects/suggest/", {"q": typed}).content.decode()
    assert word in re.findall(r'data-word="(.*?)"', offered)


def test_a_division_in_which_projects_stand_is_offered_before_those_without(
    client: Client, publish: Publish
) -> None:
    publish(region=NEXT_COUNTY)
    offered = client.get("/projects/suggest/", {"q": "县"}).content.decode()
    words = re.findall(r'data-word="(.*?)"', offered)
    assert words[0] == "临溪县"
    assert len(words) > 1


@pytest.mark.parametrize("typed", ["", " ", "😀", "x" * 10_000, "<script>", "\x00"])
def test_nothing_is_offered_for_nothing(client: Client, site: HomePage, typed: str) -> None:
    offered = client.get("/projects/suggest/", {"q": typed})
    assert offered.status_code == 200
    assert offered.content.strip() == b""


def test_a_page_is_shown_again_until_a_project_changes_and_never_after_its_withdrawal(
    client: Client, publish: Publish
) -> None:
    project = publish(title_zh="就要撤下的项目")
    address = f"/projects/{project.number}/"
    first = client.get(address)
    etag = first["ETag"]
    assert "Last-Modified" not in first
    assert "no-cache" in first["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert (
        client.get(address, headers={"If-Modified-Since": http_date()}).status_code == 200
    )  # a date says nothing
    assert "就要撤下的项目" in client.get("/projects/").content.decode()
    Project.objects.filter(pk=project.pk).update(state="withdrawn")  # around the code
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 410
    for path in ("/projects/", "/projects/feed/rss/", "/projects/calendar/"):
        assert "就要撤下的项目" not in client.get(path).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_costs_one_question_to_the_database(
    client: Client, publish: Publish, django_assert_num_queries: Callable[[int], "object"]
) -> None:
    publish()
    client.get("/projects/")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        client.get("/projects/")


def test_every_answer_says_that_the_language_may_come_from_a_cookie(client: Client, publish: Publish) -> None:
    publish()
    for path in (
        "/projects/",
        "/projects/feed/rss/",
        "/projects/calendar/",
        "/projects/suggest/?q=青",
        "/api/v1/projects",
    ):
        assert {"Accept-Language", "Cookie"} <= set(client.get(path)["Vary"].split(", ")), path


def test_languages_and_signed_in_people_get_pages_of_their_own(
    client: Client, publish: Publish, town: Town, signed_in: SignedIn
) -> None:
    publish()
    chinese = client.get("/projects/")
    assert client.get("/projects/", headers={"Accept-Language": "en"}).content != chinese.content
    signed = signed_in(town.chen).get("/projects/")
    assert signed["ETag"] != chinese["ETag"]
    assert "private" in signed["Cache-Control"]


def test_only_renditions_are_served_and_nothing_around_them(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for folder in ("images", "original_images", "documents"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jpg").write_bytes(b"x")
    picture = client.get("/media/images/a.jpg")
    assert b"".join(picture) == b"x"
    assert picture.status_code == 200
    assert "immutable" in picture["Cache-Control"]
    assert "sandbox" in picture["Content-Security-Policy"]
    for path in (
        "original_images/a.jpg",
        "documents/a.jpg",
        "images/../documents/a.jpg",
        "images/",
        "images/%2e%2e/x",
    ):
        assert client.get(f"/media/{path}").status_code in {400, 404}
