"""The civil-affairs desk: the list of one's region, one case, its acts, and opening what is sealed."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.acts import ACTS, acts_for
from cms.desk.casework.context import casework
from cms.desk.filters import CaseFilter
from cms.desk.forms import ReasonForm
from cms.desk.people.aid import repeated_aid
from cms.desk.queries import cases_for, gate_decisions, trail
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import, can_record_for_case
from jiujinan.sealing.services import open_fields
from jiujinan.states import ForbiddenAct
from needs.models import CaseRecord
from needs.services.refusals import NotReady

RECORDS: dict[str, tuple[Callable[[CaseRecord], QuerySet[Any]], str]] = {
    "minutes": (lambda case: case.conferences.all(), "minutes"),
    "evidence": (lambda case: case.household.flags.all(), "evidence"),
}
PAGE_SIZE = 50
TRAIL_SHOWN = 30
SEALED = ("name", "id_number", "phone", "address", "bank_account")


@require_safe
@desk_member
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases of the user's region, the most pressing deadline first."""
    filters = CaseFilter(request.GET, queryset=cases_for(cast("User", request.user)))
    filters.form.is_valid()
    paginator = Paginator(
        filters.qs.order_by(F("due_at").asc(nulls_last=True), "-need__score", "pk"), PAGE_SIZE
    )
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "may_type": can_import(request.user),
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "now": timezone.now(),
    }
    return render(request, "desk/cases.html", context)


@require_safe
@never_cache
@desk_member
def case_detail(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show one case; who the people are stays sealed."""
    return _show(request, _case(request, case_id))


@require_POST
@never_cache
@desk_member
def case_open(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show the personal data once, against a reason that goes into the trail."""
    case = _case(request, case_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form=form)
    people = list(case.household.members.order_by("-is_head", "pk"))
    opened = open_fields(
        rows=people,
        fields=SEALED,
        case=str(case.pk),
        by=cast("User", request.user),
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
        region=case.region_id,
    )
    return _show(request, case, people=list(zip(people, opened, strict=True)))


@require_POST
@never_cache
@desk_member
def record_open(request: HttpRequest, case_id: str, kind: str, record_id: UUID) -> HttpResponse:
    """Show a conference's minutes or a flag's evidence once, against a reason that goes into the trail."""
    case, user = _case(request, case_id), cast("User", request.user)
    if not can_record_for_case(user, region=case.region_id):
        raise PermissionDenied
    if kind not in RECORDS:
        raise Http404
    rows, name = RECORDS[kind]
    row = get_object_or_404(rows(case), pk=record_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give the reason."))
        return redirect("desk:case", case_id)
    (opened,) = open_fields(
        rows=[row],
        fields=[name],
        case=str(case.pk),
        by=user,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
        region=case.region_id,
    )
    return _show(request, case, records={record_id: opened[name] or ""})


@require_POST
@desk_member
def case_act(request: HttpRequest, case_id: str) -> HttpResponse:
    """Do one act of the case's tables."""
    case = _case(request, case_id)
    name, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()[:300]
    act = ACTS.get(name)
    if act is None:
        raise PermissionDenied
    if act.needs_reason and not reason:
        messages.error(request, _("Please give the reason."))
        return redirect("desk:case", case_id)
    try:
        act.do(case, reason, cast("User", request.user), timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except NotReady as obstacle:
        messages.error(request, obstacle_words(obstacle.obstacles))
    except ForbiddenAct:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    else:
        messages.success(request, _("Done and recorded."))
    return redirect("desk:case", case_id)


def _case(request: HttpRequest, case_id: str) -> CaseRecord:
    return get_object_or_404(cases_for(cast("User", request.user)), pk=case_id)


def _show(
    request: HttpRequest,
    case: CaseRecord,
    *,
    form: ReasonForm | None = None,
    people: list[tuple[object, dict[str, str | None]]] | None = None,
    records: dict[UUID, str] | None = None,
) -> HttpResponse:
    user = cast("User", request.user)
    decisions = list(gate_decisions(case))
    items = list(case.need.items.all()) if hasattr(case, "need") else []
    context = {
        **casework(user, case, items, timezone.now()),
        "case": case,
        "repeated": repeated_aid(case, timezone.localdate()),
        "items": items,
        "decisions": [(one, obstacle_words(one.reasons)) for one in decisions],
        "acts": [(name, act) for name, act in acts_for(user, case).items()],
        "state_reason": _reason_words(case.state_reason),
        "trail": [(entry, _reason_words(entry.reason)) for entry in trail(case)[:TRAIL_SHOWN]],
        "reason_form": form or ReasonForm(),
        "people": people,
        "opened_records": records or {},
    }
    return render(request, "desk/case.html", context, status=422 if form else 200)


def _reason_words(reason: str) -> str:
    """Return a reason as a person reads it: the main job writes codes, people write words."""
    return obstacle_words(reason.split(", ")) if reason else ""
