"""The member's organisation: who vouched for it, its evidence, its people."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.documents import private_file
from cms.portal.access import member, organisations_of, portal_member
from cms.portal.acting import attempt
from cms.portal.forms.evidence import DocumentForm
from cms.portal.refusals import tell_wrong
from jiujinan.accounts.evidence import upload_document
from jiujinan.accounts.evidence_rules import REQUIRED, DocumentKind, has_lapsed, missing_kinds, reminder_due
from jiujinan.accounts.models import DOCUMENT_KIND_LABELS, Organisation, OrganisationDocument
from jiujinan.accounts.predicates import can_keep_evidence
from jiujinan.accounts.roles import OrganisationKind


@require_safe
@portal_member
def organisation(request: HttpRequest, organisation_id: int | None = None) -> HttpResponseBase:
    """Show one of the member's organisations, by default the first."""
    mine = organisations_of(member(request))
    chosen = next((one for one in mine if organisation_id in {None, one.pk}), None)
    if chosen is None:
        raise Http404
    documents = list(chosen.documents.select_related("uploaded_by", "decided_by"))
    verified = [one.kind for one in documents if one.state == "verified"]
    kind = OrganisationKind(chosen.kind)
    last, today = chosen.evidence_expires_on, timezone.localdate()
    context = {
        "section": "organisation",
        "organisation": chosen,
        "others": [one for one in mine if one != chosen],
        "documents": documents,
        "missing": [DOCUMENT_KIND_LABELS[one] for one in sorted(missing_kinds(kind, verified))],
        "lapsed": has_lapsed(last, today),
        "ends_soon": last is not None and reminder_due(last, today) is not None,
        "people": chosen.memberships.select_related("user").order_by("role", "user__full_name"),
        "form": DocumentForm(kinds=_kinds(kind)),
    }
    return render(request, "portal/organisation.html", context)


@require_POST
@portal_member
def document_upload(request: HttpRequest, organisation_id: int) -> HttpResponseBase:
    """Hand in a document for the desk to verify."""
    mine = {one.pk: one for one in organisations_of(member(request))}
    if organisation_id not in mine:
        raise Http404
    chosen: Organisation = mine[organisation_id]
    form = DocumentForm(request.POST, request.FILES, kinds=_kinds(OrganisationKind(chosen.kind)))
    if form.is_valid():
        facts = form.cleaned_data
        attempt(
            request,
            lambda: upload_document(
                organisation=chosen,
                kind=DocumentKind(facts["kind"]),
                name=facts["file"].name,
                data=facts["file"].read(),
                expires_on=facts["expires_on"],
                by=member(request),
                now=timezone.now(),
            ),
            done=_("Handed in. It counts once civil affairs has verified it."),
        )
    else:
        tell_wrong(request, form)
    return redirect("portal:organisation_of", organisation_id)


@require_safe
@portal_member
def document_download(request: HttpRequest, document_id: str) -> HttpResponseBase:
    """Give a document back to the people of its organisation."""
    document = get_object_or_404(OrganisationDocument, pk=document_id)
    if not can_keep_evidence(member(request), organisation_id=document.organisation_id):
        raise Http404
    return private_file(document)


def _kinds(kind: OrganisationKind) -> list[tuple[str, object]]:
    """Return the kinds of document, the required ones first."""
    required = sorted(REQUIRED[kind])
    rest = [one for one in DocumentKind if one not in REQUIRED[kind]]
    return [(one.value, DOCUMENT_KIND_LABELS[one]) for one in [*required, *rest]]
