"""Complaints and corrections on the desk: the list, one of them, and its acts."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.discovery.queries import within
from cms.desk.forms import ReasonForm
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case, can_withdraw_case
from jiujinan.audit.models import AuditEntry
from jiujinan.sealing.services import open_fields
from jiujinan.states import ForbiddenAct
from needs.discovery import services as discovery
from needs.discovery.complaint_states import (
    KIND_LABELS,
    OPEN_STATES,
    OUTCOME_LABELS,
    STATE_LABELS,
    Outcome,
)
from needs.discovery.models import Complaint
from needs.discovery.services import NotYet
from needs.labels import lazy_choices
from needs.states import ProjectState

PAGE_SIZE = 50
TRAIL_SHOWN = 30
SEALED = ("words", "name", "phone")
OBSTACLES = {
    "reason_missing": gettext_noop("Please give the reason."),
    "take_down_first": gettext_noop("It might point to a person: take the project down first."),
    "nothing_public": gettext_noop("The project does not stand in public any more."),
}


class ComplaintFilterForm(forms.Form):
    """Which complaints to show."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Waiting")), ("all", gettext_lazy("All")), *lazy_choices(STATE_LABELS)],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong"),
        required=False,
        choices=[("", gettext_lazy("All")), *lazy_choices(KIND_LABELS)],
    )


class OutcomeForm(forms.Form):
    """How a complaint is answered."""

    outcome = forms.ChoiceField(label=gettext_lazy("Answer"), choices=lazy_choices(OUTCOME_LABELS))
    reason = forms.CharField(
        label=gettext_lazy("What was found, and what the person was told"),
        min_length=2,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def complaints_for(user: User) -> QuerySet[Complaint]:
    """Return the complaints of the user's regions, the most pressing first."""
    found = Complaint.objects.filter(within(user, "region__code"))
    return found.select_related("region__parent", "owner", "project").order_by(
        F("due_at").asc(nulls_last=True), "-received_at", "pk"
    )


@require_safe
@desk_member
def complaint_list(request: HttpRequest) -> HttpResponse:
    """Show the complaints, the most pressing deadline first."""
    form = ComplaintFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = complaints_for(cast("User", request.user))
    if chosen.get("state") != "all":
        found = found.filter(state__in=[chosen["state"]] if chosen.get("state") else OPEN_STATES)
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {"form": form, "page": page, "page_range": numbers, "now": timezone.now()}
    return render(request, "desk/discovery/complaints.html", context)


@never_cache
@require_safe
@desk_member
def complaint_detail(request: HttpRequest, complaint_id: str) -> HttpResponse:
    """Show one complaint; what was told stays sealed."""
    return _show(request, _complaint(request, complaint_id))


@never_cache
@require_POST
@desk_member
def complaint_open(request: HttpRequest, complaint_id: str) -> HttpResponse:
    """Show what was told once, against a reason that goes into the trail."""
    complaint, form = _complaint(request, complaint_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, complaint, reason_form=form)
    (opened,) = open_fields(
        rows=[complaint],
        fields=SEALED,
        case=discovery.complaint_trail(complaint),
        by=cast("User", request.user),
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    return _show(request, complaint, opened=opened)


@never_cache
@require_POST
@desk_member
def complaint_act(request: HttpRequest, complaint_id: str) -> HttpResponse:
    """Do one act of the complaint's table, or take its project down."""
    complaint, user, now = _complaint(request, complaint_id), cast("User", request.user), timezone.now()
    form = OutcomeForm(request.POST, auto_id="outcome_%s")
    if request.POST.get("act") == "answer" and not form.is_valid():
        return _show(request, complaint, outcome_form=form)
    try:
        _act(request.POST.get("act", ""), complaint, user, now, form)
    except NotAllowed:
        raise PermissionDenied from None
    except NotYet as obstacle:
        messages.error(request, _(OBSTACLES[obstacle.code]))
    except ForbiddenAct:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    else:
        messages.success(request, _("Done and recorded."))
    return redirect("desk:complaint", complaint_id)


def _act(name: str, complaint: Complaint, user: User, now: datetime, form: OutcomeForm) -> None:
    acts: dict[str, Callable[[], None]] = {
        "take_down": lambda: discovery.take_down(complaint=complaint, by=user, now=now),
        "look_into": lambda: discovery.look_into(complaint=complaint, by=user, now=now),
        "answer": lambda: discovery.answer_complaint(
            complaint=complaint,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            by=user,
            now=now,
        ),
    }
    if name not in acts:
        raise PermissionDenied
    acts[name]()


def _complaint(request: HttpRequest, complaint_id: str) -> Complaint:
    return get_object_or_404(complaints_for(cast("User", request.user)), pk=complaint_id)


def _show(
    request: HttpRequest,
    complaint: Complaint,
    *,
    opened: dict[str, str | None] | None = None,
    reason_form: ReasonForm | None = None,
    outcome_form: OutcomeForm | None = None,
) -> HttpResponse:
    user = cast("User", request.user)
    is_open = complaint.state in OPEN_STATES
    is_public = complaint.project is not None and complaint.project.state == ProjectState.PUBLISHED
    stream = f"case:{discovery.complaint_trail(complaint)}"
    trail = AuditEntry.objects.filter(stream=stream).select_related("by").order_by("-seq")
    context = {
        "complaint": complaint,
        "opened": opened,
        "is_public": is_public,
        "may_act": is_open and can_handle_case(user, region=complaint.region_id),
        "may_take_down": is_public and can_withdraw_case(user, region=complaint.region_id),
        "trail": list(trail[:TRAIL_SHOWN]),
        "reason_form": reason_form or ReasonForm(),
        "outcome_form": outcome_form or OutcomeForm(auto_id="outcome_%s"),
        "now": timezone.now(),
    }
    wrong = reason_form is not None or outcome_form is not None
    return render(request, "desk/discovery/complaint.html", context, status=422 if wrong else 200)
