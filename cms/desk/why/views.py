"""Why, and why not: a case's items in the latest run, any pair, and where the next yuan helps most."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.desk.access import desk_member
from cms.desk.queries import cases_for
from cms.reasons import item_words, pair_words
from cms.where_next import where_next_context
from donors.models import Fund, GoodsLot, ServiceOffer
from jiujinan.accounts.models import User
from matching.models import MatchRun, Proposal
from matching.queries import latest_run, why_item, why_pair
from needs.models import NeedItem

Supply = Fund | ServiceOffer | GoodsLot
SUPPLIES: dict[str, QuerySet[Supply]] = {
    "cash": Fund.objects.select_related("holder"),
    "service": ServiceOffer.objects.select_related("organisation"),
    "goods": GoodsLot.objects.select_related("station"),
}
FOUND_AT_MOST = 20


@require_safe
@desk_member
def case_why(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show for each item of the case what the latest run made of it, and ask about any resource by name."""
    case = get_object_or_404(cases_for(cast("User", request.user)), pk=case_id)
    run = latest_run()
    items = list(NeedItem.objects.filter(need__case=case)) if run else []
    asked = request.GET.get("q", "").strip()[:60]
    context = {
        "case": case,
        "run": run,
        "asked": asked,
        "rows": [_row(run, item, asked) for item in items] if run else [],
        "pair": _pair(run, items, request) if run else None,
    }
    return render(request, "desk/why/case.html", context)


@require_safe
@desk_member
def where_next(request: HttpRequest) -> HttpResponse:
    """Show where a new yuan helps most, by place and category."""
    return render(request, "desk/why/where_next.html", where_next_context(request))


def _row(run: MatchRun, item: NeedItem, asked: str) -> dict[str, object]:
    why = why_item(kind=item.kind, item=item.pk, run=run)
    nearest = _named(item.kind, why.nearest) if why and why.nearest else None
    offered = Proposal.objects.filter(item=item, run=run).select_related("fund", "offer", "lot")
    return {
        "item": item,
        "why": why,
        "words": item_words(why.reasons, str(nearest or "")) if why else [],
        "nearest": nearest,
        "offered": list(offered.order_by("-amount", "pk")),
        "found": _search(item.kind, asked) if asked else [],
    }


def _search(kind: str, asked: str) -> list[Supply]:
    return list(SUPPLIES[kind].filter(name__icontains=asked).order_by("name", "pk")[:FOUND_AT_MOST])


def _named(kind: str, key: UUID) -> Supply | None:
    return SUPPLIES[kind].filter(pk=key).first()


def _pair(run: MatchRun, items: list[NeedItem], request: HttpRequest) -> dict[str, object] | None:
    """Return why (not) the pair that the address names; None where it names none."""
    if "item" not in request.GET or "supply" not in request.GET:
        return None
    item = next((one for one in items if str(one.pk) == request.GET["item"]), None)
    try:
        supply = _named(item.kind, UUID(request.GET["supply"])) if item else None
    except ValueError:
        supply = None
    if item is None or supply is None:
        raise Http404
    reasons = why_pair(kind=item.kind, item=item.pk, supply=supply.pk, run=run)
    words = pair_words(reasons, values=True) if reasons else [(False, _unseen())]
    return {"item": item, "supply": supply, "words": words, "amount": reasons.amount if reasons else 0}


def _unseen() -> str:
    return _(
        "The latest run did not see one of the two: it was not open, had nothing free, or lacked nothing."
    )
