"""The desk finds people: reports, watch lists and visits, within one's region."""

from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.audit.models import AuditEntry
from needs.discovery.models import NeedReport, WatchEntry, WatchGroup
from needs.discovery.rules import Whose
from needs.discovery.services import FirstWord, refresh_lists, take_in
from tests.cms.desk.test_desk import of_county
from tests.town import COUNTY, NEXT_COUNTY, PREFECTURE, Town

SignIn = Callable[[User], Client]
DESK = "/admin/desk/"
tokens = count()


def reported(*, region: str = COUNTY, by: User | None = None) -> NeedReport:
    word = FirstWord(
        token=f"desk-{next(tokens)}",
        whose=Whose.OTHER,
        region=region,
        story="老人摔倒无人照料",
        phone="13900000000",
    )
    take_in(word=word, origin="", by=by, now=timezone.now())
    return NeedReport.objects.latest("received_at")


def act(client: Client, report: NeedReport, **told: str) -> int:
    return client.post(f"{DESK}reports/{report.pk}/act/", told).status_code


def test_what_was_told_stays_sealed_until_it_is_opened_with_a_reason(town: Town, signed_in: SignIn) -> None:
    report, client = reported(by=town.lin), signed_in(town.lin)
    page = f"{DESK}reports/{report.pk}/"
    assert "摔倒" not in client.get(page).content.decode()
    assert client.post(f"{page}open/", {"reason": ""}).status_code == 422
    assert "摔倒" in client.post(f"{page}open/", {"reason": "回电核实"}).content.decode()


def test_a_report_goes_from_the_call_to_the_case(town: Town, signed_in: SignIn) -> None:
    report, client, case = reported(by=town.lin), signed_in(town.lin), town.case()
    assert act(client, report, act="contact") == 302
    assert act(client, report, act="file", number="nothing") == 422
    assert act(client, report, act="file", number=case.number) == 302
    report.refresh_from_db()
    assert (report.state, report.case) == ("filed", case)
    assert act(client, report, act="answer", answer="advised", reason="已办") == 302
    report.refresh_from_db()
    assert report.state == "filed"


def test_an_officer_sees_the_reports_of_her_region_alone(town: Town, signed_in: SignIn) -> None:
    mine, theirs = reported(by=town.lin), reported(region=NEXT_COUNTY, by=town.lin)
    client = signed_in(of_county(town, COUNTY))
    page = client.get(f"{DESK}reports/").content.decode()
    assert str(mine.pk) in page
    assert str(theirs.pk) not in page
    assert client.get(f"{DESK}reports/{theirs.pk}/").status_code == 404
    assert act(client, theirs, act="contact") == 404


def test_those_who_verify_may_look_but_not_answer(town: Town, signed_in: SignIn) -> None:
    report = reported(by=town.lin)
    act(signed_in(town.zhou), report, act="contact")
    act(signed_in(town.lin), report, act="fly")
    report.refresh_from_db()
    assert report.state == "received"


