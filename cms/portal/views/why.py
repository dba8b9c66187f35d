"""Why did nothing come to me? A fund's, an agency's and a station's reasons, and why (not) a project of the site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.portal.access import SERVICE_ROLES, member, organisation_ids, portal_member
from cms.portal.queries import funds_for
from cms.reasons import pair_words, supply_words
from cms.where_next import where_next_context
from donors.models import Fund, GoodsLot, ServiceOffer
from matching.models import Proposal
from matching.queries import latest_run, why_pair, why_supply
from needs.models import GateDecision, NeedItem
from needs.states import ProjectState

ITEM_KIND = {"fund": "cash", "offer": "service", "lot": "goods"}


@require_safe
@portal_member
def fund_why(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show why needs came to this fund in the latest run, or why none did."""
    fund = get_object_or_404(funds_for(member(request)), pk=fund_id)
    return _show(request, "fund", fund, section="funds")


@require_safe
@portal_member
def supply_why(request: HttpRequest, sort: str, supply_id: str) -> HttpResponse:
    """Show why needs came to this service or these goods in the latest run, or why none did."""
    mine = organisation_ids(member(request), *SERVICE_ROLES)
    supply: ServiceOffer | GoodsLot
    if sort == "offers":
        supply = get_object_or_404(ServiceOffer.objects.filter(organisation__in=mine), pk=supply_id)
    elif sort == "lots":
        supply = get_object_or_404(GoodsLot.objects.filter(station__in=mine), pk=supply_id)
    else:
        raise Http404
    return _show(request, sort.removesuffix("s"), supply, section="supplies")


@require_safe
@portal_member
def where_next(request: HttpRequest) -> HttpResponse:
    """Show where a new yuan helps most, by place and category."""
    return render(request, "portal/where_next.html", {"section": "funds", **where_next_context(request)})


def _show(
    request: HttpRequest, kind: str, supply: Fund | ServiceOffer | GoodsLot, *, section: str
) -> HttpResponse:
    run = latest_run()
    why = why_supply(kind=kind, supply=supply.pk, run=run) if run else None
    number = request.GET.get("project", "").strip()[:40]
    context = {
        "section": section,
        "supply": supply,
        "kind": kind,
        "run": run,
        "words": supply_words(why.reasons) if why else [],
        "number": number,
        "pairs": _pairs(kind, supply, number) if number and run else [],
        "missing": _unknown() if number and not _standing(number) else "",
    }
    return render(request, "portal/why.html", context)


def _standing(number: str) -> GateDecision | None:
    return GateDecision.objects.filter(
        project__number__iexact=number, project__state=ProjectState.PUBLISHED, withdrawn_at=None
    ).first()


def _pairs(
    kind: str, supply: Fund | ServiceOffer | GoodsLot, number: str
) -> list[list[tuple[bool | None, str]]]:
    """Return for each item of the project that asks for this kind why (not) this resource, in public words alone."""
    decision = _standing(number)
    if decision is None:
        return []
    items = NeedItem.objects.filter(need_id=decision.need_id, kind=ITEM_KIND[kind]).select_related(
        "need__case"
    )
    found: list[list[tuple[bool | None, str]]] = []
    for item in items.order_by("category", "pk"):
        reasons = why_pair(kind=item.kind, item=item.pk, supply=supply.pk)
        offered = Proposal.objects.filter(item=item, **{kind: supply}).exists()
        if reasons is None:
            found.append(
                [(False, _("The latest run did not see both: nothing was free, or nothing was lacking."))]
            )
        else:
            found.append(pair_words(reasons, public_only=not offered, untold=_untold(decision, item)))
    return found or [[(False, _("This project does not ask for what you give."))]]


def _untold(decision: GateDecision, item: NeedItem) -> set[str]:
    """Return the rules on whose facts the public project is silent, or coarser than the need."""
    project = decision.project
    assert project is not None, "only decisions with a standing project are asked about"
    place = decision.item_places.get(str(item.pk))
    shown = project.items.filter(place=place).first() if place is not None else None
    told = {
        "region": project.region_id == item.need.case.region_id,
        "tier": project.tier == item.need.tier,
        "category": shown is not None and shown.category == item.category,
    }
    return {rule for rule, is_told in told.items() if not is_told}


def _unknown() -> str:
    return _("No project of this number stands in public.")
