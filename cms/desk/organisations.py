"""Organisations at the desk: who vouches for them, and until when their evidence holds."""

from datetime import date, timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cms.desk.access import desk_member
from cms.documents import private_file
from cms.portal.fields import date_field
from jiujinan.accounts.evidence import AlreadyDecided, ReasonMissing, refuse_document, verify_document
from jiujinan.accounts.evidence_rules import REMIND_DAYS, has_lapsed, missing_kinds
from jiujinan.accounts.models import (
    DOCUMENT_KIND_LABELS,
    KIND_LABELS,
    DocumentState,
    Organisation,
    OrganisationDocument,
    User,
)
from jiujinan.accounts.predicates import NotAllowed, can_verify_organisation
from jiujinan.accounts.roles import DESK_ROLES, SOCIAL_FORCES, OrganisationKind
from jiujinan.audit.models import AuditEntry
from jiujinan.regions.rules import prefix

PAGE_SIZE = 50
TRAIL_SHOWN = 30


class OrganisationFilter(forms.Form):
    """Name or code, kind, and what has to be looked at."""

    text = forms.CharField(label=gettext_lazy("Name or credit code"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All"))] + [(one, KIND_LABELS[one]) for one in sorted(SOCIAL_FORCES)],
    )
    look = forms.ChoiceField(
        label=gettext_lazy("To be looked at"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("waiting", gettext_lazy("Documents to verify")),
            ("lapsed", gettext_lazy("Evidence expired")),
            ("soon", gettext_lazy("Evidence ends soon")),
        ],
    )

    def narrow(self, rows: QuerySet[Organisation], today: date) -> QuerySet[Organisation]:
        """Keep what was asked for."""
        asked = self.cleaned_data if self.is_valid() else {}
        if text := asked.get("text"):
            rows = rows.filter(Q(name__icontains=text) | Q(credit_code__istartswith=text))
        if kind := asked.get("kind"):
            rows = rows.filter(kind=kind)
        soon = today + timedelta(days=max(REMIND_DAYS))
        looks = {
            "waiting": Q(waiting__gt=0),
            "lapsed": Q(evidence_expires_on__lt=today),
            "soon": Q(evidence_expires_on__gte=today, evidence_expires_on__lte=soon),
        }
        return rows.filter(looks[asked["look"]]) if asked.get("look") else rows


class VerifyForm(forms.Form):
    """Until when the document holds, as the verifier reads it."""

    expires_on = date_field(label=gettext_lazy("Valid until"), required=False)


def organisations_for(user: User) -> QuerySet[Organisation]:
    """Return the social forces of the regions that the user's units cover, and how many documents wait."""
    units = user.memberships.filter(role__in=DESK_ROLES).values_list("organisation__region_id", flat=True)
    within = Q(pk__in=[])
    for unit in set(units):
        within |= Q(region__code__startswith=prefix(unit))
    rows = Organisation.objects.filter(within, kind__in=SOCIAL_FORCES).select_related(
        "region__parent", "verified_by"
    )
    return rows.annotate(waiting=Count("documents", filter=Q(documents__state=DocumentState.WAITING)))


@require_safe
@desk_member
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the organisations, those with waiting documents and ending evidence first."""
    today = timezone.localdate()
    filters = OrganisationFilter(request.GET)
    rows = filters.narrow(organisations_for(cast("User", request.user)), today)
    ordered = rows.order_by(F("waiting").desc(), F("evidence_expires_on").asc(nulls_last=True), "name", "pk")
    paginator = Paginator(ordered, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "today": today,
    }
    return render(request, "desk/organisations.html", context)


@require_safe
@desk_member
def organisation_detail(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Show one organisation with its evidence and its trail."""
    found = _organisation(request, organisation_id)
    documents = list(found.documents.select_related("uploaded_by", "decided_by"))
    verified = [one.kind for one in documents if one.state == DocumentState.VERIFIED]
    missing = missing_kinds(OrganisationKind(found.kind), verified)
    user = cast("User", request.user)
    context = {
        "organisation": found,
        "documents": [
            (one, VerifyForm(initial={"expires_on": one.expires_on}, auto_id=f"v{one.pk.hex[:8]}_%s"))
            for one in documents
        ],
        "missing": [DOCUMENT_KIND_LABELS[one] for one in sorted(missing)],
        "lapsed": has_lapsed(found.evidence_expires_on, timezone.localdate()),
        "people": found.memberships.select_related("user").order_by("role", "user__full_name"),
        "may_verify": can_verify_organisation(user, region=found.region_id),
        "trail": AuditEntry.objects.filter(stream="organisations", subject=f"organisation:{found.pk}")
        .select_related("by")
        .order_by("-seq")[:TRAIL_SHOWN],
    }
    return render(request, "desk/organisation.html", context)


@require_safe
@desk_member
def organisation_document(request: HttpRequest, document_id: str) -> HttpResponseBase:
    """Give a document to the desk that looks at it."""
    document = get_object_or_404(OrganisationDocument, pk=document_id)
    _organisation(request, document.organisation_id)
    return private_file(document)


@require_POST
@desk_member
def organisation_decide(request: HttpRequest, document_id: str) -> HttpResponse:
    """Verify or refuse a document."""
    document = get_object_or_404(OrganisationDocument, pk=document_id)
    _organisation(request, document.organisation_id)
    by, now, form = cast("User", request.user), timezone.now(), VerifyForm(request.POST)
    try:
        if request.POST.get("act") == "refuse":
            reason = request.POST.get("reason", "")
            refuse_document(document=document, reason=reason, by=by, now=now)
        elif form.is_valid():
            verify_document(document=document, by=by, now=now, expires_on=form.cleaned_data["expires_on"])
        else:
            messages.error(request, _("Please give the day as YYYY-MM-DD."))
            return redirect("desk:organisation", document.organisation_id)
    except NotAllowed:
        raise PermissionDenied from None
    except ReasonMissing:
        messages.error(request, _("Please give the reason."))
    except AlreadyDecided:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    else:
        messages.success(request, _("Done and recorded."))
    return redirect("desk:organisation", document.organisation_id)


def _organisation(request: HttpRequest, organisation_id: int) -> Organisation:
    return get_object_or_404(organisations_for(cast("User", request.user)), pk=organisation_id)
