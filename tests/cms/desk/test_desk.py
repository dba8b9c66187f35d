"""Lin takes cases in, Zhou verifies, Wu publishes; nobody sees a name without a reason."""

from collections.abc import Callable

import pytest
from django.test import Client

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.audit.models import AuditEntry
from needs.models import CaseRecord, Person
from needs.states import CaseState
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

SignIn = Callable[[User], Client]


def of_county(town: Town, county: str) -> User:
    """Return a case officer of one county alone."""
    unit = register_organisation(
        name=f"{county}民政局",
        kind=OrganisationKind.CIVIL_AFFAIRS,
        region=county,
        credit_code=None,
        by=town.lin,
        now=NOW,
    )
    user = register_person(username=f"officer-{county}", full_name="Tang", password=None)
    join(user=user, organisation=unit, role=Role.CASE_OFFICER)
    return user


def act(client: Client, case: CaseRecord, name: str, reason: str = "") -> int:
    return client.post(f"/admin/desk/{case.pk}/act/", {"act": name, "reason": reason}).status_code


def test_an_officer_sees_the_cases_of_her_region_alone(town: Town, signed_in: SignIn) -> None:
    mine, theirs = town.case(region=COUNTY), town.case(region=NEXT_COUNTY)
    client = signed_in(of_county(town, COUNTY))
    page = client.get("/admin/desk/").content.decode()
    assert mine.number in page
    assert theirs.number not in page
    assert client.get(f"/admin/desk/{theirs.pk}/").status_code == 404
    assert client.post(f"/admin/desk/{theirs.pk}/open/", {"reason": "看看"}).status_code == 404


def test_names_stay_sealed_until_they_are_opened_with_a_reason(town: Town, signed_in: SignIn) -> None:
    case = town.case()
    name = "测试人"
    client = signed_in(town.lin)
    assert name not in client.get("/admin/desk/").content.decode()
    assert name not in client.get(f"/admin/desk/{case.pk}/").content.decode()
    assert client.post(f"/admin/desk/{case.pk}/open/", {"reason": " "}).status_code == 422
    assert not AuditEntry.objects.filter(action="sealed.opened").exists()
    opened = client.post(f"/admin/desk/{case.pk}/open/", {"reason": "核对住院证明"})
    assert name in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert AuditEntry.objects.get(action="sealed.opened").reason == "核对住院证明"
    assert name not in client.get(f"/admin/desk/{case.pk}/").content.decode()
    assert Person.objects.count() == 1


def test_three_people_bring_a_case_to_the_gate(town: Town, signed_in: SignIn) -> None:
    case = town.case()
    for person, name in ((town.lin, "take_up"), (town.zhou, "verify"), (town.wu, "publish")):
        assert act(signed_in(person), case, name) == 302
    case.refresh_from_db()
    assert case.state == CaseState.VERIFIED
    assert (case.officer, case.verifier) == (town.lin, town.zhou)
    page = signed_in(town.wu).get(f"/admin/desk/{case.pk}/").content.decode()
    assert "发布把关" in page


@pytest.mark.parametrize(("person", "name"), [("lin", "verify"), ("wu", "verify"), ("zhou", "publish")])
def test_nobody_does_anothers_duty(town: Town, signed_in: SignIn, person: str, name: str) -> None:
    case = town.case()
    act(signed_in(town.lin), case, "take_up")
    if name == "publish":
        act(signed_in(town.zhou), case, "verify")
    before = CaseRecord.objects.get(pk=case.pk)
    act(signed_in(getattr(town, person)), case, name)
    case.refresh_from_db()
    assert (case.state, case.verifier, case.publisher) == (before.state, before.verifier, before.publisher)
    page = signed_in(getattr(town, person)).get(f"/admin/desk/{case.pk}/").content.decode()
    assert f'name="act" value="{name}"' not in page


def test_refusing_needs_a_reason(town: Town, signed_in: SignIn) -> None:
    case = town.case()
    act(signed_in(town.lin), case, "take_up")
    act(signed_in(town.zhou), case, "refuse")
    case.refresh_from_db()
    assert case.state == CaseState.UNDER_VERIFICATION
    act(signed_in(town.zhou), case, "refuse", "已由其他渠道解决")
    case.refresh_from_db()
    assert (case.state, case.state_reason) == (CaseState.REFUSED, "已由其他渠道解决")


@pytest.mark.parametrize("person", ["chen", "luo"])
def test_social_forces_have_no_way_in(town: Town, signed_in: SignIn, person: str) -> None:
    case = town.case()
    client = signed_in(getattr(town, person))
    for path in ("/admin/desk/", f"/admin/desk/{case.pk}/"):
        assert client.get(path).status_code in {302, 403}


def test_the_list_asks_the_database_as_often_for_one_case_as_for_three(
    town: Town, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = signed_in(town.lin)
    counts = []
    for further in (1, 2):
        for _ in range(further):
            town.assessed()
        client.get("/admin/desk/")
        with django_assert_max_num_queries(25) as asked:  # type: ignore[attr-defined]  # a context manager
            client.get("/admin/desk/?state=received&overdue=on&number=T0")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_staff_sign_in_through_our_own_page(client: Client, db: None) -> None:
    assert client.get("/admin/").url.startswith("/accounts/login/")
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=/admin/"
