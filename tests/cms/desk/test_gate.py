"""The gate's page: the class, each coarser step and what is masked, in both languages, before anybody decides."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from jiujinan.accounts.models import User
from needs.models import GateDecision, Need
from needs.services.gate import decide
from tests.town import Town

SignIn = Callable[[User], Client]


@pytest.fixture
def need(town: Town, monkeypatch: pytest.MonkeyPatch) -> Need:
    monkeypatch.setattr("tests.town.NOW", timezone.now())
    for cause in ("illness", "disability", "accident"):
        town.crowd(9, cause=cause)
    return town.verified()


def page(client: Client, need: Need) -> str:
    response = client.get(f"/admin/desk/{need.case_id}/gate/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_the_page_says_what_the_gate_would_do_and_decides_nothing(
    town: Town, signed_in: SignIn, need: Need
) -> None:
    shown = page(signed_in(town.wu), need)
    assert "发布把关会按以下粗细公开" in shown
    assert shown.count("<rect") > 9
    assert "每放粗一级会怎样" in shown
    assert "已遮去" in shown  # age is never told
    assert 'name="act" value="publish"' in shown
    assert not GateDecision.objects.exists()
    decision = decide(need=need, by=town.wu, now=timezone.now())
    for measured in (decision.measures["k_ref"], decision.measures["k_case"]):
        assert f'<td class="desk-number">{measured}</td>' in shown
    assert "目前按以下粗细公开" in page(signed_in(town.wu), need)


def test_a_need_that_would_be_held_says_why(town: Town, signed_in: SignIn) -> None:
    lonely = town.verified()
    shown = page(signed_in(town.wu), lonely)
    assert "发布把关会扣下此需求" in shown
    assert "<strong>否</strong>" in shown
    withdrawn = town.verified(consent_on=None)
    assert "没有取得单独的公开同意" in page(signed_in(town.wu), withdrawn)


def test_only_the_desk_of_the_region_looks(town: Town, signed_in: SignIn, need: Need) -> None:
    assert signed_in(town.chen).get(f"/admin/desk/{need.case_id}/gate/").status_code in {302, 403}


def test_an_officer_sees_the_risk_and_no_button(town: Town, signed_in: SignIn, need: Need) -> None:
    assert 'value="publish"' not in page(signed_in(town.lin), need)


def test_the_page_reads_english(town: Town, signed_in: SignIn, need: Need) -> None:
    client = signed_in(town.wu)
    client.cookies["django_language"] = "en"
    assert "The gate would publish it at these levels" in page(client, need)
