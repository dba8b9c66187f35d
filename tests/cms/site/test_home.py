"""The home page and its figures."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.site.figures import shown_count, shown_money, site_figures
from cms.site.models import HomePage
from needs.models import Project
from needs.states import ProjectState
from tests.town import Town


def test_the_home_page_shows_the_most_urgent_projects_that_still_lack_something(
    client: Client, publish: Callable[..., Project]
) -> None:
    publish(title_zh="不急的", urgency=2)
    publish(title_zh="最急的", tier="critical", urgency=0)
    publish(title_zh="已经满足的", tier="critical", urgency=0, covered_percent=100)
    urgent = client.get("/").context["urgent"]
    assert [project.title_zh for project in urgent] == ["最急的", "不急的"]


def test_a_small_count_is_withheld() -> None:
    assert [shown_count(count) for count in (0, 1, 4, 5, 1234)] == ["0", "不足 5", "不足 5", "5", "1,234"]


def test_money_is_rounded_down_to_whole_thousands() -> None:
    assert [shown_money(fen) for fen in (0, 99_999, 123_456_78)] == ["¥0", "不足 1000 元", "12.3 万元"]


def test_withdrawn_projects_are_in_no_figure(publish: Callable[..., Project]) -> None:
    for _ in range(6):
        publish()
    assert site_figures()[0].value == "6"
    Project.objects.update(state=ProjectState.WITHDRAWN)
    assert site_figures()[0].value == "0"


def test_promised_money_is_what_the_ledger_says(site: HomePage, town: Town) -> None:
    town.fund(yuan=10_000)
    assert site_figures()[2].value == "¥0"


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
