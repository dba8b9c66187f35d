"""What these pages read: narrowed to the regions of the user's units."""

from django.db.models import Q, QuerySet

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import DESK_ROLES, Role
from jiujinan.regions.rules import prefix
from jiujinan.sealing.models import ReadingAlarm
from needs.intake.models import Merge, PossibleDuplicate


def duplicates_for(user: User) -> QuerySet[PossibleDuplicate]:
    """Return the pairs of the user's regions."""
    found = PossibleDuplicate.objects.filter(_within(user, set(DESK_ROLES), "region__code"))
    # The people come by queries of their own: joined, a planner without figures would cross all their households.
    return found.select_related("region__parent", "decided_by").prefetch_related(
        "first__household__region__parent", "second__household__region__parent"
    )


def standing_merge(pair: PossibleDuplicate) -> Merge | None:
    """Return the merging of the two that was not taken back."""
    both = [pair.first_id, pair.second_id]
    return Merge.objects.filter(kept__in=both, absorbed__in=both, undone_at=None).first()


def alarms_for(user: User) -> QuerySet[ReadingAlarm]:
    """Return the alarms of the regions that the user supervises, and of readers of units there; never own ones."""
    roles = {Role.SUPERVISOR}
    units = Organisation.objects.filter(_within(user, roles, "region__code"))
    mine = _within(user, roles, "region") | Q(reader__memberships__organisation__in=units)
    return (
        ReadingAlarm.objects.filter(mine)
        .exclude(reader=user)
        .select_related("reader", "acknowledged_by")
        .distinct()
    )


def _within(user: User, roles: set[Role], field: str) -> Q:
    regions = user.memberships.filter(role__in=roles).values_list("organisation__region_id", flat=True)
    found = Q(pk__in=[])
    for region in set(regions):
        found |= Q(**{f"{field}__startswith": prefix(region)})
    return found
