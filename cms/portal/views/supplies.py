"""What the member's organisations offer: services, goods, pairings; made, edited, paused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cms.portal.access import SERVICE_ROLES, member, organisation_ids, portal_member
from cms.portal.acting import attempt
from cms.portal.forms.supplies import LotForm, OfferForm, PairingForm
from donors.models import GoodsLot, Pairing, ServiceOffer
from donors.services.supplies import (
    create_lot,
    create_offer,
    create_pairing,
    edit_lot,
    edit_offer,
    edit_pairing,
    set_active,
)
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.predicates import can_offer
from jiujinan.accounts.roles import OrganisationKind

PAGE_SIZE = 24
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Sort:
    """One sort of supply: its model, whose it is, its form, how it is made and edited."""

    model: type[Model]
    owner: str
    kinds: frozenset[OrganisationKind]
    form: type[forms.Form]
    label: str | Promise
    new: str | Promise
    make: Callable[[Organisation, Facts, datetime], Any]
    edit: Callable[[Any, Facts, User, datetime], object]


SORTS = {
    "lots": Sort(
        GoodsLot,
        "station",
        frozenset({OrganisationKind.GOODS_STATION}),
        LotForm,
        gettext_lazy("Goods"),
        gettext_lazy("New goods"),
        lambda owner, facts, now: create_lot(station=owner, now=now, **facts),
        lambda row, facts, by, now: edit_lot(lot=row, changes=facts, by=by, now=now),
    ),
    "pairings": Sort(
        Pairing,
        "partner",
        frozenset({OrganisationKind.PARTNER}),
        PairingForm,
        gettext_lazy("Pairings"),
        gettext_lazy("New pairing"),
        lambda owner, facts, now: create_pairing(partner=owner, now=now, **facts),
        lambda row, facts, by, now: edit_pairing(pairing=row, changes=facts, by=by, now=now),
    ),
    "offers": Sort(
        ServiceOffer,
        "organisation",
        frozenset(
            {OrganisationKind.SOCIAL_WORK_AGENCY, OrganisationKind.PARTNER, OrganisationKind.GOODS_STATION}
        ),
        OfferForm,
        gettext_lazy("Services"),
        gettext_lazy("New service"),
        lambda owner, facts, now: create_offer(organisation=owner, now=now, **facts),
        lambda row, facts, by, now: edit_offer(offer=row, changes=facts, by=by, now=now),
    ),
}


@require_safe
@portal_member
def supply_list(request: HttpRequest, sort: str = "") -> HttpResponse:
    """Show one sort of what is offered; by default the first that the member's organisations have."""
    mine = _sorts_of(request)
    if not mine:
        raise Http404
    sort = sort or next(iter(mine))
    if sort not in mine:
        raise Http404
    paginator = Paginator(_rows(request, sort).order_by("-active", "-created_at", "pk"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "section": "supplies",
        "sort": sort,
        "sorts": [(name, SORTS[name].label) for name in mine],
        "new_label": SORTS[sort].new,
        "rows": [(row, row.free_on(today) if sort != "pairings" else None) for row in page],
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "today": today,
    }
    return render(request, "portal/supplies.html", context)


@portal_member
def supply_new(request: HttpRequest, sort: str) -> HttpResponse:
    """Write down something new."""
    owners = _sorts_of(request).get(sort)
    if not owners:
        raise Http404
    kind = SORTS[sort]
    form = kind.form(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if attempt(
            request,
            lambda: kind.make(owners[0], facts, timezone.now()),
            done=_("Written down. The next match run counts on it."),
        ):
            return redirect("portal:supplies_of", sort)
    return _form(request, form, str(kind.new))


@portal_member
def supply_edit(request: HttpRequest, sort: str, supply_id: str) -> HttpResponse:
    """Change what is offered; what is promised stays promised."""
    row, kind = _mine(request, sort, supply_id), SORTS[sort]
    initial = {name: getattr(row, name) for name in kind.form.base_fields}
    if isinstance(initial.get("languages"), list):
        initial["languages"] = ", ".join(initial["languages"])
    form = kind.form(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if attempt(
            request,
            lambda: kind.edit(row, facts, member(request), timezone.now()),
            done=_("Saved."),
        ):
            return redirect("portal:supplies_of", sort)
    return _form(request, form, str(row))


@require_POST
@portal_member
def supply_pause(request: HttpRequest, sort: str, supply_id: str) -> HttpResponse:
    """Pause it, or go on with it."""
    row = _mine(request, sort, supply_id)
    active = not row.active
    attempt(
        request,
        lambda: set_active(supply=row, active=active, by=member(request), now=timezone.now()),
        done=_("It is offered again.") if active else _("Paused: nothing new is promised of it."),
    )
    return redirect("portal:supplies_of", sort)


def _sorts_of(request: HttpRequest) -> dict[str, list[Organisation]]:
    """Return which sorts the member may make, each with the member's organisations of that kind."""
    ids = organisation_ids(member(request), *SERVICE_ROLES)
    owners = list(Organisation.objects.filter(pk__in=ids).order_by("pk"))
    found = {name: [one for one in owners if one.kind in kind.kinds] for name, kind in SORTS.items()}
    return {name: mine for name, mine in found.items() if mine}


def _rows(request: HttpRequest, sort: str) -> QuerySet[Any]:
    kind = SORTS[sort]
    ids = organisation_ids(member(request), *SERVICE_ROLES)
    rows = kind.model._default_manager.filter(**{f"{kind.owner}__in": ids})
    return rows.select_related(kind.owner)


def _mine(request: HttpRequest, sort: str, supply_id: str) -> Any:
    if sort not in SORTS:
        raise Http404
    row = get_object_or_404(_rows(request, sort), pk=supply_id)
    if not can_offer(member(request), organisation_id=getattr(row, f"{SORTS[sort].owner}_id")):
        raise PermissionDenied
    return row


def _form(request: HttpRequest, form: forms.Form, title: str) -> HttpResponse:
    context = {
        "section": "supplies",
        "title": title,
        "form": form,
        "submit": _("Save"),
        "back": "portal:supplies",
    }
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)
