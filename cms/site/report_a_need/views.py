"""Report a need, and follow it. Both pages are never kept by a cache."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.site.forms_of_visitors import fresh_token
from cms.site.report_a_need.forms import ReportForm, TrackForm
from cms.site.report_a_need.places import LONGEST_LIST, divisions_above, grouped, served
from jiujinan.sealing.blind_index import blind_index
from needs.discovery import numbers
from needs.discovery.complaint_states import STATE_LABELS as COMPLAINT_LABELS
from needs.discovery.complaint_states import ComplaintState
from needs.discovery.models import Complaint
from needs.discovery.rules import STEP_LABELS, Progress
from needs.discovery.services import NobodyInCharge, TooMany, follow, follow_complaint, take_in

MOST_LOOKUPS = 30  # by one address in ten minutes: nobody guesses 54 bits, but nobody shall try either
LOOKUP_SECONDS = 600


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form; take a report in and show its number."""
    counties = served()
    if len(counties) > LONGEST_LIST:
        above = request.GET.get("in", "")
        known = divisions_above(counties)
        if above not in dict(known):
            return render(request, "site/report_where.html", {"divisions": known, "served": True})
        counties = [county for county in counties if county.parent_id == above]
    places = grouped(counties)
    if not places:
        return render(request, "site/report_where.html", {"divisions": [], "served": False})
    if request.method != "POST":
        return _form(request, ReportForm(places=places, initial={"token": fresh_token(ReportForm.signer)}))
    form = ReportForm(request.POST, places=places)
    if not form.is_valid():
        return _form(request, form)
    try:
        receipt = take_in(word=form.word, origin=request.META.get("REMOTE_ADDR", ""), now=timezone.now())
    except TooMany:
        form.add_error(None, _("Many reports came in at once. Please wait a little, or call 12345 now."))
    except NobodyInCharge:
        form.add_error("region", _("No office here answers for this place yet. Please call 12345."))
    else:
        context = {"number": numbers.shown(receipt.number), "due_at": receipt.due_at, "word": form.word}
        return render(request, "site/report_received.html", context)
    return _form(request, form)


def _form(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """Show the form; one that is shown again keeps every word, under a fresh token."""
    if "token" in form.errors:
        form.data = {**form.data, "token": fresh_token(ReportForm.signer)}
    return render(request, "site/report_a_need.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Show how far a report has come. The number travels in the body, so that no log keeps it."""
    form = TrackForm(request.POST or None)
    if request.method != "POST":
        return render(request, "site/track.html", {"form": form})
    shown = complaint = None
    if form.is_valid():
        if _is_guessing(request):
            form.add_error(None, _("Too many tries. Please wait ten minutes."))
        else:
            shown = follow(number=form.cleaned_data["number"])
            complaint = None if shown else follow_complaint(number=form.cleaned_data["number"])
            if shown is None and complaint is None:
                form.add_error("number", _("No report has this number. Please look at it once more."))
    context: dict[str, object] = {"form": form, "steps": _steps(shown) if shown else None}
    if complaint is not None:
        context |= {"steps": _steps_of(complaint), "outcome": complaint.get_outcome_display()}
    return render(request, "site/track.html", context, status=200 if shown or complaint else 422)


def _steps(progress: Progress) -> list[tuple[str, bool, bool]]:
    """Return each step's words, whether it is done, and whether it is the latest."""
    return [
        (_(STEP_LABELS[step]), place < progress.done, place == progress.done - 1)
        for place, step in enumerate(progress.way)
    ]


def _steps_of(complaint: Complaint) -> list[tuple[str, bool, bool]]:
    """Return the same of a complaint."""
    way = list(ComplaintState)
    reached = way.index(ComplaintState(complaint.state))
    return [
        (_(COMPLAINT_LABELS[state]), place <= reached, place == reached) for place, state in enumerate(way)
    ]


def _is_guessing(request: HttpRequest) -> bool:
    key = f"track:{blind_index(request.META.get('REMOTE_ADDR', ''), kind='origin')}"
    cache.add(key, 0, LOOKUP_SECONDS)
    return bool(cache.incr(key) > MOST_LOOKUPS)
