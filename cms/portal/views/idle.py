"""What one fund could not give, and which restriction kept it from whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.idleness import idle_csv, shown
from cms.portal.access import member, portal_member
from cms.portal.queries import funds_for
from matching.idleness import idle_funds


@require_safe
@portal_member
def fund_idle(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show the idle-money report of one of the member's funds, or give it as a table."""
    fund = get_object_or_404(funds_for(member(request)), pk=fund_id)
    report = idle_funds(now=timezone.now(), fund_ids=[fund.pk])
    if request.GET.get("format") == "csv":
        return idle_csv(f"idle-{fund.pk.hex[:8]}", report)
    idle = report[0][1] if report else None
    context: dict[str, object] = {"section": "funds", "fund": fund, "idle": idle}
    if idle:
        context |= shown(idle)
    return render(request, "portal/idle.html", context)
