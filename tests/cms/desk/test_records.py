"""What a case keeps on record: who took a consent, minutes and evidence under seal, a consent that is taken back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.audit.models import AuditEntry
from jiujinan.clocks.models import Clock
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import notify
from needs.discovery.models import NeedReport, Visit, WatchEntry, WatchGroup
from needs.discovery.rules import Whose
from needs.discovery.services import FirstWord, add_by_hand, record_visit, ring_for_visits, take_in
from needs.intake.services import import_cases
from needs.models import CaseRecord, Conference, Consent, IntegrityFlag, Need
from needs.services.checks import give_consent
from needs.services.conferences import hold_conference
from needs.services.flags import raise_flag
from needs.services.gate import decide
from needs.services.measuring import standing_plan
from tests.needs.intake.casefiles import case_row, file_of
from tests.town import COUNTY, NOW, Town

SignIn = Callable[[User], Client]


@pytest.fixture
def zheng(town: Town) -> User:
    """The supervisor of the prefecture's desk."""
    user = register_person(username="zheng", full_name="郑督导", password=None)
    join(user=user, organisation=town.desk, role=Role.SUPERVISOR)
    return user


@pytest.fixture
def conference(town: Town, zheng: User) -> Conference:
    return hold_conference(
        case=town.case(), held_on=date(2026, 7, 5), participants=[town.lin, town.zhou, zheng], guests="",
        minutes="张三的母亲住院三个月", decision="hard_case", reason="情况特殊", by=town.lin, now=NOW,
    )  # fmt: skip


@pytest.fixture
def flag(town: Town) -> IntegrityFlag:
    return raise_flag(
        case=town.case(), kind="false_statement", evidence="李四名下有两套房", decision_number="云民决〔2026〕1号",
        by=town.zhou, now=NOW,
    )  # fmt: skip


def test_minutes_are_read_against_a_reason_and_the_reading_is_in_the_trail(
    town: Town, conference: Conference, signed_in: SignIn
) -> None:
    client, words = signed_in(town.zhou), "住院三个月"
    page, address = f"/admin/desk/{conference.case_id}/", f"open/minutes/{conference.pk}/"
    assert words not in client.get(page).content.decode()
    assert words not in client.post(page + address, {"reason": " "}, follow=True).content.decode()
    assert not AuditEntry.objects.filter(action="sealed.opened").exists()
    opened = client.post(page + address, {"reason": "复核会商决定"})
    assert words in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    entry = AuditEntry.objects.get(action="sealed.opened")
    assert (entry.by, entry.reason, entry.subject, entry.data) == (
        town.zhou,
        "复核会商决定",
        f"case:{conference.case_id}",
        {"fields": ["minutes"], "rows": 1, "region": COUNTY},
    )
    assert words not in client.get(page).content.decode()


def test_evidence_is_read_the_same_way_and_not_through_another_case(
    town: Town, flag: IntegrityFlag, signed_in: SignIn
) -> None:
    client, own = signed_in(town.zhou), CaseRecord.objects.get(household=flag.household_id)
    other = town.case()
    assert (
        client.post(f"/admin/desk/{other.pk}/open/evidence/{flag.pk}/", {"reason": "看看"}).status_code == 404
    )
    assert client.post(f"/admin/desk/{own.pk}/open/nothing/{flag.pk}/", {"reason": "看看"}).status_code == 404
    opened = client.post(f"/admin/desk/{own.pk}/open/evidence/{flag.pk}/", {"reason": "复核证据"})
    assert "两套房" in opened.content.decode()
    assert AuditEntry.objects.get(action="sealed.opened").data["fields"] == ["evidence"]


@pytest.mark.parametrize("person", ["wu", "chen", "luo"])
def test_who_records_nothing_reads_neither(
    town: Town, conference: Conference, signed_in: SignIn, person: str
) -> None:
    address = f"/admin/desk/{conference.case_id}/open/minutes/{conference.pk}/"
    answer = signed_in(getattr(town, person)).post(address, {"reason": "看看"})
    assert "住院三个月" not in answer.content.decode()
    assert not AuditEntry.objects.filter(action="sealed.opened").exists()


def test_neither_lies_open_in_the_database(conference: Conference, flag: IntegrityFlag) -> None:
    with connection.cursor() as cursor:
        for table, column in (("needs_conference", "minutes"), ("needs_integrityflag", "evidence")):
            cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608  # two names of ours
            (kept,) = cursor.fetchone()
            assert "住院".encode() not in bytes(kept)
            assert "两套房".encode() not in bytes(kept)


