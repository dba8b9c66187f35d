"""Pages that rank, measure, decide and hand over: each opens, checks what it is told, and asks the database evenly."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from cms.desk.scoring.forms import ScoreForm
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.audit.models import AuditEntry
from jiujinan.clocks.models import Absence, ClockRule, Notice
from needs.assessment.score_table import shipped_table
from needs.models import CaseRecord, Need, ScoreVersion
from needs.services.rescoring import rescore_due
from needs.services.score_versions import draft_version
from tests.cms.desk.test_desk import of_county
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

SignIn = Callable[[User], Client]


@pytest.fixture
def zheng(town: Town) -> User:
    """The supervisor of the prefecture's desk."""
    user = register_person(username="zheng", full_name="郑督导", password=None)
    join(user=user, organisation=town.desk, role=Role.SUPERVISOR)
    return user


def test_the_ranked_list_is_narrowed_ranked_and_stays_within_the_region(
    town: Town, signed_in: SignIn
) -> None:
    light = town.case(tier="departmental", cause="schooling", groups=["left_behind_child"])
    heavy = town.case(tier="critical", groups=["child"])
    elsewhere = town.case(region=NEXT_COUNTY)
    rescore_due(now=NOW)
    client = signed_in(of_county(town, COUNTY))
    page = client.get("/admin/desk/ranking/").content.decode()
    assert page.index(heavy.number) < page.index(light.number)
    assert elsewhere.number not in page
    for query, found in (
        ("group=child", {heavy}),
        ("cause=schooling", {light}),
        ("tier=critical&category=medical", {heavy}),
        ("score_from=100", set()),
        ("waiting_from=3650", set()),
        (f"region={COUNTY}", {light, heavy}),
        ("order=waiting&circle=basic", {light, heavy}),
    ):
        shown = client.get(f"/admin/desk/ranking/?{query}").content.decode()
        assert {case for case in (light, heavy) if case.number in shown} == found, query


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_ranked_list_is_taken_along_without_anything_sealed(
    town: Town, signed_in: SignIn, kind: str
) -> None:
    cases = [town.case(), town.case()]
    CaseRecord.objects.filter(pk=cases[0].pk).update(number="=cmd|' /C calc'!A0")
    rescore_due(now=NOW)
    response = signed_in(town.lin).get(f"/admin/desk/ranking/export.{kind}?order=number")
    content = response.getvalue() if response.streaming else response.content
    if kind == "csv":
        rows: list[Any] = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert sheet.cell(2, 2).data_type == "s"
    assert len(rows) == 3
    assert [row[5] for row in rows[1:]] == [
        str(Need.objects.get(case=case).score) if kind == "csv" else Need.objects.get(case=case).score
        for case in cases
    ]
    assert not any(cell.startswith("=") for cell in rows[1] if isinstance(cell, str)) or kind == "xlsx"
    assert "测试人" not in content.decode("utf-8", "ignore")
    entry = AuditEntry.objects.get(action="cases.exported")
    assert (entry.by, entry.data["rows"]) == (town.lin, 2)


def test_a_draft_is_tried_over_the_region_and_put_in_force_by_a_second_person(
    town: Town, zheng: User, signed_in: SignIn
) -> None:
    case = town.case(groups=["child"])
    rescore_due(now=NOW)
    before = Need.objects.get(case=case).score
    client = signed_in(town.zhou)
    page = client.get("/admin/desk/scores/draft/").content.decode()
    assert 'name="circle-points"' in page
    wrong = client.post("/admin/desk/scores/draft/", {"note": "加大急难权重", "circle-points": "50"})
    assert wrong.status_code == 422
    filled = _as_filled(dict(shipped_table())) | {
        "note": "急难程度占更大比重",
        "urgency-points": "40",
        "burden-points": "10",
    }
    assert client.post("/admin/desk/scores/draft/", filled).status_code == 302
    tried = client.get("/admin/desk/scores/2/?try=1").content.decode()
    assert case.number in tried
    assert 'action="/admin/desk/scores/2/publish/"' not in tried
    assert client.post("/admin/desk/scores/2/publish/").status_code in {302, 403}
    assert ScoreVersion.objects.get().state == "draft"
    client = signed_in(zheng)
    assert client.post("/admin/desk/scores/2/publish/").status_code == 302
    need = Need.objects.get(case=case)
    assert (need.score_version, need.score_due_at) == (2, None)
    assert need.score == sum(need.score_parts.values()) != before
    assert "2" in client.get("/admin/desk/scores/").content.decode()


