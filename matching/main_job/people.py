"""Service accounts that the main job acts by: one for each duty, so that no duty is done by two hats on one head."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.regions.models import Region

_DUTIES = {
    "officer": ("main-job-officer", "主任务经办"),
    "verifier": ("main-job-verifier", "主任务审核"),
    "publisher": ("main-job-publisher", "主任务发布"),
    "manager": ("main-job-manager", "主任务基金管理"),
    "payer": ("main-job-payer", "主任务拨付"),
    "approver": ("main-job-approver", "主任务复核"),
    "worker": ("main-job-worker", "主任务服务"),
}
_DESK = {"officer": Role.CASE_OFFICER, "verifier": Role.VERIFIER, "publisher": Role.PUBLISHER}
_PORTAL = {
    OrganisationKind.CHARITY: {
        "manager": Role.FUND_MANAGER,
        "payer": Role.PAYER,
        "approver": Role.PAYMENT_APPROVER,
    },
    OrganisationKind.SOCIAL_WORK_AGENCY: {"worker": Role.AGENCY_WORKER},
    OrganisationKind.GOODS_STATION: {"worker": Role.STATION_KEEPER},
    OrganisationKind.PARTNER: {"worker": Role.PARTNER_MANAGER},
}


@dataclass(frozen=True)
class People:
    """Who does what in a main job. None of them can sign in."""

    officer: User
    verifier: User
    publisher: User
    manager: User
    payer: User
    approver: User
    worker: User


@transaction.atomic
def appoint() -> People:
    """Return the service accounts, making them on first use."""
    return People(
        **{
            duty: User.objects.filter(username=username).first()
            or register_person(username=username, full_name=full_name, password=None)
            for duty, (username, full_name) in _DUTIES.items()
        }
    )


@transaction.atomic
def give_desk_duties(*, people: People, provinces: set[str], now: datetime) -> None:
    """Make the first three of them case officer, verifier and publisher in one desk a province."""
    for province in sorted(provinces):
        desk = _desk(Region.objects.get(pk=province), people, now)
        for duty, role in _DESK.items():
            join(user=getattr(people, duty), organisation=desk, role=role)


@transaction.atomic
def give_portal_duties(*, people: People) -> None:
    """Let the others answer for every organisation that can help."""
    for organisation in Organisation.objects.filter(kind__in=list(_PORTAL)):
        for duty, role in _PORTAL[OrganisationKind(organisation.kind)].items():
            join(user=getattr(people, duty), organisation=organisation, role=role)


def _desk(province: Region, people: People, now: datetime) -> Organisation:
    name = f"{province.name}民政厅（主任务）"
    known = Organisation.objects.filter(name=name, kind=OrganisationKind.CIVIL_AFFAIRS).first()
    return known or register_organisation(
        name=name,
        kind=OrganisationKind.CIVIL_AFFAIRS,
        region=province.pk,
        credit_code=None,
        by=people.officer,
        now=now,
    )
