"""A hospital's program sends cases as JSON."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jiujinan.accounts.keys import end_key, issue_key
from jiujinan.accounts.models import AccessKey, User
from needs.models import CaseRecord, Person
from tests.needs.intake.casefiles import id_number
from tests.town import Town

ADDRESS = "/api/v1/case-records"


def case(serial: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "number": f"H{serial}", "version": 2, "region": "990121", "applied_on": "2026-01-05", "cause": "illness",
        "tier": "联合救助", "name": f"测试{serial}", "id_number": id_number(serial), "size": 3,
        "groups": ["elder", "残疾人"], "items": [{"item_category": "medical", "item_required": 12000.5}],
        "members": [{"name": f"成员{serial}", "id_number": id_number(500 + serial, "20120301"), "relation": "20"}],
        **changes,
    }  # fmt: skip


def send(client: Client, text: str, *cases: Any, key: str = "k1", **more: Any) -> Any:
    return client.post(
        ADDRESS,
        {"source": "hospital", "channel": "department", "cases": list(cases), **more},
        content_type="application/json",
        headers={"authorization": f"Bearer {text}", "idempotency-key": key},
    )


@pytest.fixture
def key(town: Town) -> str:
    return key_of(town.lin)


def key_of(user: User) -> str:
    return issue_key(
        user=user, name="医院系统", expires_at=timezone.now() + timedelta(days=1), by=None, now=timezone.now()
    )


def test_cases_come_in_with_members_items_source_version_and_channel(client: Client, key: str) -> None:
    answer = send(client, key, case(1), case(2, source="school")).json()
    assert answer["counts"] == {"imported": 2}
    found = CaseRecord.objects.order_by("number").values_list("number", "source", "source_version", "channel")
    assert list(found) == [("H1", "hospital", 2, "department"), ("H2", "school", 2, "department")]
    assert Person.objects.count() == 4
    assert CaseRecord.objects.get(number="H1").need.items.get().required == 1_200_050


def test_each_case_has_its_own_result_with_a_pointer_to_what_is_wrong(client: Client, key: str) -> None:
    wrong = case(2, id_number=1.10105e17)
    half = case(3, members=[{"name": "x", "id_number": "110105", "relation": "20"}])
    answer = send(client, key, case(1), wrong, half).json()
    assert [one["outcome"] for one in answer["results"]] == ["imported", "refused", "imported"]
    assert [(e["pointer"], e["code"]) for e in answer["results"][1]["errors"]] == [
        ("/cases/1/id_number", "id_scientific")
    ]
    assert [(e["pointer"], e["code"]) for e in answer["results"][2]["errors"]] == [
        ("/cases/2/members/0/id_number", "id_format")
    ]


def test_one_key_has_one_effect_and_the_same_key_with_another_body_is_refused(
    client: Client, key: str
) -> None:
    first = send(client, key, case(1)).json()
    assert send(client, key, case(1)).json() == first
    assert send(client, key, case(2)).status_code == 409
    assert send(client, key, case(1), key="k2").json()["counts"] == {"unchanged": 1}
    assert send(client, key, case(1, version=1, size=5), key="k3").json()["counts"] == {"refused_older": 1}
    assert CaseRecord.objects.count() == 1


def test_only_a_living_key_of_somebody_who_may_import_lets_in(client: Client, town: Town, key: str) -> None:
    assert send(client, "jjn_wrong", case(1)).status_code == 401
    assert send(client, key_of(town.zhou), case(1)).status_code == 403
    end_key(key=AccessKey.objects.get(user=town.lin), by=None, now=timezone.now())
    assert send(client, key, case(1)).status_code == 401
    late = issue_key(user=town.lin, name="x", expires_at=timezone.now(), by=None, now=timezone.now())
    assert send(client, late, case(1)).status_code == 401
    assert not AccessKey.objects.filter(digest__contains="jjn_").exists()
    assert not CaseRecord.objects.exists()


def test_a_region_outside_the_users_area_is_refused_case_by_case(client: Client, key: str) -> None:
    answer = send(client, key, case(1, region="110101")).json()
    assert answer["results"][0]["outcome"] in {"refused_region", "refused"}
    assert not CaseRecord.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"cases": []}, {"cases": [1]}, {"cases": [{}] * 501}, {"source": "x", "cases": [{}]}]
)
def test_a_body_of_another_form_is_refused(client: Client, key: str, body: dict[str, Any]) -> None:
    headers = {"authorization": f"Bearer {key}", "idempotency-key": "k"}
    assert client.post(ADDRESS, body, content_type="application/json", headers=headers).status_code == 422


@pytest.mark.parametrize(
    "odd", [{}, {"number": None}, {"number": {"a": 1}}, {"members": [{}], "items": [{}]}]
)
def test_odd_cases_get_an_answer(client: Client, key: str, odd: dict[str, Any]) -> None:
    answer = send(client, key, odd)
    assert answer.status_code == 200
    assert answer.json()["results"][0]["outcome"] == "refused"
