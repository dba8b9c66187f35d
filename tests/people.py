"""People and offices beside those of the town."""

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.clocks.models import Clock
from needs.models import CaseRecord
from tests.town import NOW, Town


def person(name: str, place: Organisation, *roles: Role) -> User:
    user = register_person(username=name, full_name=name, password=None)
    for role in roles:
        join(user=user, organisation=place, role=role)
    return user


def office(town: Town, region: str, *, is_township: bool = False) -> Organisation:
    unit = register_organisation(
        name=f"{region}-{is_township}", kind=OrganisationKind.CIVIL_AFFAIRS, region=region, credit_code=None,
        by=town.lin, now=NOW,
    )  # fmt: skip
    Organisation.objects.filter(pk=unit.pk).update(is_township=is_township)
    unit.refresh_from_db()
    return unit


def running(case: CaseRecord) -> set[str]:
    return set(Clock.objects.filter(case=case.pk, ended_at=None).values_list("step", flat=True))