def test_a_caller_gets_a_number_and_the_officer_the_clock(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    told = {
        "channel": "hotline", "whose": "own", "region": COUNTY, "tier": "critical", "story": "断药", "token": "t1",
        "phone": "139-0000-0000",
    }  # fmt: skip
    answer = client.post(f"{DESK}reports/new/", told, follow=True)
    assert "查询编号" in answer.content.decode()
    assert NeedReport.objects.get().owner == town.lin
    assert client.post(f"{DESK}reports/new/", {**told, "token": "t2", "phone": "x"}).status_code == 422


def test_a_list_asks_the_database_the_same_number_of_times(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)

    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    reported(by=town.lin)
    town.case(groups=["orphan"])
    refresh_lists(now=timezone.now())
    pages = [f"{DESK}{page}" for page in ("reports/?state=all", "visits/", "watch-groups/", "channels/")]
    for page in pages:
        client.get(page)
    one = [queries(page) for page in pages]
    for _ in range(4):
        reported(by=town.lin)
        town.case(groups=["orphan"])
    refresh_lists(now=timezone.now())
    assert [queries(page) for page in pages] == one


@pytest.fixture
def entry(town: Town) -> WatchEntry:
    town.case(groups=["orphan"])
    refresh_lists(now=timezone.now())
    return WatchEntry.objects.get(group__code="orphans")


def test_a_visit_list_is_printed_with_names_for_a_reason_that_every_case_keeps(
    town: Town, signed_in: SignIn, entry: WatchEntry
) -> None:
    client = signed_in(town.lin)
    assert "测试人" not in client.get(f"{DESK}visits/").content.decode()
    assert "测试人" in client.post(f"{DESK}visits/names/", {"reason": "本周走访"}).content.decode()
    refused = signed_in(town.zhou).post(f"{DESK}visits/names/", {"reason": "看看"})
    assert "测试人" not in refused.content.decode()
    assert AuditEntry.objects.filter(action="sealed.opened").count() == 1


def test_a_visit_that_finds_something_opens_a_report(
    town: Town, signed_in: SignIn, entry: WatchEntry
) -> None:
    client, page = signed_in(town.lin), f"{DESK}visits/{entry.pk}/"
    today = timezone.localdate().isoformat()
    assert client.post(page, {"on": today, "found": "urgent", "note": ""}).status_code == 422
    assert client.post(page, {"on": "2999-01-01", "found": "well", "note": ""}).status_code == 422
    answer = client.post(page, {"on": today, "found": "urgent", "note": "断粮"}, follow=True)
    assert answer.status_code == 200
    assert NeedReport.objects.get().visit.entry == entry


def test_a_household_is_put_on_a_list_by_hand_and_taken_off(
    town: Town, signed_in: SignIn, entry: WatchEntry
) -> None:
    client, case = signed_in(town.lin), town.case()
    border = WatchGroup.objects.get(code="border")
    told = {"group": str(border.pk), "reason": "边境务工返乡"}
    assert client.post(f"{DESK}watch/{case.pk}/", told).status_code == 302
    mine = WatchEntry.objects.get(by_hand=True)
    assert client.get(f"{DESK}visits/{mine.pk}/").status_code == 200
    client.post(f"{DESK}visits/{mine.pk}/off/", {"reason": "已外迁"})
    mine.refresh_from_db()
    assert mine.ended_at is not None
    assert client.post(f"{DESK}watch/{case.pk}/", {"group": "²", "reason": "边境"}).status_code == 404


def test_a_group_of_ones_own_region_says_which_part_of_its_rule_is_wrong(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.lin)
    told = {
        "code": "own", "region": PREFECTURE, "name_zh": "本地", "name_en": "Local", "every_days": "10",
        "rule": '{"all": [{"weather": "wet"}]}', "is_active": "on",
    }  # fmt: skip
    wrong = client.post(f"{DESK}watch-groups/new/", told)
    assert wrong.status_code == 422
    assert "rule.all[0].weather" in wrong.content.decode()
    assert (
        client.post(f"{DESK}watch-groups/new/", {**told, "rule": '{"not": {"group": "elder"}}'}).status_code
        == 302
    )
    group = WatchGroup.objects.get(code="own")
    assert "not" in client.get(f"{DESK}watch-groups/{group.pk}/").context["form"].initial["rule"]


def test_a_group_is_made_by_choosing_conditions(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    told = {"region": PREFECTURE, "name_zh": "高龄独居", "every_days": "7", "is_active": "on"}
    conditions = {"circle": "basic", "everybody_from_age": "80", "size_up_to": "1"}
    nothing = client.post(f"{DESK}watch-groups/new/", told)
    assert nothing.status_code == 422
    assert "请至少选择一个条件" in nothing.content.decode()
    both = client.post(f"{DESK}watch-groups/new/", {**told, **conditions, "rule": '{"group": "elder"}'})
    assert both.status_code == 422
    assert client.post(f"{DESK}watch-groups/new/", {**told, **conditions}).status_code == 302
    group = WatchGroup.objects.get(name_zh="高龄独居")
    assert group.rule == {"all": [{"circle": "basic"}, {"everybody_from_age": 80}, {"size_up_to": 1}]}
    assert (group.name_en, group.code[:4]) == ("高龄独居", "own-")
    page = client.get(f"{DESK}watch-groups/{group.pk}/")
    assert {
        name: str(value) for name, value in page.context["form"].initial.items() if name in conditions
    } == conditions
    assert "全家都在 80 岁以上" in client.get(f"{DESK}watch-groups/").content.decode()
    assert (
        client.post(
            f"{DESK}watch-groups/{group.pk}/", {**told, "group": "orphan", "code": group.code}
        ).status_code
        == 302
    )
    group.refresh_from_db()
    assert group.rule == {"group": "orphan"}


def test_channels_say_how_many_were_found(town: Town, signed_in: SignIn) -> None:
    need = town.verified(yuan=10)
    need.items.update(committed=1000, fulfilled=1000)
    client = signed_in(town.lin)
    period = {"since": "2026-01-01", "until": "2026-12-31"}
    assert "100%" in client.get(f"{DESK}channels/", period).content.decode()
    lines = (
        client.get(f"{DESK}channels/", {**period, "format": "csv"}).content.decode("utf-8-sig").splitlines()
    )
    assert lines[1].endswith(",0,1,1,1")
    assert client.get(f"{DESK}channels/", {"since": "2026-02-01", "until": "2026-01-01"}).status_code == 422
    assert client.get(f"{DESK}channels/", {"region": "110000"}).status_code == 422
