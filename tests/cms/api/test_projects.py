"""The public interface."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.site.models import HomePage
from needs.catalogue.engine import withdraw_project
from needs.models import Project
from needs.states import ProjectState
from tests.town import COUNTY, NEXT_COUNTY

Publish = Callable[..., Project]


def test_the_cursor_leads_through_every_project_once(client: Client, publish: Publish) -> None:
    expected = {publish(urgency=place % 3, covered_percent=place % 4 * 25).number for place in range(11)}
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/v1/projects", {"size": 4, "cursor": cursor}).json()
        assert page["count"] == 11
        seen += [one["number"] for one in page["results"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    assert set(seen) == expected


def test_search_and_region_narrow_it(client: Client, publish: Publish) -> None:
    found = publish(region=COUNTY, title_zh="一户家庭需要学费帮助")
    publish(region=NEXT_COUNTY, title_zh="一户家庭需要学费帮助")
    page = client.get("/api/v1/projects", {"q": "學費", "region": COUNTY}).json()
    assert [one["number"] for one in page["results"]] == [found.number]
    assert page["next"] is None


def test_a_project_is_told_in_bands_and_months(client: Client, publish: Publish) -> None:
    project = publish(items=(("cash", ""), ("service", "comfort")))
    told = client.get("/api/v1/projects").json()["results"][0]
    assert told["number"] == project.number
    assert (told["published"], told["amount_band"]) == ("2026-07", "5k_10k")
    assert [(item["kind"], item["category"]) for item in told["items"]] == [
        ("cash", ""),
        ("service", "comfort"),
    ]
    assert "content_hash" not in told


def test_a_withdrawn_project_is_not_told_and_nothing_is_cached(client: Client, publish: Publish) -> None:
    project = publish()
    assert "no-cache" in client.get("/api/v1/projects")["Cache-Control"]
    Project.objects.filter(pk=project.pk).update(state=ProjectState.WITHDRAWN)
    assert client.get("/api/v1/projects").json()["results"] == []
    withdraw_project(project.number)
    gone = client.get("/api/v1/projects").json()
    assert (gone["count"], gone["results"], gone["next"]) == (0, [], None)


def test_an_answer_that_stands_is_not_sent_twice(client: Client, publish: Publish) -> None:
    project = publish()
    etag = client.get("/api/v1/projects")["ETag"]
    assert client.get("/api/v1/projects", headers={"If-None-Match": etag}).status_code == 304
    Project.objects.filter(pk=project.pk).update(state=ProjectState.WITHDRAWN)
    gone = client.get("/api/v1/projects", headers={"If-None-Match": etag})
    assert (gone.status_code, gone.json()["results"]) == (200, [])


@pytest.mark.parametrize("cursor", ["x", "=", "MS4yLjM0", "🙂", "A" * 100, "Li4u", "MTAwMC4wLkE"])
def test_a_cursor_that_is_none_starts_anew(client: Client, publish: Publish, cursor: str) -> None:
    publish()
    assert len(client.get("/api/v1/projects", {"cursor": cursor}).json()["results"]) in {0, 1}


@pytest.mark.parametrize("size", ["x", "null", "1.5", "9" * 5000])
def test_a_size_that_is_none_is_refused_in_a_sentence(client: Client, site: HomePage, size: str) -> None:
    refused = client.get("/api/v1/projects", {"size": size})
    assert refused.status_code == 422
    assert (refused.json()["title"], refused.json()["status"]) == ("Not valid", 422)
    assert refused.json()["detail"].startswith("query.size: ")


@pytest.mark.parametrize(("size", "shown"), [("-1", 1), ("0", 1), ("2", 2), ("999999999", 3)])
def test_a_size_beyond_the_limits_counts_as_the_nearest(
    client: Client, publish: Publish, size: str, shown: int
) -> None:
    for _ in range(3):
        publish()
    assert len(client.get("/api/v1/projects", {"size": size}).json()["results"]) == shown


def test_the_interface_describes_itself_without_another_host(client: Client, site: HomePage) -> None:
    assert client.get("/api/v1/health").json() == {"status": "ok"}
    described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {"/api/v1/health", "/api/v1/projects", "/api/v1/case-records"}
    assert client.get("/api/v1/docs/").status_code == 404
