"""Complain or correct. The page is never kept by a cache."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.site.complaint.forms import ComplaintForm
from cms.site.forms_of_visitors import fresh_token
from cms.site.report_a_need.places import grouped, served
from needs.discovery import numbers
from needs.discovery.complaint_states import ComplaintKind
from needs.discovery.services import NobodyInCharge, TooMany, lodge


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest) -> HttpResponse:
    """Show the form, perhaps about one project; take a complaint in and show its number."""
    places = grouped(served())
    if request.method != "POST":
        about = {"token": fresh_token(ComplaintForm.signer), "project": request.GET.get("project", "")[:20]}
        if about["project"]:
            about["kind"] = ComplaintKind.POINTS_TO_PERSON.value
        return _form(request, ComplaintForm(places=places, initial=about))
    form = ComplaintForm(request.POST, places=places)
    if not form.is_valid():
        return _form(request, form)
    try:
        receipt = lodge(
            grievance=form.grievance, origin=request.META.get("REMOTE_ADDR", ""), now=timezone.now()
        )
    except TooMany:
        form.add_error(None, _("Many complaints came in at once. Please wait a little, or call 12345 now."))
    except NobodyInCharge:
        form.add_error("region", _("No office here answers for this place yet. Please call 12345."))
    else:
        context = {"number": numbers.shown(receipt.number), "due_at": receipt.due_at}
        return render(request, "site/complaint_received.html", context)
    return _form(request, form)


def _form(request: HttpRequest, form: ComplaintForm) -> HttpResponse:
    """Show the form; one that is shown again keeps every word, under a fresh token."""
    if "token" in form.errors:
        form.data = {**form.data, "token": fresh_token(ComplaintForm.signer)}
    return render(request, "site/complaint.html", {"form": form}, status=422 if form.is_bound else 200)
