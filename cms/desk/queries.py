"""What the desk's pages read: always narrowed to the regions of the user's units."""

from django.db.models import Q, QuerySet

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import DESK_ROLES
from jiujinan.audit.models import AuditEntry
from jiujinan.regions.rules import prefix
from needs.models import CaseRecord, GateDecision


def cases_for(user: User) -> QuerySet[CaseRecord]:
    """Return the case records of the regions that the user's units cover, with what the list shows."""
    units = user.memberships.filter(role__in=DESK_ROLES).values_list("organisation__region_id", flat=True)
    within = Q(pk__in=[])
    for unit in set(units):
        within |= Q(region__code__startswith=prefix(unit))
    return CaseRecord.objects.filter(within).select_related(
        "region__parent",
        "owner",
        "officer",
        "verifier",
        "publisher",
        "unit",
        "household",
        "need",
        "beneficiary",
    )


def gate_decisions(case: CaseRecord) -> QuerySet[GateDecision]:
    """Return what the gate decided about the case's need, newest first."""
    return GateDecision.objects.filter(need__case=case).select_related("project", "by").order_by("-at")


def trail(case: CaseRecord) -> QuerySet[AuditEntry]:
    """Return who did what to the case, newest first."""
    return AuditEntry.objects.filter(stream=f"case:{case.pk}").select_related("by").order_by("-seq")
