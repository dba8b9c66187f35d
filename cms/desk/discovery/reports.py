"""Reports of a need on the desk: the list, one report, its acts, and writing one down for a caller."""

import secrets
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.discovery.forms import AnswerForm, FileForm, HandOverForm, ReportFilterForm, SpokenReportForm
from cms.desk.discovery.queries import alike, cases_known_by, reports_for, trail_of
from cms.desk.forms import ReasonForm
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.sealing.services import open_fields
from jiujinan.states import ForbiddenAct
from needs.discovery import numbers
from needs.discovery import services as discovery
from needs.discovery.models import NeedReport
from needs.discovery.services import NobodyInCharge, NotYet
from needs.discovery.states import WAITING, Answer

PAGE_SIZE = 50
TRAIL_SHOWN = 30
SEALED = ("reporter_name", "phone", "person_name", "address", "story")
NOT_YET_WORDS = {
    "reason_missing": gettext_noop("Please give the reason."),
    "too_few_tries": gettext_noop("Not reached is an answer only after tries on three different days."),
    "already_reached": gettext_noop("They were reached already."),
    "already_ended": gettext_noop("This has ended already."),
    "held_by_rule": gettext_noop("A rule holds the household on this list; it leaves when its facts change."),
    "visit_in_the_future": gettext_noop("The visit lies in the future."),
    "note_missing": gettext_noop("Please write what was found."),
}


@require_safe
@desk_member
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the reports of the user's regions, the most pressing deadline first."""
    user, form = cast("User", request.user), ReportFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = reports_for(user)
    if chosen.get("state") != "all":
        found = found.filter(state__in=[chosen["state"]] if chosen.get("state") else WAITING)
    for name in ("tier", "channel"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    if chosen.get("mine"):
        found = found.filter(owner=user)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "now": timezone.now(),
    }
    return render(request, "desk/discovery/reports.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_member
def report_new(request: HttpRequest) -> HttpResponse:
    """Write down what a caller says, and read the tracking number out."""
    user = cast("User", request.user)
    form = SpokenReportForm(request.POST or None, user=user, initial={"token": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid():
        if not can_handle_case(user, region=form.cleaned_data["region"]):
            raise PermissionDenied
        receipt = discovery.take_in(word=form.word, origin="", by=user, now=timezone.now())
        number = numbers.shown(receipt.number)
        messages.success(
            request, _("Taken in. The tracking number, to be read out: %(number)s") % {"number": number}
        )
        return redirect("desk:reports")
    return render(
        request, "desk/discovery/report_new.html", {"form": form}, status=422 if form.is_bound else 200
    )


@never_cache
@require_safe
@desk_member
def report_detail(request: HttpRequest, report_id: str) -> HttpResponse:
    """Show one report; what was told stays sealed."""
    return _show(request, _report(request, report_id))


@never_cache
@require_POST
@desk_member
def report_open(request: HttpRequest, report_id: str) -> HttpResponse:
    """Show what was told once, against a reason that goes into the trail."""
    report, form = _report(request, report_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, report, forms={"reason_form": form})
    (opened,) = open_fields(
        rows=[report],
        fields=SEALED,
        case=discovery.trail_name(report),
        by=cast("User", request.user),
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    return _show(request, report, opened=opened)


@never_cache
@require_POST
@desk_member
def report_act(request: HttpRequest, report_id: str) -> HttpResponse:
    """Do one act of the report's table."""
    report, user, now = _report(request, report_id), cast("User", request.user), timezone.now()
    try:
        wrong = _do(request, report, user, now)
    except NotAllowed:
        raise PermissionDenied from None
    except (NotYet, NobodyInCharge) as obstacle:
        messages.error(
            request, _(NOT_YET_WORDS.get(getattr(obstacle, "code", ""), "This is not possible yet."))
        )
    except ForbiddenAct:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    else:
        if wrong:
            return _show(request, report, forms=wrong)
        messages.success(request, _("Done and recorded."))
    return redirect("desk:report", report_id)


def _do(request: HttpRequest, report: NeedReport, user: User, now: datetime) -> dict[str, Form]:
    """Do what was asked; return the forms that were filled in wrongly."""
    match request.POST.get("act"):
        case "contact":
            discovery.contact(report=report, by=user, now=now)
        case "tried":
            discovery.tried(report=report, by=user, now=now)
        case "file":
            filing = FileForm(request.POST)
            found = filing.case() if filing.is_valid() else None
            if found is None:
                return {"file_form": filing}
            discovery.file(report=report, case=found, by=user, now=now)
        case "answer":
            answering = AnswerForm(request.POST, auto_id="answer_%s")
            if not answering.is_valid():
                return {"answer_form": answering}
            told = answering.cleaned_data
            discovery.answer(
                report=report, answer=Answer(told["answer"]), reason=told["reason"], by=user, now=now
            )
        case "hand_over":
            handing = HandOverForm(request.POST, report=report, auto_id="colleague_%s")
            if not handing.is_valid():
                return {"hand_over_form": handing}
            discovery.hand_over(report=report, to=handing.cleaned_data["to"], by=user, now=now)
        case _:
            raise PermissionDenied
    return {}


def _report(request: HttpRequest, report_id: str) -> NeedReport:
    return get_object_or_404(reports_for(cast("User", request.user)), pk=report_id)


def _show(
    request: HttpRequest,
    report: NeedReport,
    *,
    opened: dict[str, str | None] | None = None,
    forms: dict[str, Form] | None = None,
) -> HttpResponse:
    context = {
        "report": report,
        "opened": opened,
        "may_act": report.state in WAITING
        and can_handle_case(cast("User", request.user), region=report.region_id),
        "trail": list(trail_of(report)[:TRAIL_SHOWN]),
        "alike": list(alike(report)[:10]),
        "cases": list(cases_known_by(report)[:10]),
        "reason_form": ReasonForm(),
        "file_form": FileForm(),
        "answer_form": AnswerForm(auto_id="answer_%s"),
        "hand_over_form": HandOverForm(report=report, auto_id="colleague_%s"),
        "now": timezone.now(),
        **(forms or {}),
    }
    return render(request, "desk/discovery/report.html", context, status=422 if forms else 200)
