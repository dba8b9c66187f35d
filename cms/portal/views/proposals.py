"""Proposals: read why, accept some or all of it, or decline with a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.portal.access import member, portal_member
from cms.portal.forms import AmountForm, DeclineForm
from cms.portal.queries import projects_of, proposals_for
from cms.portal.refusals import REFUSALS, in_words
from cms.templatetags.cms_ui import amount as shown_amount
from cms.wording import proposal_reasons
from jiujinan.accounts.predicates import NotAllowed
from matching.models import Proposal
from matching.services.proposals import accept_proposal, decline_proposal
from matching.states import DeclineReason, ProposalState

PAGE_SIZE = 24


@require_safe
@portal_member
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer, or what was answered."""
    answered = request.GET.get("state") == "answered"
    mine = proposals_for(member(request))
    waiting = {"state": ProposalState.PROPOSED, "expires_at__gt": timezone.now()}
    found = (
        mine.exclude(**waiting).order_by("-answered_at", "pk")
        if answered
        else mine.filter(**waiting).order_by("expires_at", "pk")
    )
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    projects = projects_of(proposal.item.need_id for proposal in page)
    rows = [(proposal, projects.get(proposal.item.need_id)) for proposal in page]
    context = {
        "section": "proposals",
        "rows": rows,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "answered": answered,
    }
    return render(request, "portal/proposals.html", context)


@require_safe
@portal_member
def proposal_detail(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """Show one proposal with its reasons, and the two answers."""
    proposal = get_object_or_404(proposals_for(member(request)), pk=proposal_id)
    return _show(request, proposal, amount=_amount_form(proposal), decline=DeclineForm())


@require_safe
@portal_member
def proposal_confirm(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """Show what an acceptance would change, before it does."""
    proposal = get_object_or_404(proposals_for(member(request)), pk=proposal_id)
    form = _amount_form(proposal, request.GET)
    if not form.is_valid():
        return _show(request, proposal, amount=form, decline=DeclineForm())
    context = {
        **_context(proposal),
        "units": form.units,
        "entered": form.cleaned_data["amount"],
        "gap_after": max(proposal.item.gap - form.units, 0),
        "left_after": proposal.fund.balance.available_fen - form.units if proposal.fund else None,
    }
    return render(request, "portal/confirm.html", context)


@require_POST
@portal_member
def proposal_accept(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """Accept; a second click has the effect of the first."""
    proposal = get_object_or_404(proposals_for(member(request)), pk=proposal_id)
    form = _amount_form(proposal, request.POST)
    if not form.is_valid():
        return _show(request, proposal, amount=form, decline=DeclineForm())
    try:
        accept_proposal(proposal=proposal, amount=form.units, by=member(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except REFUSALS as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(
            request,
            _("Promised: %(amount)s. The gap has fallen by as much.")
            % {"amount": shown_amount(form.units, proposal.item.unit)},
        )
    return redirect("portal:proposal", proposal_id)


@require_POST
@portal_member
def proposal_decline(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """Decline with a reason from the list."""
    proposal = get_object_or_404(proposals_for(member(request)), pk=proposal_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, proposal, amount=_amount_form(proposal), decline=form)
    reason = DeclineReason(form.cleaned_data["reason"])
    try:
        decline_proposal(proposal=proposal, reason=reason, by=member(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except REFUSALS as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Declined. The next run offers the need to others."))
    return redirect("portal:proposal", proposal_id)


def _amount_form(proposal: Proposal, data: object = None) -> AmountForm:
    return AmountForm(data, proposed=proposal.amount, unit=proposal.item.unit)


def _context(proposal: Proposal) -> dict[str, object]:
    return {
        "section": "proposals",
        "proposal": proposal,
        "item": proposal.item,
        "project": projects_of([proposal.item.need_id]).get(proposal.item.need_id),
        "reasons": proposal_reasons(proposal),
        "open": proposal.state == ProposalState.PROPOSED and proposal.expires_at > timezone.now(),
    }


def _show(
    request: HttpRequest, proposal: Proposal, *, amount: AmountForm, decline: DeclineForm
) -> HttpResponse:
    context = {**_context(proposal), "amount_form": amount, "decline_form": decline}
    wrong = bool(amount.errors or decline.errors)
    return render(request, "portal/proposal.html", context, status=422 if wrong else 200)
