"""Who answers for a place from the first minute (首问负责)."""

from django.db.models import Count, Q

from jiujinan.accounts.models import Membership, User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.regions.rules import is_within, prefix
from needs.discovery.states import WAITING


class NobodyInCharge(Exception):
    """No civil affairs unit covers the place; the caller names the telephone instead."""


def first_owner(*, region: str, wanted: Role = Role.CASE_OFFICER) -> User:
    """Return the officer of the nearest unit with the fewest waiting reports; supervisors where it has no officer.

    `wanted` may be SUPERVISOR, for what an officer shall not answer for himself.
    """
    seats = Membership.objects.filter(
        organisation__kind=OrganisationKind.CIVIL_AFFAIRS,
        role__in=[Role.CASE_OFFICER, Role.SUPERVISOR],
        user__is_active=True,
    ).select_related("user", "organisation")
    near = [seat for seat in seats if is_within(region, seat.organisation.region_id)]
    if not near:
        raise NobodyInCharge(region)
    load = dict(
        User.objects.filter(pk__in={seat.user_id for seat in near})
        .annotate(waiting=Count("reports", filter=Q(reports__state__in=WAITING)))
        .values_list("pk", "waiting")
    )
    best = min(
        near,
        key=lambda seat: (
            -len(prefix(seat.organisation.region_id)),
            seat.role != wanted,
            load[seat.user_id],
            seat.user_id,
        ),
    )
    return best.user
