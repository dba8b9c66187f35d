"""Lin types one case in: it is judged like a file's row, owned at once, and no mistake loses what she typed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.audit.models import AuditEntry
from jiujinan.clocks.models import Clock
from jiujinan.clocks.rules import Step
from needs.discovery.models import NeedReport
from needs.discovery.rules import Whose
from needs.discovery.services import FirstWord, take_in
from needs.intake import drafts
from needs.intake.models import CaseDraft
from needs.intake.services import import_cases
from needs.models import CaseRecord, NeedItem, Person
from tests.needs.intake.casefiles import case_row, file_of, id_number, item_row, member_row
from tests.town import COUNTY, NOW, PREFECTURE, Town

SignIn = Callable[[User], Client]
TYPED = "/admin/desk/typed/"


def filled(**changes: Any) -> dict[str, Any]:
    """Return a form filled in well."""
    return {
        "act": "take", "number": "A1", "source": "civil_affairs", "channel": "home_visit", "region": COUNTY,
        "applied_on": "2026-01-05", "cause": "illness", "tier": "joint", "government_status": "granted",
        "economic_check": "passed", "sensitive_kind": "", "name": "测试1", "id_number": id_number(1),
        "phone": "10000000001", "address": "某村", "account": "9900000000000000001", "groups": ["severe_illness"],
        "size": "2", "monthly_income_fen": "1,800", "medical_expense_fen": "3.6万", "schooling_expense_fen": "",
        "other_expense_fen": "", "circle": "", "consent_on": "2026-01-05",
        "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0", "items-0-item_category": "medical",
        "items-0-item_required": "12000", "items-0-item_government": "3000", "items-0-item_insurance": "",
        "items-0-item_note": "", "items-1-item_category": "", "items-1-item_required": "",
        "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "members-0-name": "成员500",
        "members-0-relation": "20", "members-0-id_number": id_number(500, "20120301"), "members-0-born_on": "",
        "members-0-sex": "", "members-0-groups": ["student"], **changes,
    }  # fmt: skip


def send(client: Client, key: uuid.UUID | None = None, **changes: Any) -> Any:
    return client.post(f"{TYPED}{key or uuid.uuid4()}/", filled(**changes))


def test_a_typed_case_is_what_the_same_row_of_a_file_is(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    assert client.get(TYPED).status_code == 200
    answer = send(client)
    case = CaseRecord.objects.get()
    assert answer["Location"] == f"/admin/desk/{case.pk}/"
    row = case_row(
        3, number="B1", monthly_income_fen=180_000, medical_expense_fen=3_600_000,
        id_number=id_number(3), members=(member_row(502, sex="2"),), items=(item_row(government=300_000),),
    )  # fmt: skip
    import_cases(file=file_of(row), by=town.lin, now=NOW, batch="file")
    same = CaseRecord.objects.get(number="B1")
    facts = (
        "source", "source_version", "region_id", "channel", "cause", "tier", "groups", "applied_on",
        "economic_check", "government_done", "consent_on", "state", "owner_id",
    )  # fmt: skip
    assert {name: getattr(case, name) for name in facts} == {name: getattr(same, name) for name in facts}
    means = ("size", "monthly_income_fen", "medical_expense_fen", "circle")
    assert [getattr(case.household, name) for name in means] == [
        getattr(same.household, name) for name in means
    ]
    amounts = ("kind", "category", "unit", "required", "government", "insurance")
    assert list(case.need.items.values_list(*amounts)) == list(same.need.items.values_list(*amounts))
    people = ("is_head", "sex", "birth_year", "groups", "relation")
    assert sorted(case.household.members.values_list(*people)) == sorted(
        same.household.members.values_list(*people)
    )


def test_it_has_an_owner_and_a_running_clock_from_its_first_minute(town: Town, signed_in: SignIn) -> None:
    send(signed_in(town.lin))
    case = CaseRecord.objects.get()
    assert case.owner == town.lin
    clock = Clock.objects.get(case=case.pk, ended_at=None)
    assert (clock.step, clock.owner) == (Step.TAKE_UP, town.lin)


def test_a_case_without_a_number_is_given_one_and_sending_twice_is_one_case(
    town: Town, signed_in: SignIn
) -> None:
    client, key = signed_in(town.lin), uuid.uuid4()
    first, second = send(client, key, number=""), send(client, key, number="")
    assert first["Location"] == second["Location"]
    assert CaseRecord.objects.get().number.startswith(f"SG-{timezone.localdate():%Y%m%d}-")
    changed = send(client, key, number="", size="3")
    assert changed["Location"] == first["Location"]
    assert CaseRecord.objects.get().household.size == 2


WRONG = [
    ("id_number", "1.10105E+17", "科学计数"),
    ("id_number", id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1"), "校验"),
    ("applied_on", "2026-02-30", ""),
    ("applied_on", "2099-01-01", ""),
    ("size", "1", "少于"),
    ("size", "", ""),
    ("name", " ", ""),
    ("monthly_income_fen", "-5", ""),
    ("phone", "123", ""),
    ("cause", "", ""),
    ("items-0-item_required", "0", "大于 0"),
    ("items-0-item_government", "13000", "超过"),
    ("members-0-id_number", "", "出生日期"),
    ("members-0-name", "", ""),
]


@pytest.mark.parametrize(("field", "value", "words"), WRONG)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    town: Town, signed_in: SignIn, field: str, value: str, words: str
) -> None:
    key = uuid.uuid4()
    answer = send(signed_in(town.lin), key, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert words in page
    assert 'aria-invalid="true"' in page
    others = {
        "address": "某村",
        "account": "9900000000000000001",
        "medical_expense_fen": "3.6万",
        "number": "A1",
    }
    assert [kept for name, kept in others.items() if name != field and kept not in page] == []
    assert not CaseRecord.objects.exists()
    assert not Person.objects.exists()
    draft = CaseDraft.objects.get(pk=key)
    assert drafts.go_on(draft=draft, by=town.lin, now=NOW)[field] == [value]


def test_errors_speak_the_language_of_the_page(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        answer = client.post(f"{TYPED}{uuid.uuid4()}/", filled(size="1"), headers={"accept-language": "en"})
    assert "is less than the" in answer.content.decode()


def test_a_number_that_is_known_is_refused_and_the_case_stays_as_it_was(
    town: Town, signed_in: SignIn
) -> None:
    client = signed_in(town.lin)
    send(client)
    answer = send(client, name="另一人", id_number=id_number(9), size="5")
    assert answer.status_code == 422
    assert "已有此编号的案卷" in answer.content.decode()
    assert CaseRecord.objects.get().household.size == 2


def test_a_person_with_a_case_in_hand_is_pointed_to_it(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.lin)
    send(client)
    page = send(client, None, number="A2", **{"members-TOTAL_FORMS": "0"}).content.decode()
    assert f"/admin/desk/{CaseRecord.objects.get().pk}/" in page
    assert "此人已有正在办理的案卷" in page


def test_rows_are_added_without_losing_anything_and_blank_ones_are_passed_over(
    town: Town, signed_in: SignIn
) -> None:
    client, key = signed_in(town.lin), uuid.uuid4()
    page = send(client, key, act="add_item").content.decode()
    assert 'name="items-2-item_category"' in page
    assert "某村" in page
    more: dict[str, Any] = {
        "items-TOTAL_FORMS": "3",
        "items-2-item_category": "food",
        "items-2-item_required": "4",
    }
    assert send(client, key, **more).status_code == 302
    assert sorted(NeedItem.objects.values_list("category", "required")) == [
        ("food", 4),
        ("medical", 1_200_000),
    ]


def test_a_draft_is_sealed_its_authors_alone_and_gone_once_taken_in(town: Town, signed_in: SignIn) -> None:
    key = uuid.uuid4()
    client = signed_in(town.lin)
    assert send(client, key, act="save")["Location"] == TYPED
    assert f"{TYPED}{key}/" in client.get(TYPED).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM intake_casedraft")
        assert "测试1".encode() not in bytes(cursor.fetchone()[0])
    page = client.get(f"{TYPED}{key}/").content.decode()
    assert "测试1" in page
    opened = AuditEntry.objects.get(action="sealed.opened")
    assert (opened.by, opened.data["fields"]) == (town.lin, ["content"])
    draft = CaseDraft.objects.get()
    with pytest.raises(NotAllowed):
        drafts.go_on(draft=draft, by=town.wu, now=NOW)
    other = signed_in(town.zhou)
    assert other.get(f"{TYPED}{key}/").status_code in {302, 404}
    assert "测试1" not in other.get(f"{TYPED}{key}/").content.decode()
    assert send(signed_in(town.lin), key).status_code == 302
    assert not CaseDraft.objects.exists()
    taken = AuditEntry.objects.get(subject=f"case:draft-{key}", action="draft.taken_in")
    assert taken.data == {"case": str(CaseRecord.objects.get().pk)}


def test_what_is_typed_is_kept_meanwhile_but_not_after_the_case_is_in(town: Town, signed_in: SignIn) -> None:
    client, key = signed_in(town.lin), uuid.uuid4()
    assert "草稿" in client.post(f"{TYPED}{key}/draft/", filled()).content.decode()
    assert CaseDraft.objects.count() == 1
    send(client, key)
    client.post(f"{TYPED}{key}/draft/", filled())
    assert not CaseDraft.objects.exists()
    client.post(f"{TYPED}{uuid.uuid4()}/draft/", filled())
    left = CaseDraft.objects.get()
    client.post(f"{TYPED}{left.pk}/discard/")
    assert not CaseDraft.objects.exists()


def test_who_may_bring_no_cases_types_none(town: Town, signed_in: SignIn) -> None:
    for stranger in (town.zhou, town.wu, town.chen):
        client = signed_in(stranger)
        send(client)
        client.post(f"{TYPED}{uuid.uuid4()}/draft/", filled())
    assert not CaseRecord.objects.exists()
    assert not CaseDraft.objects.exists()


def test_another_regions_case_is_not_offered(town: Town, signed_in: SignIn) -> None:
    page = signed_in(town.lin).get(TYPED).content.decode()
    assert f'value="{COUNTY}"' in page
    assert f'value="{PREFECTURE}"' not in page
    assert send(signed_in(town.lin), region="110101").status_code == 422
    assert not CaseRecord.objects.exists()


def test_a_report_goes_on_as_the_case_that_was_typed_from_it(town: Town, signed_in: SignIn) -> None:
    word = FirstWord(
        token="form-1", whose=Whose.OWN, region=COUNTY, story="押金不够", cause="accident",
        phone="13900000000", reporter_name="测试甲", address="某村三组",
    )  # fmt: skip
    take_in(word=word, origin="192.0.2.1", now=NOW)
    report, client = NeedReport.objects.get(), signed_in(town.lin)
    answer = client.post(f"/admin/desk/reports/{report.pk}/type/")
    page = client.get(answer["Location"]).content.decode()
    for told in ("测试甲", "13900000000", "某村三组", str(report.pk)):
        assert told in page
    assert AuditEntry.objects.filter(action="sealed.opened", stream=f"case:report-{report.pk}").exists()
    key = uuid.UUID(answer["Location"].rstrip("/").rpartition("/")[2])
    send(client, key, report=str(report.pk), channel="public_report")
    report.refresh_from_db()
    assert report.case == CaseRecord.objects.get()
    assert CaseRecord.objects.get().channel == "public_report"
