"""What waits in the person's regions, whoever answers for it: one line for each list that has something to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.desk.discovery.complaints import complaints_for
from cms.desk.discovery.queries import entries_for, reports_for
from cms.desk.people.queries import alarms_for, duplicates_for
from cms.desk.queries import cases_for
from cms.desk.texts.queries import waiting_texts
from jiujinan.accounts.models import User
from needs.discovery.complaint_states import OPEN_STATES
from needs.discovery.states import WAITING
from needs.intake.models import Verdict
from needs.states import WAITING_CASES, CaseState


@dataclass(frozen=True)
class Waiting:
    """So many wait on the page at that address."""

    label: object
    count: int
    address: str


def waiting_for(user: User, *, now: datetime) -> list[Waiting]:
    """Return what waits in the regions of the user's units, in the order of the work; a fixed number of queries."""
    cases = (
        cases_for(user)
        .order_by()
        .aggregate(
            late=Count("pk", filter=Q(state__in=WAITING_CASES, due_at__lt=now)),
            received=Count("pk", filter=Q(state=CaseState.RECEIVED)),
            checking=Count("pk", filter=Q(state=CaseState.UNDER_VERIFICATION)),
            returned=Count("pk", filter=Q(state=CaseState.RETURNED)),
        )
    )
    visits = entries_for(user).filter(next_visit_on__lt=timezone.localdate(now))
    desk = reverse("desk:cases")
    found = [
        Waiting(_("Cases overdue"), cases["late"], f"{desk}?overdue=on"),
        Waiting(_("Cases to be taken up"), cases["received"], f"{desk}?state=received"),
        Waiting(_("Cases to be verified"), cases["checking"], f"{desk}?state=under_verification"),
        Waiting(_("Cases returned for more"), cases["returned"], f"{desk}?state=returned"),
        _line(_("Reports of a need"), reports_for(user).filter(state__in=WAITING), "reports"),
        _line(_("Visits overdue"), visits, "visits", "?late=on"),
        _line(_("Possible duplicates"), duplicates_for(user).filter(verdict=Verdict.OPEN), "duplicates"),
        _line(_("Texts to confirm"), waiting_texts(user), "texts"),
        _line(
            _("Complaints and corrections"), complaints_for(user).filter(state__in=OPEN_STATES), "complaints"
        ),
        _line(_("Unusual reading"), alarms_for(user).filter(acknowledged_at=None), "alarms"),
    ]
    return [one for one in found if one.count]


def _line(label: object, rows: QuerySet[Any], view: str, query: str = "") -> Waiting:
    return Waiting(label, rows.count(), reverse(f"desk:{view}") + query)
