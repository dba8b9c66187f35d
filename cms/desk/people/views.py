"""Two records side by side, opened with a reason, and what a person decides about them; alarms about reading."""

from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.people.queries import alarms_for, duplicates_for, standing_merge
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.sealing.alarms import acknowledge
from jiujinan.sealing.services import open_fields
from needs.intake import duplicates
from needs.intake.models import PossibleDuplicate, Verdict
from needs.services.refusals import NotReady

PAGE_SIZE = 50
SEALED = ("name", "id_number", "born_on", "phone", "address")
FIELD_WORDS = {
    "name": gettext_lazy("Name"),
    "birth": gettext_lazy("Birth date"),
    "phone": gettext_lazy("Telephone"),
    "address": gettext_lazy("Address"),
    "region": gettext_lazy("Region"),
    "sex": gettext_lazy("Sex"),
}


class VerdictForm(forms.Form):
    """What is to be done about the pair, and why."""

    ACTS = ("open", "keep_first", "keep_second", "apart", "undo")

    act = forms.ChoiceField(choices=[(name, name) for name in ACTS])
    reason = forms.CharField(min_length=2, max_length=300)


@require_safe
@desk_member
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Show the pairs that wait for a decision, the likeliest first; decided ones on request."""
    wanted = request.GET.get("verdict", Verdict.OPEN)
    pairs = duplicates_for(_user(request)).filter(verdict=wanted)
    paginator = Paginator(pairs, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "verdicts": Verdict.choices,
        "wanted": wanted,
    }
    return render(request, "desk/people/duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_member
def duplicate_detail(request: HttpRequest, pair_id: str) -> HttpResponse:
    """Show the two side by side; who they are only after opening with a reason."""
    pair = get_object_or_404(duplicates_for(_user(request)), pk=pair_id)
    if request.method != "POST":
        return _show(request, pair)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give the reason."))
        return _show(request, pair, status=422)
    act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
    if act == "open":
        return _show(request, pair, opened=_open(request, pair, reason))
    try:
        _decide(request, pair, act, reason)
    except NotAllowed:
        raise PermissionDenied from None
    except NotReady as obstacle:
        messages.error(request, obstacle_words(obstacle.obstacles))
    else:
        messages.success(request, _("Done and recorded."))
    return redirect("desk:duplicate", pair_id)


def _decide(request: HttpRequest, pair: PossibleDuplicate, act: str, reason: str) -> None:
    by, now = _user(request), timezone.now()
    if act == "apart":
        duplicates.keep_apart(pair=pair, reason=reason, by=by, now=now)
    elif act == "undo":
        standing = standing_merge(pair)
        if standing is not None:
            duplicates.undo(merge=standing, reason=reason, by=by, now=now)
    else:
        keep = pair.first if act == "keep_first" else pair.second
        duplicates.merge(pair=pair, keep=keep, reason=reason, by=by, now=now)


def _open(request: HttpRequest, pair: PossibleDuplicate, reason: str) -> list[dict[str, str | None]]:
    return open_fields(
        rows=[pair.first, pair.second],
        fields=SEALED,
        case=f"duplicate-{pair.pk}",
        by=_user(request),
        reason=reason,
        now=timezone.now(),
        region=pair.region_id,
    )


def _show(
    request: HttpRequest,
    pair: PossibleDuplicate,
    *,
    opened: list[dict[str, str | None]] | None = None,
    status: int = 200,
) -> HttpResponse:
    people = [
        (person, person.household.cases.order_by("received_at"), fields)
        for person, fields in zip((pair.first, pair.second), opened or ({}, {}), strict=True)
    ]
    parts = [(FIELD_WORDS[name], round(part * 100)) for name, part in pair.parts.items()]
    context = {
        "pair": pair,
        "people": people,
        "parts": parts,
        "is_opened": opened is not None,
        "is_open": pair.verdict == Verdict.OPEN,
        "merge": standing_merge(pair),
    }
    return render(request, "desk/people/duplicate.html", context, status=status)


@require_safe
@never_cache
@desk_member
def alarm_list(request: HttpRequest) -> HttpResponse:
    """Show a supervisor the alarms about reading, those that nobody has looked at first."""
    alarms = alarms_for(_user(request)).order_by(
        F("acknowledged_at").asc(nulls_first=True), "-raised_at", "-pk"
    )
    paginator = Paginator(alarms, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"page": page, "page_range": paginator.get_elided_page_range(page.number)}
    return render(request, "desk/people/alarms.html", context)


@require_POST
@desk_member
def alarm_acknowledge(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Close an alarm with what it turned out to be."""
    alarm = get_object_or_404(alarms_for(_user(request)), pk=alarm_id)
    finding = request.POST.get("finding", "").strip()
    if not finding:
        messages.error(request, _("Say what the reading turned out to be."))
        return redirect("desk:alarms")
    try:
        acknowledge(alarm=alarm, finding=finding, by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    messages.success(request, _("Done and recorded."))
    return redirect("desk:alarms")


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
