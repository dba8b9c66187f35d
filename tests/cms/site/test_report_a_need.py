"""Reporting a need without an account, and following it by its number."""

import re
import secrets
import time

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cms.site.models import HomePage
from cms.site.services import build_site
from needs.discovery.models import NeedReport
from tests.town import COUNTY, NOW, PREFECTURE, Town, build_town

PAGE, TRACK = "/report-a-need/", "/track/"


def token(monkeypatch: pytest.MonkeyPatch, *, age: int = 60) -> str:
    """Return the name of a form that was shown so many seconds ago."""
    shown_at = time.time() - age
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: shown_at)
        return TimestampSigner(salt="report-a-need").sign(secrets.token_urlsafe(16))


def filled(name: str, **answers: str) -> dict[str, str]:
    return {
        "whose": "own",
        "region": COUNTY,
        "story": "房屋起火，没有住处",
        "phone": "13900000000",
        "token": name,
        **answers,
    }


def number_in(content: str) -> str:
    found = re.search(r'class="tracking"[^>]*>([A-Z0-9-]+)<', content)
    assert found is not None
    return found[1]


def test_a_report_is_taken_in_and_its_number_shows_how_it_goes(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "120" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, filled(token(monkeypatch), in_danger="on"))
    assert answer.status_code == 200
    assert NeedReport.objects.get().tier == "critical"
    shown = client.post(TRACK, {"number": number_in(answer.content.decode()).lower()})
    assert "您的上报已收到" in shown.content.decode()


def test_what_is_missing_is_listed_above_the_form_with_the_way_to_each_field(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post(PAGE, {"whose": "own", "token": token(monkeypatch)})
    page = answer.content.decode()
    above, _, form = page.partition('name="whose"')
    assert 'role="alert"' in above
    for name in ("region", "story", "phone"):
        assert f'href="#id_{name}"' in above
        assert f'id="id_{name}"' in form
    assert "请填写此项" in above
    assert "<title>请更正" in page
    assert 'role="alert"' not in client.get(PAGE).content.decode()


def test_the_page_of_the_number_tells_nothing_of_the_report(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post(PAGE, filled(token(monkeypatch), cause="disaster", person_name="测试丙"))
    shown = client.post(TRACK, {"number": number_in(answer.content.decode())}).content.decode()
    for private in ("起火", "青禾", "13900000000", "测试丙", "灾"):
        assert private not in shown


def test_what_was_typed_stays_when_something_is_wrong(client: Client, site: HomePage) -> None:
    answer = client.post(PAGE, filled("made-up", phone="12"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "房屋起火" in page
    assert "11 位" in page
    assert not NeedReport.objects.exists()


@pytest.mark.parametrize(("age", "taken"), [(1, False), (60, True), (25 * 3600, False)])
def test_a_form_that_is_too_quick_or_too_old_is_shown_once_more(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch, age: int, taken: bool
) -> None:
    client.post(PAGE, filled(token(monkeypatch, age=age)))
    assert NeedReport.objects.exists() is taken


def test_a_machine_that_fills_in_everything_is_turned_away(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post(PAGE, filled(token(monkeypatch), website="x"))
    assert answer.status_code == 422
    assert not NeedReport.objects.exists()


def test_past_the_limit_the_words_are_kept_and_the_telephone_is_named(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in range(6):
        answer = client.post(PAGE, filled(token(monkeypatch), phone=f"1390000000{line}"))
    assert answer.status_code == 422
    assert "12345" in answer.content.decode()
    assert "房屋起火" in answer.content.decode()


def test_a_wrong_number_is_told_from_an_unknown_one(client: Client, site: HomePage) -> None:
    assert "看错" in client.post(TRACK, {"number": "ABCD"}).content.decode()
    assert client.post(TRACK, {"number": "22222222222A"}).status_code == 422


def test_guessing_is_stopped(client: Client, site: HomePage) -> None:
    from needs.discovery.numbers import number_for

    for guess in range(31):
        answer = client.post(TRACK, {"number": number_for(str(guess), key=b"k" * 32)})
    assert "十分钟" in answer.content.decode()


def test_without_an_office_the_page_names_the_telephone(client: Client, site: HomePage, town: Town) -> None:
    type(town.desk).objects.filter(pk=town.desk.pk).update(kind="charity")
    assert "12345" in client.get(PAGE).content.decode()


def test_the_pages_are_never_kept(client: Client, site: HomePage) -> None:
    for page in (PAGE, TRACK):
        assert "no-store" in client.get(page)["Cache-Control"]


class AnyAnswers(TestCase):
    """Whatever is sent, the page is calm."""

    def setUp(self) -> None:
        build_town()
        build_site(now=NOW)

    @settings(max_examples=25, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["whose", "region", "story", "phone", "token", "cause", "website", "number"]),
            st.text(max_size=40).filter(lambda text: "\x00" not in text),
        )
    )
    def test_no_answers_break_the_pages(self, answers: dict[str, str]) -> None:
        client = Client()
        for page in (PAGE, TRACK):
            assert client.post(page, answers).status_code in {200, 422}
        assert client.get(PAGE, {"in": answers.get("region", PREFECTURE)}).status_code == 200
