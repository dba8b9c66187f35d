"""The home page and its figures."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.http import http_date

from cms.site.figures import shown_money, site_figures
from cms.site.models import HomePage
from matching.models import Release
from matching.publishing.services import publish_release
from needs.models import Project
from tests.town import NOW


def test_the_home_page_shows_the_most_urgent_projects_that_still_lack_something(
    client: Client, publish: Callable[..., Project]
) -> None:
    publish(title_zh="不急的", urgency=2)
    publish(title_zh="最急的", tier="critical", urgency=0)
    publish(title_zh="已经满足的", tier="critical", urgency=0, covered_percent=100)
    urgent = client.get("/").context["urgent"]
    assert [project.title_zh for project in urgent] == ["最急的", "不急的"]


def test_money_is_told_in_units_that_are_read_at_a_glance() -> None:
    assert [shown_money(fen) for fen in (0, 100_000, 123_456_78)] == ["¥0", "0.1 万元", "12.3 万元"]


def test_the_figures_are_those_of_the_latest_release(publish: Callable[..., Project]) -> None:
    assert site_figures(None) == []
    for _ in range(31):
        publish()
    publish_release(now=NOW)
    publish()
    assert site_figures(Release.objects.get())[0].value == "30"


@pytest.mark.parametrize(
    ("language", "headline"), [("zh-hans", "让每一份急难"), ("en", "No household in acute difficulty")]
)
def test_the_page_is_in_the_language_that_the_reader_chose(
    client: Client, site: HomePage, language: str, headline: str
) -> None:
    client.post("/language/setlang/", {"language": language, "next": "/"})
    page = client.get("/").content.decode()
    assert headline in page
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in page


def test_a_page_carries_no_inline_style_or_script_and_no_other_host(client: Client, site: HomePage) -> None:
    for path in ("/", "/projects/", "/how-it-works/", "/accounts/login/"):
        response = client.get(path)
        page = response.content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert "//cdn" not in page
        assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/robots.txt", 200), ("/sitemap.xml", 200), ("/favicon.ico", 301), ("/nothing/", 404)],
)
def test_what_robots_and_browsers_ask_for_is_answered(
    client: Client, site: HomePage, path: str, status: int
) -> None:
    assert client.get(path).status_code == status


def test_a_page_that_is_as_it_was_is_not_sent_again_and_one_that_changed_is(
    client: Client, publish: Callable[..., Project]
) -> None:
    project = publish(title_zh="就要撤下的项目", tier="critical")
    first = client.get("/")
    assert "就要撤下的项目" in first.content.decode()
    assert "Last-Modified" not in first
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    Project.objects.filter(pk=project.pk).update(state="withdrawn")  # around the code
    again = client.get("/", headers={"If-None-Match": first["ETag"], "If-Modified-Since": http_date()})
    assert again.status_code == 200
    assert "就要撤下的项目" not in again.content.decode()
