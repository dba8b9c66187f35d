"""People, organisations and their roles."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jiujinan.accounts.models import Membership, Organisation, User
from jiujinan.accounts.roles import PORTAL_ROLES, ROLES_OF_KIND, STAFF_ROLES, OrganisationKind, Role
from jiujinan.accounts.services import RoleNotOfKind, join, register_organisation, register_person
from tests.town import COUNTY, NOW, Town


@pytest.mark.parametrize("kind", list(OrganisationKind))
@pytest.mark.parametrize("role", list(Role))
def test_an_organisation_takes_the_roles_of_its_kind_and_no_other(
    kind: OrganisationKind, role: Role, town: Town
) -> None:
    organisation = register_organisation(
        name="单位", kind=kind, region=COUNTY, credit_code=None, by=town.lin, now=NOW
    )
    user = register_person(username="new", full_name="新人", password=None)
    if role in ROLES_OF_KIND[kind]:
        join(user=user, organisation=organisation, role=role)
        join(user=user, organisation=organisation, role=role)
        assert Membership.objects.filter(user=user).count() == 1
        assert user.has_perm("wagtailadmin.access_admin") is (role in STAFF_ROLES)
    else:
        with pytest.raises(RoleNotOfKind):
            join(user=user, organisation=organisation, role=role)
        assert not Membership.objects.filter(user=user).exists()


def test_every_role_lives_in_some_kind_and_every_kind_has_a_role() -> None:
    assert set(ROLES_OF_KIND) == set(OrganisationKind)
    assert frozenset().union(*ROLES_OF_KIND.values()) == frozenset(Role)
    assert all(ROLES_OF_KIND.values())
    assert not STAFF_ROLES & PORTAL_ROLES


def test_only_the_governments_unit_has_staff_roles() -> None:
    with_staff = {kind for kind, roles in ROLES_OF_KIND.items() if roles & STAFF_ROLES}
    assert with_staff == {OrganisationKind.CIVIL_AFFAIRS}


def test_one_credit_code_is_one_organisation(town: Town) -> None:
    code = "51990100MJ00000015"
    made = [
        register_organisation(
            name=name, kind=OrganisationKind.CHARITY, region=COUNTY, credit_code=code, by=town.lin, now=NOW
        )
        for name in ("甲慈善会", "乙慈善会")
    ]
    assert made[0] == made[1]
    assert Organisation.objects.get(credit_code=code).name == "甲慈善会"


def test_a_service_account_has_no_password_that_signs_in(town: Town) -> None:
    assert not town.lin.has_usable_password()
    user = register_person(username="ren", full_name="任", password="correct horse 9")
    assert user.check_password("correct horse 9")


@pytest.mark.django_db
def test_nobody_signs_up_alone(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # nothing needs to have been collected for this
    address = reverse("account_signup")
    client.get(address)
    data = {
        "username": "stranger", "email": "s@example.org",
        "password1": "correct horse 9", "password2": "correct horse 9",
    }  # fmt: skip
    answer = client.post(address, data)
    assert answer.status_code == 200  # the page that says that sign-up is closed
    assert not User.objects.filter(username="stranger").exists()
