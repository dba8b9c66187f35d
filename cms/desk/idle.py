"""Idle money over all funds, for civil affairs: which restriction keeps it from which need."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.desk.access import desk_member
from cms.idleness import idle_csv, relaxation_words, rule_bars, shown
from donors.models import Fund
from matching.idleness import idle_funds

FUNDS_A_PAGE = 20


@require_safe
@desk_member
def idle_list(request: HttpRequest) -> HttpResponse:
    """Show over all funds what money lies idle and which restriction keeps it from which need."""
    funds = Fund.objects.open().filter(balance__isnull=False)
    if request.GET.get("format") == "csv":
        return idle_csv("idle-money", idle_funds(now=timezone.now()))
    paginator = Paginator(funds.order_by("-balance__available_fen", "name", "pk"), FUNDS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    report = idle_funds(now=timezone.now(), fund_ids=[fund.pk for fund in page])
    longest = max((idle.idle_fen for _fund, idle in report), default=0)
    rows = [
        (fund, idle, relaxation_words(idle), bars[0] if (bars := rule_bars(idle)) else None)
        for fund, idle in report
    ]
    context = {
        "rows": rows,
        "longest": longest,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
    }
    return render(request, "desk/idle.html", context)


@require_safe
@desk_member
def idle_fund(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show one fund's idle-money report."""
    report = idle_funds(now=timezone.now(), fund_ids=[get_object_or_404(Fund, pk=fund_id).pk])
    if not report:
        raise Http404
    fund, idle = report[0]
    return render(request, "desk/idle_fund.html", {"fund": fund, "idle": idle, **shown(idle)})