def _as_filled(table: dict[str, Any]) -> dict[str, Any]:
    """Return the draft form as a browser sends it."""
    form = ScoreForm(start=table)
    return {
        name: form[name].value() for name in form.fields if form[name].value() is not None and name != "note"
    }


def test_my_day_shows_what_is_late_and_what_was_told_until_it_is_read(town: Town, signed_in: SignIn) -> None:
    case = town.case(tier="critical")
    client = signed_in(town.lin)
    page = client.get("/admin/desk/day/").content.decode()
    assert case.number in page
    assert "desk-late" in page
    notice = Notice.objects.get(to=town.lin)
    client.post("/admin/desk/day/read/", {"notice": [notice.pk, "x"]})
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_supervisor_hands_an_absent_colleagues_cases_over_and_back(
    town: Town, zheng: User, signed_in: SignIn
) -> None:
    case = town.case()
    client = signed_in(zheng)
    today = timezone.localdate()
    filled = {
        "user": town.lin.pk,
        "substitute": zheng.pk,
        "starts_on": today,
        "ends_on": today,
        "reason": "住院",
    }
    late = client.post("/admin/desk/absences/", filled | {"ends_on": today - timedelta(days=1)})
    assert late.status_code == 422
    assert client.post("/admin/desk/absences/", filled).status_code == 302
    case.refresh_from_db()
    assert case.owner == zheng
    client.post(f"/admin/desk/absences/{Absence.objects.get().pk}/back/")
    case.refresh_from_db()
    assert case.owner == town.lin


def test_only_a_supervisor_enters_rules_and_only_sensible_ones(
    town: Town, zheng: User, signed_in: SignIn
) -> None:
    rule = {
        "region": COUNTY, "valid_from": "2026-07-01", "step": "verify", "tier": "joint", "amount": "10",
        "unit": "working_days", "remind_before": "2", "escalate_every": "1", "source": "县救急难办法第七条",
    }  # fmt: skip
    assert signed_in(town.lin).post("/admin/desk/rules/clocks/", rule).status_code == 200
    assert not ClockRule.objects.exists()
    client = signed_in(zheng)
    for wrong in ({"remind_before": "10"}, {"amount": "0"}, {"region": "370000"}, {"source": ""}):
        assert client.post("/admin/desk/rules/clocks/", rule | wrong).status_code == 422
    assert client.post("/admin/desk/rules/clocks/", rule).status_code == 302
    assert ClockRule.objects.get().by == zheng
    assert client.get("/admin/desk/rules/nothing/").status_code == 404


FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "consent": ("lin", {"kind": "economic_check", "given_by": "self", "given_on": "2026-07-01"}),
    "check": (
        "lin",
        {"result": "passed", "scope": ["income"], "checked_on": "2026-07-01", "authority": "市核对中心"},
    ),
    "withdraw_consent": ("lin", {"kind": "economic_check", "withdrawn_on": "2026-07-02", "reason": "撤回"}),
    "flag": ("zhou", {"kind": "false_statement", "decision_number": "云民罚1号", "evidence": "核查材料"}),
    "means": (
        "lin",
        {"size": "4", "monthly_income_fen": "1000", "medical_expense_fen": "9000", "schooling_expense_fen": "0",
         "other_expense_fen": "0", "reason": "更正"},
    ),
    "circle": ("lin", {"circle": "basic", "reason": "已纳入低保"}),
    "tier": ("lin", {"tier": "critical", "reason": "病情恶化"}),
    "groups": ("lin", {"groups": ["child", "disabled"], "reason": "入户核实"}),
    "beneficiary": ("lin", {"person": "", "reason": "全家"}),
}  # fmt: skip


