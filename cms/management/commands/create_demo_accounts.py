"""`manage.py create_demo_accounts`: one person for each role, with a password that is shown once."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.management.demo import FUND_MANAGER
from donors.models import Fund, GoodsLot, Pairing, ServiceOffer
from jiujinan.accounts.models import ROLE_LABELS, Organisation, User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person

DESK_REGION = "990100"
DESK_NAME = "云川市民政局（演示）"
PEOPLE = {
    Role.CASE_OFFICER: ("jingban", "林经办"),
    Role.VERIFIER: ("shenhe", "周审核"),
    Role.PUBLISHER: ("fabu", "吴发布"),
    Role.SUPERVISOR: ("dudao", "郑督导"),
    Role.EDITOR: ("bianji", "王编辑"),
    Role.AUDITOR: ("shenji", "孙审计"),
    Role.FUND_MANAGER: (FUND_MANAGER, "陈基金"),
    Role.PAYER: ("bofu", "何拨付"),
    Role.PAYMENT_APPROVER: ("fuhe", "高复核"),
    Role.AGENCY_WORKER: ("shegong", "罗社工"),
    Role.STATION_KEEPER: ("yizhan", "梁驿站"),
    Role.PARTNER_MANAGER: ("bangfu", "宋帮扶"),
}


class Command(BaseCommand):
    """Create the demo's accounts; those that exist keep their passwords."""

    help = "Create one demo account for each role and print the generated passwords once."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print."""
        lines = []
        for role, (username, full_name) in PEOPLE.items():
            if User.objects.filter(username=username).exists():
                continue
            password = secrets.token_urlsafe(9)
            user = register_person(username=username, full_name=f"{full_name}（演示）", password=password)
            join(user=user, organisation=_place_of(role, by=user), role=role)
            lines.append(f"  {ROLE_LABELS[role]:\u3000<10} {username:<10} {password}")
        if lines:
            self.stdout.write(_("Demo accounts (shown once; all fictitious):"))
            self.stdout.write("\n".join(lines))


def _place_of(role: Role, *, by: User) -> Organisation:
    """Return the organisation where the demo's person of that role works: the one with the most to do."""
    if role in {Role.FUND_MANAGER, Role.PAYER, Role.PAYMENT_APPROVER}:
        holders = Fund.objects.order_by("holder__name").values_list("holder", flat=True)
        return Organisation.objects.get(pk=_most_frequent(list(holders)))
    if role == Role.AGENCY_WORKER:
        return (
            ServiceOffer.objects.order_by("organisation__name").select_related("organisation")[0].organisation
        )
    if role == Role.STATION_KEEPER:
        return GoodsLot.objects.order_by("station__name").select_related("station")[0].station
    if role == Role.PARTNER_MANAGER:
        return Pairing.objects.order_by("partner__name").select_related("partner")[0].partner
    known = Organisation.objects.filter(name=DESK_NAME).first()
    return known or register_organisation(
        name=DESK_NAME,
        kind=OrganisationKind.CIVIL_AFFAIRS,
        region=DESK_REGION,
        credit_code=None,
        by=by,
        now=timezone.now(),
    )


def _most_frequent(values: list[int]) -> int:
    return max(sorted(set(values)), key=values.count)
