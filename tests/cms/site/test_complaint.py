"""Complaining without an account: an owner, a deadline, a number; what might point to a person is taken down first."""

import re
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cms.site.models import HomePage
from cms.site.services import build_site
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from jiujinan.clocks.models import Clock
from needs.discovery.models import Complaint
from needs.discovery.services import forget_origins
from needs.models import Need, Project
from needs.services import crowd
from needs.services.gate import decide
from tests.town import COUNTY, NOW, Town, build_town

PAGE, TRACK = "/complaint/", "/track/"


def token(monkeypatch: pytest.MonkeyPatch, *, age: int = 60) -> str:
    shown_at = time.time() - age
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: shown_at)
        return TimestampSigner(salt="complaint").sign(secrets.token_urlsafe(16))


def filled(form: str, /, **answers: str) -> dict[str, str]:
    return {"kind": "wrong_fact", "region": COUNTY, "words": "这里写错了王五的事", "token": form, **answers}


def number_in(content: str) -> str:
    found = re.search(r'class="tracking"[^>]*>([A-Z0-9-]+)<', content)
    assert found is not None
    return found[1]


@pytest.fixture
def shown(site: HomePage, town: Town) -> Project:
    """A project that passed the gate, among its crowd."""
    now = timezone.now()
    need = town.verified()
    for cause in ("illness", "accident", "schooling"):
        town.crowd(24, cause=cause)
    Need.objects.update(verified_at=now)
    decide(need=need, by=town.wu, now=now, plan=crowd.plan(now=now))
    return Project.objects.get()


def test_a_complaint_has_an_owner_a_deadline_and_a_number(
    client: Client, site: HomePage, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filled(token(monkeypatch), phone="13900000000")
    number = number_in(client.post(PAGE, form).content.decode())
    assert number_in(client.post(PAGE, form).content.decode()) == number  # a second click
    complaint = Complaint.objects.get()
    assert complaint.owner == town.lin
    assert Clock.objects.get(subject=f"complaint:{complaint.pk}", ended_at=None).due_at == complaint.due_at
    assert "收到" in client.post(TRACK, {"number": number}).content.decode()


def test_nothing_of_it_is_kept_in_plain(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(PAGE, filled(token(monkeypatch), name="王五", phone="13900000000"))
    kept = str(Complaint.objects.values().get())
    assert "王五" not in kept
    assert "13900000000" not in kept
    assert forget_origins(now=timezone.now() + timedelta(days=2)) == 1


def test_about_conduct_a_supervisor_answers(
    client: Client, site: HomePage, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = User.objects.create(username="boss")
    join(user=boss, organisation=town.desk, role=Role.SUPERVISOR)
    client.post(PAGE, filled(token(monkeypatch), kind="conduct"))
    assert Complaint.objects.get().owner == boss


def test_a_project_that_might_point_to_a_person_goes_first_and_is_looked_into_after(
    client: Client,
    shown: Project,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[User], Client],
) -> None:
    page = client.get(f"{PAGE}?project={shown.number}").content.decode()
    assert f'value="{shown.number}"' in page
    sent = filled(token(monkeypatch), kind="points_to_person", project=shown.number.lower(), region="")
    number = number_in(client.post(PAGE, sent).content.decode())
    complaint = Complaint.objects.get()
    desk = signed_in(town.lin)
    address = f"/admin/desk/complaints/{complaint.pk}/"
    assert "王五" not in desk.get(address).content.decode()
    refused = desk.post(f"{address}act/", {"act": "look_into"}, follow=True).content.decode()
    assert "先撤下" in refused
    assert client.get(f"/projects/{shown.number}/").status_code == 200
    desk.post(f"{address}act/", {"act": "take_down"})
    assert Client().get(f"/projects/{shown.number}/").status_code == 410
    desk.post(f"{address}act/", {"act": "look_into"})
    assert "王五" in desk.post(f"{address}open/", {"reason": "核查投诉"}).content.decode()
    desk.post(f"{address}act/", {"act": "answer", "outcome": "taken_down", "reason": "已撤下并告知"})
    assert not Clock.objects.filter(subject=f"complaint:{complaint.pk}", ended_at=None).exists()
    assert "项目已撤下" in Client().post(TRACK, {"number": number}).content.decode()


def test_an_answer_needs_its_words(
    client: Client, site: HomePage, town: Town, monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    client.post(PAGE, filled(token(monkeypatch)))
    desk, complaint = signed_in(town.lin), Complaint.objects.get()
    answer = desk.post(
        f"/admin/desk/complaints/{complaint.pk}/act/", {"act": "answer", "outcome": "corrected"}
    )
    assert answer.status_code == 422
    assert desk.get("/admin/desk/complaints/?state=all&kind=wrong_fact").status_code == 200


def test_nobody_of_another_place_sees_it(
    client: Client, site: HomePage, town: Town, monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    client.post(PAGE, filled(token(monkeypatch)))
    complaint = Complaint.objects.get()
    assert signed_in(town.chen).get("/admin/desk/complaints/").status_code in {302, 403}
    type(town.desk).objects.filter(pk=town.desk.pk).update(region_id="990122")
    assert signed_in(town.lin).get(f"/admin/desk/complaints/{complaint.pk}/").status_code == 404


@pytest.mark.parametrize("wrong", [{"project": "NOTHING9"}, {"region": ""}, {"website": "x"}, {"phone": "1"}])
def test_what_is_wrong_is_said_and_every_word_kept(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    answer = client.post(PAGE, filled(token(monkeypatch), **wrong))
    assert answer.status_code == 422
    assert "这里写错了" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_machine_is_stopped(client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        answer = client.post(PAGE, filled(token(monkeypatch)))
    assert answer.status_code == 422
    assert "12345" in answer.content.decode()
    assert client.post(PAGE, filled(token(monkeypatch, age=0))).status_code == 422


class AnyAnswers(TestCase):
    """Whatever is sent, the page is calm."""

    def setUp(self) -> None:
        build_town()
        build_site(now=NOW)

    @settings(max_examples=25, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["kind", "region", "words", "phone", "token", "project", "website", "name"]),
            st.text(max_size=40).filter(lambda text: "\x00" not in text),
        )
    )
    def test_no_answers_break_the_page(self, answers: dict[str, str]) -> None:
        assert Client().post(PAGE, answers).status_code in {200, 422}
        assert Client().get(PAGE, {"project": answers.get("project", "")}).status_code == 200
