"""What the discovery pages read, narrowed to the regions of the user's units."""

from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import DESK_ROLES
from jiujinan.audit.models import AuditEntry
from jiujinan.regions.rules import prefix
from needs.discovery.models import NeedReport, WatchEntry, WatchGroup
from needs.discovery.services import trail_name
from needs.models import CaseRecord, Person


def within(user: User, field: str) -> Q:
    """Return the condition that the field's division lies in one of the user's units."""
    units = user.memberships.filter(role__in=DESK_ROLES).values_list("organisation__region_id", flat=True)
    condition = Q(pk__in=[])
    for unit in set(units):
        condition |= Q(**{f"{field}__startswith": prefix(unit)})
    return condition


def reports_for(user: User) -> QuerySet[NeedReport]:
    """Return the reports of the user's regions, the most pressing first."""
    found = NeedReport.objects.filter(within(user, "region__code"))
    return found.select_related("region__parent", "owner", "case", "visit__entry__group").order_by(
        F("due_at").asc(nulls_last=True), "-received_at", "pk"
    )


def trail_of(report: NeedReport) -> QuerySet[AuditEntry]:
    """Return who did what to the report, newest first."""
    stream = f"case:{trail_name(report)}"
    return AuditEntry.objects.filter(stream=stream).select_related("by").order_by("-seq")


def alike(report: NeedReport) -> QuerySet[NeedReport]:
    """Return the other reports from the same telephone."""
    if not report.phone_index:
        return NeedReport.objects.none()
    return (
        NeedReport.objects.filter(phone_index=report.phone_index)
        .exclude(pk=report.pk)
        .order_by("-received_at")
    )


def cases_known_by(report: NeedReport) -> QuerySet[CaseRecord]:
    """Return the cases of households with a member of the same telephone, or of the visited household."""
    same = Q(pk__in=[])
    if report.phone_index:
        homes = Person.objects.filter(phone_index=report.phone_index).values("household_id")
        same |= Q(household__in=homes)
    if report.visit is not None:
        same |= Q(household=report.visit.entry.household_id)
    return CaseRecord.objects.filter(same).select_related("region__parent").order_by("-received_at")


def entries_for(user: User) -> QuerySet[WatchEntry]:
    """Return who is to be visited in the user's regions, the next first."""
    latest = CaseRecord.objects.filter(household=OuterRef("household")).order_by("-received_at", "pk")
    return (
        WatchEntry.objects.filter(within(user, "household__region__code"), ended_at=None)
        .select_related("group", "household__region__parent")
        .annotate(
            case_id=Subquery(latest.values("pk")[:1]),
            case_number=Subquery(latest.values("number")[:1]),
            visited=Count("visits"),
        )
        .order_by("next_visit_on", "pk")
    )


def groups_for(user: User, *, today: date) -> QuerySet[WatchGroup]:
    """Return the groups in force with how many stand on their lists and how many visits are late."""
    mine = within(user, "entries__household__region__code") & Q(entries__ended_at=None)
    return WatchGroup.objects.annotate(
        standing=Count("entries", filter=mine),
        late=Count("entries", filter=mine & Q(entries__next_visit_on__lt=today)),
    ).select_related("region")


def overdue(reports: QuerySet[NeedReport], now: datetime) -> QuerySet[NeedReport]:
    """Keep the reports that wait past their deadline."""
    return reports.filter(due_at__lt=now)
