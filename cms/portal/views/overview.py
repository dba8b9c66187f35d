"""Where a member starts: what waits, what is held, what was promised."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from cms.portal.access import member, organisations_of, portal_member
from cms.portal.queries import commitments_for, funds_for, projects_of, proposals_for, referrals_for
from cms.portal.reminders import reminders
from cms.reports import render_donor_report, stylesheet_source
from matching.reporting import report_on
from matching.states import STANDING_COMMITMENTS, WAITING_REFERRALS, ProposalState

FUNDS_SHOWN = 50
FIRST_SHOWN = 5


@require_safe
@portal_member
def overview(request: HttpRequest) -> HttpResponse:
    """Show the member's organisations, what waits for an answer, and the balances."""
    user = member(request)
    waiting = proposals_for(user).filter(state=ProposalState.PROPOSED, expires_at__gt=timezone.now())
    first = list(waiting.order_by("expires_at", "pk")[:FIRST_SHOWN])
    projects = projects_of(proposal.item.need_id for proposal in first)
    funds = funds_for(user).order_by("-balance__available_fen", "name")
    return render(
        request,
        "portal/overview.html",
        {
            "section": "overview",
            "organisations": organisations_of(user),
            "waiting": waiting.count(),
            "urgent": [(proposal, projects.get(proposal.item.need_id)) for proposal in first],
            "referrals": referrals_for(user).filter(state__in=WAITING_REFERRALS).count(),
            "standing": commitments_for(user).filter(state__in=STANDING_COMMITMENTS).count(),
            "funds": funds[:FUNDS_SHOWN],
            "reminders": reminders(user, now=timezone.now()),
        },
    )


@require_safe
@portal_member
def fund_report(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show the report of one of the member's funds as its donor reads it."""
    fund = get_object_or_404(funds_for(member(request)), pk=fund_id)
    page = render_donor_report(
        report_on(fund=fund, now=timezone.now()), language=translation.get_language() or "zh-hans"
    )
    response = HttpResponse(page)
    response._csp_update = {"style-src": [stylesheet_source()]}  # type: ignore[attr-defined]  # django-csp reads it
    return response
