"""Who may do what: the whole truth table, role by role and region by region."""

import pytest
from django.contrib.auth.models import AnonymousUser

from jiujinan.accounts import predicates
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import (
    DESK_ROLES,
    PORTAL_ROLES,
    ROLES_OF_KIND,
    STAFF_ROLES,
    OrganisationKind,
    Role,
)
from jiujinan.accounts.services import join, register_organisation, register_person
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, PROVINCE, Town

KIND_OF_ROLE = {role: kind for kind, roles in ROLES_OF_KIND.items() for role in roles}
ALL_ROLES = [pytest.param(role, id=role) for role in Role]
ANSWERERS = {Role.AGENCY_WORKER, Role.STATION_KEEPER, Role.PARTNER_MANAGER}
OTHER_PROVINCE = "370100"


def unit(kind: OrganisationKind, region: str, town: Town) -> Organisation:
    return register_organisation(
        name=f"{kind}-{region}", kind=kind, region=region, credit_code=None, by=town.lin, now=NOW
    )


def member(role: Role, region: str, town: Town) -> User:
    user = register_person(username=f"{role}-{region}", full_name="成员", password=None)
    join(user=user, organisation=unit(KIND_OF_ROLE[role], region, town), role=role)
    return user


def organisation_of(user: User) -> int:
    return user.memberships.get().organisation_id


@pytest.mark.parametrize("role", ALL_ROLES)
def test_a_role_opens_its_own_side_of_the_house(role: Role, town: Town) -> None:
    user = member(role, COUNTY, town)
    assert predicates.can_enter_desk(user) is (role in DESK_ROLES)
    assert predicates.can_enter_admin(user) is (role in STAFF_ROLES)
    assert predicates.can_enter_portal(user) is (role in PORTAL_ROLES)
    assert predicates.can_enter_admin(user) is not predicates.can_enter_portal(user)


@pytest.mark.parametrize("role", ALL_ROLES)
@pytest.mark.parametrize(
    ("seat", "covers"),
    [(PROVINCE, True), (PREFECTURE, True), (COUNTY, True), (NEXT_COUNTY, False)],
)
def test_a_desk_role_reaches_the_regions_below_its_unit(
    role: Role, seat: str, covers: bool, town: Town
) -> None:
    user = member(role, seat, town)
    assert predicates.can_handle_case(user, region=COUNTY) is (
        covers and role in {Role.CASE_OFFICER, Role.SUPERVISOR}
    )
    assert predicates.can_verify_case(user, region=COUNTY, officer_id=None) is (
        covers and role == Role.VERIFIER
    )
    assert predicates.can_publish_case(user, region=COUNTY, officer_id=None, verifier_id=None) is (
        covers and role == Role.PUBLISHER
    )
    assert not predicates.can_handle_case(user, region=OTHER_PROVINCE)


@pytest.mark.parametrize("seat", [COUNTY, NEXT_COUNTY])
def test_a_county_does_not_reach_up_to_its_prefecture(seat: str, town: Town) -> None:
    assert not predicates.can_handle_case(member(Role.CASE_OFFICER, seat, town), region=PREFECTURE)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_a_portal_role_acts_for_its_own_organisation_alone(role: Role, town: Town) -> None:
    user = member(role, COUNTY, town)
    own, other = organisation_of(user), unit(KIND_OF_ROLE[role], NEXT_COUNTY, town).pk
    for organisation, is_own in ((own, True), (other, False)):
        assert predicates.can_manage_fund(user, organisation_ids=[organisation]) is (
            is_own and role == Role.FUND_MANAGER
        )
        assert predicates.can_pay(user, organisation_id=organisation) is (is_own and role == Role.PAYER)
        assert predicates.can_approve_payment(user, organisation_id=organisation, payer_id=0) is (
            is_own and role == Role.PAYMENT_APPROVER
        )
        assert predicates.can_answer_referral(user, organisation_id=organisation) is (
            is_own and role in ANSWERERS
        )


def test_whom_a_fund_is_named_for_manages_it_with_the_holder(town: Town) -> None:
    manager = member(Role.FUND_MANAGER, COUNTY, town)
    own = organisation_of(manager)
    assert predicates.can_manage_fund(manager, organisation_ids=[town.charity.pk, own])
    assert not predicates.can_manage_fund(manager, organisation_ids=[town.charity.pk, None])
    assert not predicates.can_manage_fund(manager, organisation_ids=[])


def test_somebody_with_every_hat_does_only_one_duty_of_a_case(town: Town) -> None:
    user = register_person(username="all", full_name="一人多职", password=None)
    for role in (Role.CASE_OFFICER, Role.VERIFIER, Role.PUBLISHER):
        join(user=user, organisation=town.desk, role=role)
    other = town.lin.pk
    assert not predicates.can_verify_case(user, region=COUNTY, officer_id=user.pk)
    assert predicates.can_verify_case(user, region=COUNTY, officer_id=other)
    for officer, verifier in ((user.pk, other), (other, user.pk), (user.pk, user.pk)):
        assert not predicates.can_publish_case(user, region=COUNTY, officer_id=officer, verifier_id=verifier)
    assert predicates.can_publish_case(user, region=COUNTY, officer_id=other, verifier_id=town.zhou.pk)


def test_nobody_gives_their_own_payment_its_second_approval(town: Town) -> None:
    join(user=town.gao, organisation=town.charity, role=Role.PAYER)
    approve = {"organisation_id": town.charity.pk}
    assert not predicates.can_approve_payment(town.gao, payer_id=town.gao.pk, **approve)
    assert predicates.can_approve_payment(town.gao, payer_id=town.he.pk, **approve)


@pytest.mark.parametrize("who", ["anonymous", "inactive", "without_role", "superuser_without_role"])
def test_without_a_standing_role_nothing_opens(who: str, town: Town) -> None:
    user: User | AnonymousUser = AnonymousUser()
    if who != "anonymous":
        user = register_person(username=who, full_name="无职", password=None)
        user.is_active = who != "inactive"
        user.is_superuser = who.startswith("superuser")
        user.save()
    if who == "inactive":
        assert isinstance(user, User)
        for role in Role:
            organisation = unit(KIND_OF_ROLE[role], COUNTY, town)
            join(user=user, organisation=organisation, role=role)
    everywhere = list(Organisation.objects.values_list("pk", flat=True))
    assert not predicates.can_enter_desk(user)
    assert not predicates.can_enter_admin(user)
    assert not predicates.can_enter_portal(user)
    assert not predicates.can_handle_case(user, region=COUNTY)
    assert not predicates.can_verify_case(user, region=COUNTY, officer_id=None)
    assert not predicates.can_publish_case(user, region=COUNTY, officer_id=None, verifier_id=None)
    assert not predicates.can_manage_fund(user, organisation_ids=everywhere)
    for organisation in everywhere:
        assert not predicates.can_pay(user, organisation_id=organisation)
        assert not predicates.can_approve_payment(user, organisation_id=organisation, payer_id=0)
        assert not predicates.can_answer_referral(user, organisation_id=organisation)
