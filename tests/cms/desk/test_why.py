"""Why, and why not: what desk and portal read out of a run, and what neither may."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cms.reasons import CHANGES, OF_ITEM, OF_PAIR, OF_REST, OF_SUPPLY, change_words
from cms.wording import FAILED, PASSED
from jiujinan.accounts.models import User
from matching.engine import Outcome, Rule
from matching.explaining import Change
from matching.models import MatchRun, Proposal
from matching.services.runs import run_matching
from needs.models import GateDecision, Need
from tests.town import COUNTY, NEXT_COUNTY, Town

SignIn = Callable[[User], Client]


@pytest.fixture
def now_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.town.NOW", timezone.now())


def run(town: Town) -> MatchRun:
    return run_matching(by=town.chen, now=timezone.now())


def open_need(town: Town, **facts: object) -> Need:
    return town.let_through(town.verified(**facts))


@pytest.mark.usefixtures("now_is_today")
def test_the_desk_sees_why_an_item_found_nothing_and_the_smallest_change(
    town: Town, signed_in: SignIn
) -> None:
    need = open_need(town)
    fund = town.fund(yuan=9000, regions=[NEXT_COUNTY], name="临溪基金")
    run(town)
    client = signed_in(town.zhou)
    page = client.get(f"/admin/desk/{need.case_id}/why/").content.decode()
    assert "没有任何资源符合它的全部条件" in page
    assert "临溪基金" in page
    assert "青禾县" in page  # the place that it would have to serve
    item = need.items.get()
    pair = client.get(
        f"/admin/desk/{need.case_id}/why/", {"item": item.pk, "supply": fund.pk}
    ).content.decode()
    assert "这项资源不能用于这个事项" in pair
    found = client.get(f"/admin/desk/{need.case_id}/why/", {"q": "临溪"}).content.decode()
    assert f"supply={fund.pk}" in found
    wrong = client.get(f"/admin/desk/{need.case_id}/why/", {"item": item.pk, "supply": "nonsense"})
    assert wrong.status_code == 404
    assert signed_in(town.chen).get(f"/admin/desk/{need.case_id}/why/").status_code in {302, 403}


@pytest.mark.usefixtures("now_is_today")
def test_the_desk_sees_why_an_item_got_what_it_got(town: Town, signed_in: SignIn) -> None:
    need = open_need(town)
    fund = town.fund(yuan=9000, name="甲基金")
    made = run(town)
    page = signed_in(town.zhou).get(f"/admin/desk/{need.case_id}/why/").content.decode()
    assert "提出的方案已覆盖全部缺口" in page
    assert Proposal.objects.filter(run=made, fund=fund).exists()
    assert "甲基金" in page


def test_before_the_first_run_the_pages_say_so(town: Town, signed_in: SignIn) -> None:
    need, fund = town.verified(), town.fund()
    desk = signed_in(town.zhou)
    for page in (f"/admin/desk/{need.case_id}/why/", "/admin/desk/where-next/"):
        assert "还没有进行过匹配" in desk.get(page).content.decode()
    assert "还没有进行过匹配" in signed_in(town.chen).get(f"/portal/funds/{fund.pk}/why/").content.decode()


@pytest.mark.usefixtures("now_is_today")
def test_a_fund_sees_why_nothing_came_and_nothing_of_the_household(town: Town, signed_in: SignIn) -> None:
    need = open_need(town, groups=["disabled_person"], government_done=False)
    fund = town.fund(yuan=9000, groups=["orphan"], government_first=True)
    run(town)
    project = GateDecision.objects.get(need=need).project
    assert project is not None
    client = signed_in(town.chen)
    page = f"/portal/funds/{fund.pk}/why/"
    assert "没有任何待助需求符合它的全部条件" in client.get(page).content.decode()
    pair = client.get(page, {"project": project.number}).content.decode()
    assert "有一项该项目未说明的条件不符合" in pair
    told = pair.split('id="pair-title"')[1]
    assert "人群" not in told
    assert "政府" not in told
    assert "没有这个编号" in client.get(page, {"project": "none"}).content.decode()
    assert signed_in(town.qian).get(page).status_code == 404


@pytest.mark.usefixtures("now_is_today")
def test_a_fund_cannot_ask_where_a_project_lies_that_tells_no_county(town: Town, signed_in: SignIn) -> None:
    need = open_need(town)
    funds = [town.fund(yuan=9000, regions=[place]) for place in (COUNTY, NEXT_COUNTY)]
    town.fund(yuan=9000)
    run(town)
    project = GateDecision.objects.get(need=need).project
    assert project is not None
    assert project.region_id != COUNTY
    client = signed_in(town.chen)
    for fund in funds:
        if Proposal.objects.filter(fund=fund).exists():
            continue
        page = client.get(f"/portal/funds/{fund.pk}/why/", {"project": project.number}).content.decode()
        told = page.split('id="pair-title"')[1]
        assert "地区" not in told
        assert "青禾县" not in page
    assert "青禾县" not in client.get(f"/portal/funds/{funds[1].pk}/why/").content.decode()


@pytest.mark.usefixtures("now_is_today")
def test_an_agency_sees_why_nobody_was_referred_to_it(town: Town, signed_in: SignIn) -> None:
    open_need(town, items=[{"kind": "service", "category": "care", "unit": "session", "required": 2}])
    offer = town.offer(sessions=5)
    run(town)
    page = signed_in(town.luo).get(f"/portal/supplies/offers/{offer.pk}/why/")
    assert page.status_code == 200
    assert "所需帮助不符合用途" in page.content.decode()
    assert signed_in(town.liang).get(f"/portal/supplies/offers/{offer.pk}/why/").status_code == 404
    assert signed_in(town.luo).get(f"/portal/supplies/pairings/{offer.pk}/why/").status_code == 404


@pytest.mark.usefixtures("now_is_today")
def test_where_next_tells_large_cells_and_withholds_small_ones(town: Town, signed_in: SignIn) -> None:
    for place in range(24):
        open_need(town, region=COUNTY if place else NEXT_COUNTY)
    run(town)
    page = signed_in(town.zhou).get("/admin/desk/where-next/", {"width": "prefecture"}).content.decode()
    assert "云川市" in page
    assert "约20" in page
    narrow = signed_in(town.chen).get("/portal/where-next/", {"width": "county"}).content.decode()
    assert "临溪县" not in narrow


@pytest.mark.usefixtures("now_is_today")
def test_the_page_of_a_case_asks_as_much_however_large_the_run(town: Town, signed_in: SignIn) -> None:
    need = open_need(town)
    client = signed_in(town.zhou)

    def queries() -> int:
        run(town)
        client.get(f"/admin/desk/{need.case_id}/why/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/admin/desk/{need.case_id}/why/")
        return len(asked)

    one = queries()
    for _ in range(4):
        open_need(town)
    assert queries() == one


def test_every_code_of_the_engine_has_its_words_in_both_languages(town: Town) -> None:
    rules = {str(rule.name).lower() for rule in Rule}
    assert rules <= set(FAILED)
    assert rules <= set(PASSED)
    assert {one.name.lower() for one in Outcome} <= set(OF_ITEM) | set(OF_REST) | set(OF_SUPPLY) | set(
        OF_PAIR
    )
    changes = [Change(rule, 1) for rule in sorted(rules)]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for change in changes:
                assert change_words(change) not in rules
    assert set(CHANGES) <= rules


@pytest.mark.usefixtures("now_is_today")
def test_the_desk_sees_what_was_compared_the_rank_and_the_price(town: Town, signed_in: SignIn) -> None:
    need, other = open_need(town, yuan=3000), open_need(town, yuan=4000)
    fund = town.fund(yuan=3500, regions=[COUNTY], per_case_cap_fen=320_000, name="甲基金")
    run(town)
    client = signed_in(town.zhou)
    words = [
        client.get(
            f"/admin/desk/{one.case_id}/why/", {"item": one.items.get().pk, "supply": fund.pk}
        ).content.decode()
        for one in (need, other)
    ]
    for page in words:
        assert "3,200" in page  # the cap
        assert "云川市 青禾县；服务范围：云川市 青禾县" in page
        assert "它每多一元，可惠及排序第" in page
    assert any("中排第 1 位" in page for page in words)
