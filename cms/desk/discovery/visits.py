"""Watch groups on the desk: who is to be visited, what was found, and the rules of the groups."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.discovery.forms import ReasonOnlyForm, VisitForm, WatchGroupForm
from cms.desk.discovery.queries import entries_for, groups_for
from cms.desk.discovery.reports import NOT_YET_WORDS
from cms.desk.discovery.watch_rules import rule_words
from cms.desk.forms import ReasonForm
from cms.desk.queries import cases_for
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.sealing.services import open_fields
from needs.discovery import services as discovery
from needs.discovery.models import Visit, WatchEntry, WatchGroup
from needs.discovery.services import NotYet
from needs.models import Person

VISITS_SHOWN = 20
PAGE_SIZE = 25  # as many as one person visits in a few days; names are opened by the page


@require_safe
@desk_member
def visit_list(request: HttpRequest) -> HttpResponse:
    """Show who is to be visited next, without names."""
    return _show_list(request, ReasonForm(), {}, 200)


@never_cache
@require_POST
@desk_member
def visit_names(request: HttpRequest) -> HttpResponse:
    """Open names, telephones and addresses of the page's households, each opening on its case's trail."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show_list(request, form, {}, 422)
    user, now = cast("User", request.user), timezone.now()
    entries = [entry for entry in _page(request).object_list if entry.case_id]
    if not all(can_handle_case(user, region=entry.household.region_id) for entry in entries):
        raise PermissionDenied
    heads = {
        head.household_id: head
        for head in Person.objects.filter(
            household__in=[entry.household_id for entry in entries], is_head=True
        )
    }
    opened = {}
    for entry in entries:
        if entry.household_id in heads:
            (opened[entry.pk],) = open_fields(
                rows=[heads[entry.household_id]],
                fields=("name", "phone", "address"),
                case=str(entry.case_id),
                by=user,
                reason=form.cleaned_data["reason"],
                now=now,
            )
    return _show_list(request, form, opened, 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_member
def visit_record(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Record what a visit found."""
    entry, now = _entry(request, entry_id), timezone.now()
    form = VisitForm(request.POST or None, initial={"on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            _visit, receipt = discovery.record_visit(
                entry=entry,
                on=told["on"],
                found=Visit.Found(told["found"]),
                note=told["note"],
                by=cast("User", request.user),
                now=now,
            )
        except NotAllowed:
            raise PermissionDenied from None
        except NotYet as obstacle:
            form.add_error(None, _(NOT_YET_WORDS[obstacle.code]))
        else:
            messages.success(request, _("The visit is recorded."))
            if receipt is not None:
                messages.warning(
                    request, _("A report with its own deadline was opened; it waits among the reports.")
                )
            return redirect("desk:visits")
    return _show_entry(request, entry, form, {})


@never_cache
@require_POST
@desk_member
def visit_note(request: HttpRequest, entry_id: str, visit_id: str) -> HttpResponse:
    """Show what a visitor wrote once, against a reason that goes into the trail of the household's case."""
    entry, user = _entry(request, entry_id), cast("User", request.user)
    if not can_handle_case(user, region=entry.household.region_id):
        raise PermissionDenied
    visit = get_object_or_404(entry.visits.filter(note__isnull=False), pk=visit_id)
    reason = ReasonForm(request.POST)
    if not reason.is_valid():
        messages.error(request, _("Please give the reason."))
        return redirect("desk:visit", entry_id)
    (opened,) = open_fields(
        rows=[visit],
        fields=["note"],
        case=str(entry.case_id or f"watch-{entry.pk}"),
        by=user,
        reason=reason.cleaned_data["reason"],
        now=timezone.now(),
        region=entry.household.region_id,
    )
    form = VisitForm(initial={"on": timezone.localdate()})
    return _show_entry(request, entry, form, {visit.pk: opened["note"]})


@require_POST
@desk_member
def visit_off(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Take a household off a list that it was put on by hand."""
    entry = _entry(request, entry_id)
    try:
        discovery.take_off(
            entry=entry,
            reason=request.POST.get("reason", "")[:300],
            by=cast("User", request.user),
            now=timezone.now(),
        )
    except NotAllowed:
        raise PermissionDenied from None
    except NotYet as obstacle:
        messages.error(request, _(NOT_YET_WORDS[obstacle.code]))
        return redirect("desk:visit", entry_id)
    messages.success(request, _("Done and recorded."))
    return redirect("desk:visits")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_member
def watch_add(request: HttpRequest, case_id: str) -> HttpResponse:
    """Put a case's household on a list by hand."""
    case = get_object_or_404(cases_for(cast("User", request.user)), pk=case_id)
    form = ReasonOnlyForm(request.POST or None)
    groups = WatchGroup.objects.filter(is_active=True)
    if request.method == "POST" and form.is_valid():
        group = _chosen(groups, request.POST.get("group", ""))
        try:
            discovery.add_by_hand(
                household=case.household,
                group=group,
                reason=form.cleaned_data["reason"],
                by=cast("User", request.user),
                now=timezone.now(),
            )
        except NotAllowed:
            raise PermissionDenied from None
        messages.success(request, _("Done and recorded."))
        return redirect("desk:visits")
    context = {"case": case, "form": form, "groups": groups}
    return render(request, "desk/discovery/watch_add.html", context, status=422 if form.is_bound else 200)


@require_safe
@desk_member
def group_list(request: HttpRequest) -> HttpResponse:
    """Show the watch groups with their lists' lengths."""
    groups = groups_for(cast("User", request.user), today=timezone.localdate())
    rows = [(group, rule_words(group.rule)) for group in groups]
    return render(request, "desk/discovery/watch_groups.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_member
def group_edit(request: HttpRequest, group_id: int | None = None) -> HttpResponse:
    """Make or change a group of one's own region."""
    user = cast("User", request.user)
    group = get_object_or_404(WatchGroup, pk=group_id) if group_id else None
    if group is not None and (group.region_id is None or not can_handle_case(user, region=group.region_id)):
        raise PermissionDenied
    form = WatchGroupForm(request.POST or None, instance=group, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            discovery.save_group(group=form.save(commit=False), by=user, now=timezone.now())
        except NotAllowed:
            raise PermissionDenied from None
        messages.success(request, _("Saved. The list follows tonight."))
        return redirect("desk:watch_groups")
    return render(
        request,
        "desk/discovery/watch_group.html",
        {"form": form, "group": group},
        status=422 if form.is_bound else 200,
    )


def _chosen(groups: QuerySet[WatchGroup], number: str) -> WatchGroup:
    if not (number.isascii() and number.isdigit()):
        raise Http404
    return get_object_or_404(groups, pk=int(number))


def _entry(
    request: HttpRequest, entry_id: str
) -> Any:  # with the annotated case, which has no type of its own
    return get_object_or_404(entries_for(cast("User", request.user)), pk=entry_id)


def _show_entry(
    request: HttpRequest, entry: WatchEntry, form: VisitForm, notes: dict[Any, str | None]
) -> HttpResponse:
    context = {
        "entry": entry,
        "form": form,
        "visits": entry.visits.select_related("by")[:VISITS_SHOWN],
        "opened_notes": notes,
    }
    return render(request, "desk/discovery/visit.html", context, status=422 if form.is_bound else 200)


def _page(request: HttpRequest) -> Any:  # the annotated rows have no type of their own
    entries = entries_for(cast("User", request.user))
    if (request.GET.get("group", "") or "-").isdecimal():
        entries = entries.filter(group=int(request.GET["group"]))
    if request.GET.get("late"):
        entries = entries.filter(next_visit_on__lt=timezone.localdate())
    return Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))


def _show_list(
    request: HttpRequest, form: ReasonForm, opened: dict[object, dict[str, str | None]], status: int
) -> HttpResponse:
    page = _page(request)
    context = {
        "page": page,
        "rows": [(entry, opened.get(entry.pk)) for entry in page],
        "page_range": page.paginator.get_elided_page_range(page.number),
        "groups": WatchGroup.objects.filter(is_active=True),
        "chosen": request.GET.get("group", ""),
        "late": bool(request.GET.get("late")),
        "form": form,
        "opened": bool(opened),
        "today": timezone.localdate(),
    }
    return render(request, "desk/discovery/visits.html", context, status=status)
