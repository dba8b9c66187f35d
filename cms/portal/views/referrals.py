"""Referrals: answer, begin, record sessions, end with an outcome."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from cms.portal.access import member, portal_member
from cms.portal.forms import OutcomeForm, SessionsForm
from cms.portal.queries import projects_of, referrals_for
from cms.portal.refusals import REFUSALS, in_words
from jiujinan.accounts.predicates import NotAllowed
from matching.models import Referral
from matching.services.referrals import advance_referral, give_sessions
from matching.states import REFERRAL_ACTS, RUNNING_REFERRALS, WAITING_REFERRALS, ReferralState

PAGE_SIZE = 24
ACT_LABELS = {
    "receive": gettext_noop("Confirm receipt"),
    "accept": gettext_noop("Accept"),
    "reject": gettext_noop("Reject"),
    "start": gettext_noop("Begin the service"),
    "hold": gettext_noop("Put on hold"),
    "complete": gettext_noop("Complete"),
    "fail": gettext_noop("End as failed"),
}


@require_safe
@portal_member
def referral_list(request: HttpRequest) -> HttpResponse:
    """Show what runs or waits, or what has ended."""
    ended = request.GET.get("state") == "ended"
    running = WAITING_REFERRALS | RUNNING_REFERRALS
    mine = referrals_for(member(request))
    found = mine.exclude(state__in=running) if ended else mine.filter(state__in=running)
    paginator = Paginator(found.order_by("answer_due_at", "pk"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    projects = projects_of(referral.item.need_id for referral in page)
    context = {
        "section": "referrals",
        "rows": [(referral, projects.get(referral.item.need_id)) for referral in page],
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "ended": ended,
    }
    return render(request, "portal/referrals.html", context)


@require_safe
@portal_member
def referral_detail(request: HttpRequest, referral_id: str) -> HttpResponse:
    """Show one referral with the acts that its state allows."""
    referral = get_object_or_404(referrals_for(member(request)), pk=referral_id)
    left = referral.quantity - referral.given
    context = {
        "section": "referrals",
        "referral": referral,
        "item": referral.item,
        "project": projects_of([referral.item.need_id]).get(referral.item.need_id),
        "acts": acts_of(referral),
        "outcome_form": OutcomeForm(),
        "sessions_form": SessionsForm(left=left, initial={"key": uuid.uuid4()})
        if referral.state == ReferralState.IN_PROGRESS and left
        else None,
    }
    return render(request, "portal/referral.html", context)


@require_POST
@portal_member
def referral_act(request: HttpRequest, referral_id: str) -> HttpResponse:
    """Do one act; doing it again is told, not repeated."""
    referral = get_object_or_404(referrals_for(member(request)), pk=referral_id)
    act, form = request.POST.get("act", ""), OutcomeForm(request.POST)
    if act in ACT_LABELS and form.is_valid():
        outcome = form.cleaned_data["outcome"]
        try:
            advance_referral(
                referral=referral, act=act, by=member(request), now=timezone.now(), outcome=outcome
            )
        except NotAllowed:
            raise PermissionDenied from None
        except REFUSALS as refusal:
            messages.error(request, in_words(refusal))
        else:
            messages.success(request, _("Recorded. The case and the public project are told."))
    else:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    return redirect("portal:referral", referral_id)


@require_POST
@portal_member
def referral_sessions(request: HttpRequest, referral_id: str) -> HttpResponse:
    """Record sessions that were given."""
    referral = get_object_or_404(referrals_for(member(request)), pk=referral_id)
    form = SessionsForm(
        request.POST, left=referral.quantity
    )  # a repeated form meets its key, not a lower limit
    if form.is_valid():
        try:
            give_sessions(
                referral=referral,
                sessions=form.cleaned_data["sessions"],
                key=f"sessions:{form.cleaned_data['key']}",
                by=member(request),
                now=timezone.now(),
            )
        except NotAllowed:
            raise PermissionDenied from None
        except REFUSALS as refusal:
            messages.error(request, in_words(refusal))
        else:
            messages.success(request, _("Recorded. The case and the public project are told."))
    else:
        messages.error(request, _("There is less than that left."))
    return redirect("portal:referral", referral_id)


def acts_of(referral: Referral) -> list[tuple[str, str]]:
    """Return the acts that the state allows, with their labels, from the referral's table."""
    return [
        (act, _(label)) for act, label in ACT_LABELS.items() if referral.state in REFERRAL_ACTS[act].sources
    ]
