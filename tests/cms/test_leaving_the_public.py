"""What leaves the public is gone from page, search, feeds, calendar, cache, interface and open data."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms.site.services import build_site
from needs.catalogue import indexing
from needs.models import GateDecision, Need, Project
from needs.services.consents import withdraw_by_file
from needs.services.ending import close_case
from needs.services.gate import decide, withdraw
from tests.needs.catalogue.conftest import elasticsearch, elasticsearch_address
from tests.town import NOW, Town

__all__ = ["elasticsearch", "elasticsearch_address"]
LATER = NOW + timedelta(seconds=50)
LISTS = (
    "/projects/",
    "/projects/?q=医疗",
    "/projects/feed/rss/",
    "/projects/feed/atom/",
    "/projects/calendar/",
    "/api/v1/projects",
    "/api/v1/projects?q=医疗",
    "/open-data/files/projects.csv",
    "/open-data/files/projects.json",
)


def by_the_desk(town: Town, need: Need) -> None:
    withdraw(need=need, reason="asked for it", by=town.zhou, now=LATER)


def by_a_newer_file(town: Town, need: Need) -> None:
    withdraw_by_file(case=need.case, on=LATER.date(), version=2, by=town.lin, now=LATER)


def by_closing_the_case(town: Town, need: Need) -> None:
    close_case(case=need.case, reason="solved", by=town.zhou, now=LATER)


ENDS = [by_the_desk, by_a_newer_file, by_closing_the_case]
End = Callable[[Town, Need], None]


def body(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()  # type: ignore[attr-defined]


def published(town: Town) -> GateDecision:
    """Return the decision on a need that stands in public, with the pages around it."""
    build_site(now=timezone.now())
    town.crowd(24)
    decision = decide(need=town.verified(), by=town.wu, now=NOW)
    assert decision.outcome == "published"
    return decision


def leaves_everything(town: Town, decision: GateDecision, end: End) -> None:
    """Walk what is public, which fills the caches, end the publication, and walk again."""
    project = Project.objects.get(pk=decision.project_id)
    own = f"/projects/{project.number}/"
    for path in (*LISTS, own):
        assert project.number in body(path), path
    end(town, decision.need)
    for path in LISTS:
        told = body(path)
        assert project.number not in told, path
        assert project.description_zh not in told, path
    gone = Client().get(own)
    assert gone.status_code == 410
    assert project.description_zh not in gone.content.decode()
    assert Client().get(f"{own}calendar/").status_code in {404, 410}


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_leaves_every_public_place_at_once(town: Town, end: End) -> None:
    leaves_everything(town, published(town), end)


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_leaves_the_search_service_before_it_is_told(
    town: Town, elasticsearch: str, end: End
) -> None:
    decision = published(town)
    indexing.rebuild(now=timezone.now())
    leaves_everything(town, decision, end)