def test_a_visitors_note_is_read_against_a_reason(town: Town, signed_in: SignIn) -> None:
    case = town.case()
    group = WatchGroup.objects.create(
        code="elders", name_zh="独居老人", name_en="Elders", rule={"group": "elder"}, every_days=30
    )
    entry = add_by_hand(household=case.household, group=group, reason="独居", by=town.lin, now=NOW)
    record_visit(
        entry=entry, on=NOW.date(), found=Visit.Found.WELL, note="王五家门口有台阶", by=town.lin, now=NOW
    )
    visit, client = Visit.objects.get(), signed_in(town.lin)
    page = f"/admin/desk/visits/{entry.pk}/"
    assert "台阶" not in client.get(page).content.decode()
    opened = client.post(f"{page}notes/{visit.pk}/", {"reason": "安排无障碍改造"})
    assert "台阶" in opened.content.decode()
    assert AuditEntry.objects.get(action="sealed.opened").subject == f"case:{case.pk}"


def test_the_case_shows_who_took_a_consent_and_who_recorded_its_withdrawal(
    town: Town, signed_in: SignIn
) -> None:
    case = town.case(consent_on=None)
    give_consent(
        case=case, kind="publication", scope="匿名公开", given_by="guardian", given_on=date(2026, 7, 2),
        by=town.lin, now=NOW,
    )  # fmt: skip
    client = signed_in(town.zhou)
    page = client.get(f"/admin/desk/{case.pk}/").content.decode()
    assert "由 Lin 受理" in page
    form = {"kind": "publication", "withdrawn_on": "2026-07-04", "reason": "本人撤回"}
    assert client.post(f"/admin/desk/{case.pk}/form/withdraw_consent/", form).status_code == 302
    consent = Consent.objects.get()
    assert (consent.withdrawn_on, consent.withdrawal_by) == (date(2026, 7, 4), town.zhou)
    page = client.get(f"/admin/desk/{case.pk}/").content.decode()
    assert "2026-07-04</strong> (Zhou)" in page


def test_a_consent_that_a_file_told_is_shown_as_such(town: Town, signed_in: SignIn) -> None:
    import_cases(file=file_of(case_row()), by=town.lin, now=NOW, batch="first")
    case = CaseRecord.objects.get()
    assert "由来源告知：民政" in signed_in(town.zhou).get(f"/admin/desk/{case.pk}/").content.decode()


def test_a_consent_taken_back_at_the_desk_takes_the_project_out_of_every_public_place(
    town: Town, signed_in: SignIn
) -> None:
    town.crowd(30, yuan=9_000)
    need = town.verified(yuan=9_000)
    standing_plan(now=NOW)
    decision = decide(need=need, by=town.wu, now=NOW)
    assert decision.project is not None
    public = Client()
    address = "/api/v1/projects"
    assert [one["number"] for one in public.get(address).json()["results"]] == [decision.project.number]
    client, case = signed_in(town.lin), need.case_id
    page = client.get(f"/admin/desk/{case}/").content.decode()
    assert f"/admin/desk/{case}/form/withdraw_consent/" in page
    wrong = client.post(
        f"/admin/desk/{case}/form/withdraw_consent/",
        {"kind": "publication", "withdrawn_on": "2099-01-01", "reason": "本人撤回"},
    )
    assert wrong.status_code == 422
    done = client.post(
        f"/admin/desk/{case}/form/withdraw_consent/",
        {"kind": "publication", "withdrawn_on": "2026-07-06", "reason": "本人撤回"},
    )
    assert done.status_code == 302
    cache.clear()
    assert public.get(address).json()["results"] == []
    assert Need.objects.get(pk=need.pk).state in {"withdrawn", "verified"}
    decision.refresh_from_db()
    assert decision.withdrawn_at is not None
    again = client.get(f"/admin/desk/{case}/form/withdraw_consent/")
    assert again.status_code == 302
    trail = AuditEntry.objects.filter(stream=f"case:{case}", action="case.consent_withdrawn").get()
    assert (trail.by, trail.reason) == (town.lin, "本人撤回")


def test_my_day_leads_to_what_waits(town: Town, signed_in: SignIn) -> None:
    take_in(
        word=FirstWord(token="d-1", whose=Whose.OWN, region=COUNTY, story="押金不够"),
        origin="192.0.2.1",
        now=NOW,
    )
    report = NeedReport.objects.get()
    case = town.case()
    group = WatchGroup.objects.create(
        code="elders", name_zh="独居老人", name_en="Elders", rule={"group": "elder"}, every_days=30
    )
    add_by_hand(household=case.household, group=group, reason="独居", by=town.lin, now=NOW)
    WatchEntry.objects.update(next_visit_on=date(2026, 1, 1))
    ring_for_visits(now=NOW)
    assert Clock.objects.filter(owner=town.lin, step=Step.VISIT).exists()
    notify(to=town.lin, kind="told", subject="fund:1", label="没有页面的事", key="x", now=NOW)
    page = signed_in(town.lin).get("/admin/desk/day/").content.decode()
    main = page.partition('class="nice-padding desk"')[2]
    for address in (f"/admin/desk/reports/{report.pk}/", f"/admin/desk/{case.pk}/", "/admin/desk/visits/"):
        assert f'href="{address}"' in main
    assert "没有页面的事" in main
