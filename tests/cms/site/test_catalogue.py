"""The catalogue: found in Chinese, narrowed honestly, calm under any question."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.site.models import HomePage
from needs.catalogue.engine import withdraw_project
from needs.models import ProgressUpdate, Project
from needs.states import ProjectState
from tests.town import COUNTY, NEXT_COUNTY, PREFECTURE, PROVINCE

Publish = Callable[..., Project]


def numbers(client: Client, **query: str) -> set[str]:
    """Return the numbers of the projects that the list shows."""
    response = client.get("/projects/", query)
    assert response.status_code == 200
    return {project.number for project in response.context["results"]}


def test_a_project_page_asks_the_database_a_constant_number_of_times(
    client: Client, publish: Publish
) -> None:
    small = publish()
    large = publish(items=tuple(("cash", category) for category in ("medical", "living", "schooling")))
    asked = []
    for project in (small, large):
        client.get(f"/projects/{project.number}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/projects/{project.number}/?anew")
        asked.append(len(queries))
    assert asked == [4, 4]


def test_a_word_of_two_characters_finds_its_projects_in_either_script(
    client: Client, publish: Publish
) -> None:
    found = publish(title_zh="青禾县一户家庭需要学费帮助")
    publish(title_zh="青禾县一户家庭需要照护")
    assert numbers(client, q="学费") == {found.number}
    assert numbers(client, q="學費") == {found.number}


def test_what_was_found_is_marked_in_the_title_or_in_a_passage_of_the_description(
    client: Client, publish: Publish
) -> None:
    publish(title_zh="一户家庭<需要>学费帮助")
    publish(
        title_zh="一户家庭需要帮助",
        description_zh="前面的话。" * 10 + "孩子的学费还差一些。" + "后面的话。" * 20,
    )
    page = client.get("/projects/", {"q": "學費"}).content.decode()
    assert "一户家庭&lt;需要&gt;<mark>学费</mark>帮助" in page
    assert "孩子的<mark>学费</mark>还差一些。" in page
    assert page.count("<mark>") == 2
    assert page.count("…") >= 2
    assert "<mark>" not in client.get("/projects/").content.decode()


@pytest.mark.parametrize("text", ["捐款", "charity", "献爱心"])
def test_words_of_somebody_who_wants_to_help_with_anything_show_everything_and_say_so(
    client: Client, publish: Publish, text: str
) -> None:
    project = publish(title_zh="一户家庭需要学费帮助")
    page = client.get("/projects/", {"q": text})
    assert [one.number for one in page.context["results"]] == [project.number]
    assert "没有说缺什么" in page.content.decode()


def test_every_filter_keeps_what_it_names(client: Client, publish: Publish) -> None:
    one = publish(region=COUNTY, tier="critical", amount_band="1k_3k", items=(("cash", "living"),))
    two = publish(region=NEXT_COUNTY, tier="joint", amount_band="over_30k", items=(("service", "comfort"),))
    assert numbers(client, region=COUNTY) == {one.number}
    assert numbers(client, region=PREFECTURE) == numbers(client, region=PROVINCE) == {one.number, two.number}
    assert numbers(client, tier="critical") == {one.number}
    assert numbers(client, kind="service") == {two.number}
    assert numbers(client, category="living") == {one.number}
    assert numbers(client, amount="under_5k") == {one.number}
    assert numbers(client, amount="over_30k") == {two.number}
    assert numbers(client, tier="no such tier") == {one.number, two.number}


def test_a_project_with_two_fitting_items_stands_in_the_list_once(client: Client, publish: Publish) -> None:
    project = publish(items=(("cash", "medical"), ("cash", "living")))
    response = client.get("/projects/", {"kind": "cash"})
    assert [one.number for one in response.context["results"]] == [project.number]


def test_the_region_tree_counts_what_the_other_filters_leave(client: Client, publish: Publish) -> None:
    for _ in range(23):
        publish(region=COUNTY, tier="critical")
    publish(region=COUNTY)
    publish(region=NEXT_COUNTY)
    below = client.get("/projects/", {"region": PREFECTURE}).context["tree"].below
    assert [(choice.code, choice.count) for choice in below] == [(COUNTY, "20"), (NEXT_COUNTY, "<20")]
    below = client.get("/projects/", {"region": PREFECTURE, "tier": "critical"}).context["tree"].below
    assert [(choice.code, choice.count) for choice in below] == [(COUNTY, "20")]


def test_an_empty_result_says_what_would_widen_it(client: Client, publish: Publish) -> None:
    publish(tier="joint")
    response = client.get("/projects/", {"tier": "critical", "region": COUNTY})
    assert [(one.query, one.count) for one in response.context["widenings"]] == [
        (f"region={COUNTY}", "少于20个项目")
    ]
    response = client.get("/projects/", {"tier": "critical", "q": "困难"})
    assert [one.query for one in response.context["widenings"]] == ["q=%E5%9B%B0%E9%9A%BE"]


@pytest.mark.parametrize("query", [{"q": "临溪县"}, {"q": "臨溪"}, {"region": NEXT_COUNTY}])
def test_a_county_without_projects_leads_to_the_divisions_above_and_to_the_nearest_projects(
    client: Client, publish: Publish, query: dict[str, str]
) -> None:
    near = publish(region=COUNTY)
    client.get("/projects/", query)
    with CaptureQueriesContext(connection) as asked:
        response = client.get("/projects/?anew=1", query | {"anew": "1"})
    # PostgreSQL counts what this very transaction wrote as unseen, and reads it again for each of three answers.
    assert len(asked) <= (12 if connection.vendor == "sqlite" else 12 + 2 * 3)
    above = [(one.code, one.query) for one in response.context["near"].around]
    assert above == [
        (
            code,
            urlencode({"anew": 1, "region": code})
            if "q" in query
            else urlencode({"region": code, "anew": 1}),
        )
        for code in (PREFECTURE, PROVINCE)
    ]
    assert response.context["nearest"] == [near]
    assert "临溪县目前没有符合的项目" in response.content.decode()
    assert numbers(client, region=PREFECTURE) == {near.number}


def test_a_question_that_nothing_answers_shows_the_most_urgent_of_all(
    client: Client, publish: Publish
) -> None:
    urgent = publish(tier="critical", urgency=0)
    response = client.get("/projects/", {"q": "zzzzzz"})
    assert response.context["near"].around == []
    assert response.context["nearest"] == [urgent]
    assert "没有同时符合这些条件的项目" in response.content.decode()


def test_pages_and_sorts_keep_the_filters_in_the_address(client: Client, publish: Publish) -> None:
    for _ in range(30):
        publish()
    page = client.get("/projects/", {"kind": "cash", "sort": "new"})
    after = page.context["answer"].after
    following = client.get("/projects/", {"kind": "cash", "sort": "new", "after": after})
    assert len(page.context["results"]) == 20
    assert len(following.context["results"]) == 10
    assert f"kind=cash&amp;sort=new&amp;after={after}" in page.content.decode()
    back = client.get("/projects/", {"sort": "new", "before": following.context["answer"].before})
    assert back.context["results"] == page.context["results"]


def test_htmx_is_sent_the_catalogue_alone(client: Client, publish: Publish) -> None:
    publish()
    part = client.get("/projects/", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'id="catalogue"' in part.content
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("state", [ProjectState.WITHDRAWN, ProjectState.CLOSED])
def test_what_no_longer_stands_in_public_is_gone_everywhere(
    client: Client, publish: Publish, state: ProjectState
) -> None:
    project = publish(title_zh="青禾县一户家庭需要康复费用", description_zh="仅此一家的说明文字。")
    Project.objects.filter(pk=project.pk).update(state=state)
    withdraw_project(project.number)
    page = client.get(f"/projects/{project.number}/")
    assert page.status_code == 410
    assert "仅此一家" not in page.content.decode()
    assert numbers(client) == numbers(client, q="康复") == set()
    assert "康复费用" not in client.get("/").content.decode()
    assert client.get("/api/v1/projects").json()["count"] == 0


@pytest.mark.parametrize("number", ["ZZZZZZZZ", "1", "abcdefghijkl"])
def test_an_unknown_number_is_a_calm_page(client: Client, site: HomePage, number: str) -> None:
    page = client.get(f"/projects/{number}/")
    assert page.status_code == 404
    assert "没有页面" in page.content.decode()


def test_the_timeline_names_no_category_that_the_gate_held_back(client: Client, publish: Publish) -> None:
    project = publish(items=(("cash", ""),))
    ProgressUpdate.objects.create(
        project=project, kind="committed", category="funeral", month="2026-07-01", seq=2
    )
    page = client.get(f"/projects/{project.number}/").content.decode()
    assert "社会力量已承诺帮助" in page
    assert "丧葬" not in page


def test_no_page_takes_money_from_a_visitor(client: Client, publish: Publish) -> None:
    project = publish()
    for path in ("/", "/projects/", f"/projects/{project.number}/"):
        page = client.get(path).content.decode()
        posts = [line for line in page.splitlines() if 'method="post"' in line]
        assert all("/language/" in line or "/accounts/" in line for line in posts)
        assert "支付" not in page


QUESTIONS = st.dictionaries(
    st.sampled_from(["q", "region", "tier", "kind", "category", "amount", "sort", "page", "x", "cursor"]),
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "-1",
                "0",
                "999999999999999999999",
                "' OR 1=1 --",
                "title:* AND (a OR",
                '"',
                "NEAR(a b)",
                "😀👍🏽",
                "\u202eabc",
                "\x00",
                "病" * 10_000,
                "990000",
                "000000",
                "٣",
            ]
        ),
    ),
)


@given(question=QUESTIONS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_is_answered_by_a_calm_page(
    client: Client, publish: Publish, question: dict[str, str]
) -> None:
    if not Project.objects.exists():
        publish()
    query = urlencode(question, errors="replace")
    for path in ("/projects/", "/"):
        assert client.get(f"{path}?{query}").status_code == 200
    assert client.get(f"/api/v1/projects?{query}").status_code == 200


def test_what_still_lacks_something_comes_before_what_is_covered(client: Client, publish: Publish) -> None:
    covered = publish(tier="critical", urgency=0, covered_percent=100)
    waiting = publish(tier="departmental", urgency=2)
    shown = [project.number for project in client.get("/projects/").context["results"]]
    assert shown == [waiting.number, covered.number]


def test_where_no_single_filter_is_to_blame_each_is_offered_alone(
    client: Client, publish: Callable[..., Project]
) -> None:
    publish(tier="joint")
    page = client.get("/projects/?tier=critical&kind=service&cause=illness")
    assert [one.query for one in page.context["alone"]] == ["cause=illness"]
    assert "只按“致困原因”" in page.content.decode()
    assert not client.get("/projects/?tier=critical&cause=illness").context["alone"]