def test_each_form_of_a_case_refuses_an_empty_answer_and_takes_a_whole_one(
    town: Town, signed_in: SignIn
) -> None:
    case = town.case()
    signed_in(town.lin).post(f"/admin/desk/{case.pk}/act/", {"act": "take_up"})
    for name, (who, filled) in FORMS.items():
        client = signed_in(getattr(town, who))
        address = f"/admin/desk/{case.pk}/form/{name}/"
        assert client.get(address).status_code == 200, name
        if name != "beneficiary":
            assert client.post(address, {}).status_code == 422, name
        assert client.post(address, filled).status_code == 302, name
    page = client.get(f"/admin/desk/{case.pk}/").content.decode()
    for told in ("云民罚1号", "市核对中心", "工资、养老金等收入"):
        assert told in page
    assert "核查材料" not in page


def test_a_form_that_is_not_the_persons_is_neither_shown_nor_done(town: Town, signed_in: SignIn) -> None:
    case = town.case()
    client = signed_in(town.wu)
    assert client.get(f"/admin/desk/{case.pk}/form/means/").status_code == 302
    assert client.post(f"/admin/desk/{case.pk}/form/means/", {"size": "3"}).status_code in {302, 403}
    case.household.refresh_from_db()
    assert not AuditEntry.objects.filter(action="case.means").exists()
    assert client.get(f"/admin/desk/{case.pk}/form/nothing/").status_code == 404
    outside = signed_in(of_county(town, NEXT_COUNTY))
    assert outside.get(f"/admin/desk/{case.pk}/form/means/").status_code == 404


def test_a_single_item_is_returned_and_its_answer_brings_the_case_back(town: Town, signed_in: SignIn) -> None:
    case = town.case()
    signed_in(town.lin).post(f"/admin/desk/{case.pk}/act/", {"act": "take_up"})
    item = case.need.items.get()
    client = signed_in(town.zhou)
    address = f"/admin/desk/{case.pk}/form/ask/"
    assert client.post(address, {"reason": "材料不全"}).status_code == 422
    client.post(address, {"reason": "材料不全", f"item-{item.pk}": "缺住院发票"})
    case.refresh_from_db()
    assert case.state == "returned"
    client = signed_in(town.lin)
    assert "缺住院发票" in client.get(f"/admin/desk/{case.pk}/").content.decode()
    question = case.item_returns.get()
    client.post(f"/admin/desk/{case.pk}/form/answer/", {"question": question.pk, "text": "已补交"})
    case.refresh_from_db()
    assert case.state == "under_verification"


def test_a_draft_version_shows_its_difference_from_the_one_in_force(town: Town, signed_in: SignIn) -> None:
    table = {**shipped_table(), "urgency": {**shipped_table()["urgency"], "points": 20}}  # type: ignore[dict-item]
    draft_version(table=table, note="同前", by=town.zhou, now=NOW)
    page = signed_in(town.zhou).get("/admin/desk/scores/2/?with=1")
    assert page.status_code == 200
    assert signed_in(town.zhou).get("/admin/desk/scores/9/").status_code == 404


def test_the_rules_say_what_holds_where_nothing_is_entered(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    told = {
        kind: client.get(f"/admin/desk/rules/{kind}/").content.decode()
        for kind in ("standards", "clocks", "approvals", "duties", "integrity", "hours", "calendar")
    }
    assert "¥621.30" in told["standards"]
    assert "受理" in told["clocks"]
    assert "任一层级均可核实任何金额" in told["approvals"]
    assert "在办事项最少的经办人" in told["duties"]
    assert "08:30" in told["hours"]
    assert "国务院节假日安排" in told["calendar"]
    assert all("平台自带" in page for page in told.values())
