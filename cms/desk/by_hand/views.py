"""Typing one case in: a draft is kept, sealed, before anything else is tried, so that no error loses what was typed."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.by_hand.forms import MOST_ROWS, TypedForms
from cms.desk.discovery.queries import reports_for
from cms.desk.imports.views import importer
from cms.desk.queries import cases_for
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.sealing.services import open_fields
from jiujinan.states import ForbiddenAct
from needs.discovery import services as discovery
from needs.discovery.models import NeedReport
from needs.discovery.rules import Whose
from needs.discovery.states import WAITING
from needs.intake import drafts
from needs.intake.by_hand import NotTaken, standing_cases, take_typed
from needs.intake.models import CaseDraft, IntakeReceipt
from needs.intake.programs import KeyReused
from needs.models import CaseRecord

DRAFTS_SHOWN = 20
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "act"})
_SHEETS = {"add_item": "items", "add_member": "members"}


@require_safe
@never_cache
@importer
def typed_new(request: HttpRequest) -> HttpResponse:
    """Show an empty form under a fresh key, and the drafts that the user left."""
    return _form(request, uuid.uuid4(), TypedForms(user=_user(request)))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@importer
def typed(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Go on with a draft; or keep what was typed, and do with it what was asked."""
    if request.method != "POST":
        draft = get_object_or_404(drafts.drafts_of(_user(request)), pk=key)
        content = drafts.go_on(draft=draft, by=_user(request), now=timezone.now())
        return _form(request, key, TypedForms(user=_user(request), data=_query(content)))
    _keep(request, key)
    act, data = request.POST.get("act"), request.POST.copy()
    if act == "save":
        messages.success(request, _("The draft is kept, sealed; only you can go on with it."))
        return redirect("desk:typed_new")
    if act in _SHEETS:
        _one_more(data, _SHEETS[act])
        return _form(request, key, TypedForms(user=_user(request), data=data))
    return _take(request, key, TypedForms(user=_user(request), data=data))


@never_cache
@sensitive_post_parameters()
@require_POST
@importer
def typed_draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Keep what was typed so far; the page asks for it by itself while somebody types."""
    return render(request, "desk/by_hand/kept.html", {"draft": _keep(request, key)})


@require_POST
@importer
def typed_discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    draft = get_object_or_404(drafts.drafts_of(_user(request)), pk=key)
    drafts.throw_away(draft=draft, by=_user(request), now=timezone.now())
    messages.success(request, _("The draft was thrown away."))
    return redirect("desk:typed_new")


@never_cache
@require_POST
@importer
def typed_from_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Begin a draft with what a report of a need has told already; the opening is recorded with the report."""
    user, now = _user(request), timezone.now()
    report = get_object_or_404(reports_for(user), pk=report_id, state__in=WAITING)
    if not can_handle_case(user, region=report.region_id):
        raise PermissionDenied
    key = uuid.uuid4()
    drafts.keep(key=key, content=_told(report, user, now), by=user, now=now)
    return redirect("desk:typed", key)


def _told(report: NeedReport, user: User, now: datetime) -> dict[str, list[str]]:
    own = report.whose == Whose.OWN
    names = {"name": "reporter_name" if own else "person_name", "address": "address"}
    names |= {"phone": "phone"} if own else {}
    (opened,) = open_fields(
        rows=[report],
        fields=list(names.values()),
        case=discovery.trail_name(report),
        by=user,
        reason=_("To type the case record from this report"),
        now=now,
    )
    facts = {
        "report": str(report.pk),
        "region": report.region_id,
        "channel": report.channel,
        "cause": report.cause,
        "tier": report.tier,
        "applied_on": timezone.localdate(report.received_at).isoformat(),
        **{name: opened[column] or "" for name, column in names.items()},
        **{f"{sheet}-INITIAL_FORMS": "0" for sheet in _SHEETS.values()},
        "items-TOTAL_FORMS": "1",
        "members-TOTAL_FORMS": "0",
    }
    return {name: [value] for name, value in facts.items()}


def _take(request: HttpRequest, key: uuid.UUID, forms: TypedForms) -> HttpResponse:
    user, now = _user(request), timezone.now()
    if not forms.are_readable():
        return _form(request, key, forms)
    try:
        case = take_typed(typed=forms.typed, key=key, by=user, now=now)
    except NotTaken as refused:
        standing = _standing(request, refused, user)
        forms.tell(refused.errors)
        return _form(request, key, forms, standing=standing)
    except KeyReused:
        messages.error(request, _("This form was taken in before; change the case on its page."))
        return _to_taken(request, key)
    _join(request, case, user, now)
    messages.success(
        request,
        _("Taken in as %(number)s; %(owner)s answers for it.") % {"number": case.number, "owner": case.owner},
    )
    return redirect("desk:case", case.pk)


def _join(request: HttpRequest, case: CaseRecord, user: User, now: datetime) -> None:
    """Let the report that the draft began with go on as this case."""
    told = request.POST.get("report", "")
    report = reports_for(user).filter(pk=told).first() if _is_key(told) else None
    if report is None or report.state not in WAITING:
        return
    try:
        discovery.file(report=report, case=case, by=user, now=now)
    except (NotAllowed, ForbiddenAct):
        messages.warning(request, _("The report could not be joined to the case; join it on its page."))


def _standing(request: HttpRequest, refused: NotTaken, user: User) -> list[CaseRecord]:
    """Return the case in hand that refuses this one, where the user may see it."""
    if not any(error.code == "person_known" for error in refused.errors):
        return []
    found = standing_cases(id_number=request.POST.get("id_number", "").strip())
    return list(cases_for(user).filter(pk__in=found.values("pk"))[:3])


def _to_taken(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    receipt = get_object_or_404(IntakeReceipt, caller=_user(request), key=str(key))
    number = receipt.answer["results"][0]["number"]
    case = get_object_or_404(cases_for(_user(request)), number=number)
    return redirect("desk:case", case.pk)


def _keep(request: HttpRequest, key: uuid.UUID) -> CaseDraft | None:
    content = {name: values for name, values in request.POST.lists() if name not in _NOT_KEPT}
    try:
        return drafts.keep(key=key, content=content, by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None


def _one_more(data: QueryDict, sheet: str) -> None:
    total = data.get(f"{sheet}-TOTAL_FORMS", "0")
    data[f"{sheet}-TOTAL_FORMS"] = str(min(int(total) + 1 if total.isdecimal() else 1, MOST_ROWS))


def _query(content: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in content.items():
        data.setlist(name, values)
    return data


def _form(
    request: HttpRequest, key: uuid.UUID, forms: TypedForms, *, standing: list[CaseRecord] | None = None
) -> HttpResponse:
    wrong = forms.wrong if request.method == "POST" else []
    others = drafts.drafts_of(_user(request)).exclude(pk=key)
    context: dict[str, Any] = {
        "key": key,
        "forms": forms,
        "wrong": wrong,
        "standing": standing or [],
        "report": forms.case.data.get("report", ""),
        "drafts": list(others[:DRAFTS_SHOWN]),
        "most": MOST_ROWS,
    }
    return render(request, "desk/by_hand/typed.html", context, status=422 if wrong else 200)


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
