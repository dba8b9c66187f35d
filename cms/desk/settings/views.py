"""The rules of the user's regions: what is in force, and entering a row."""

from datetime import time
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.desk.access import desk_member
from cms.desk.settings.forms import KINDS, CalendarForm, supervised
from cms.desk.settings.shipped import WORDS, shipped_rows
from cms.desk.wording import obstacle_words
from cms.templatetags.cms_ui import yuan
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.clocks.models import CalendarDay, DatedRow
from jiujinan.clocks.queries import lineage
from jiujinan.regions.rules import prefix
from needs.services.local_rules import enter_rule, settle_day
from needs.services.refusals import NotReady
from needs.services.rescoring import rescore_due

PAGE_SIZE = 50
AT_ONCE = 2000


@require_http_methods(["GET", "POST"])
@desk_member
def rules(request: HttpRequest, kind: str = "standards") -> HttpResponse:
    """Show one kind of rules as far as it touches the user's regions; a supervisor enters a row."""
    if kind == "calendar":
        return _calendar(request)
    if kind not in KINDS:
        raise Http404
    user = cast("User", request.user)
    title, form_class, model = KINDS[kind]
    may = supervised(user).exists()
    form = form_class(_sent(request), by=user) if may else None
    if form is not None and form.is_valid() and _entered(form, form.save(commit=False), user):
        messages.success(request, _("Entered; it holds from its day on."))
        return redirect("desk:rules", kind)
    columns = [name for name in form_class.Meta.fields if name not in {"region", "valid_from", "source"}]  # type: ignore[attr-defined]
    rows = model._default_manager.filter(_touching(user)).select_related("region", "by")
    if any(name == "user" for name in columns):
        rows = rows.select_related("user")  # type: ignore[misc]  # only a duty has that column
    return _page(request, kind, str(title), form, rows, model, columns)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _entered(form: Any, row: DatedRow, user: User) -> bool:
    now = timezone.now()
    try:
        enter_rule(row=row, by=user, now=now)
    except NotAllowed:
        form.add_error(None, _("Only a supervisor of the region enters its rules."))
        return False
    except NotReady as obstacle:
        form.add_error(None, obstacle_words(obstacle.obstacles))
        return False
    rescore_due(now=now, most=AT_ONCE)
    return True


def _touching(user: User) -> Q:
    """Return the condition that a row lies within the user's regions or above them."""
    found = Q(region=None)
    for unit in set(user.memberships.values_list("organisation__region_id", flat=True)):
        found |= Q(region__code__startswith=prefix(unit)) | Q(region__in=lineage(unit))
    return found


def _calendar(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = CalendarForm(_sent(request)) if supervised(user).exists() else None
    if form is not None and form.is_valid():
        settle_day(by=user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Entered; clocks that start from now on count by it."))
        return redirect("desk:rules", "calendar")
    rows = CalendarDay.objects.select_related("by")
    return _page(
        request, "calendar", _("Holidays and shifted weekends"), form, rows, CalendarDay, ["is_working"]
    )


def _page(
    request: HttpRequest, kind: str, title: str, form: Any, rows: Any, model: Any, columns: list[str]
) -> HttpResponse:
    paginator = Paginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "title": title,
        "form": form,
        "tabs": [*((code, label) for code, (label, _f, _m) in KINDS.items()), ("calendar", _("Holidays"))],
        "headings": [model._meta.get_field(name).verbose_name for name in columns],
        "rows": [(row, [_cell(row, name) for name in columns]) for row in page],
        "shipped": [[_cell(row, name) for name in columns] for row in _shipped(request, kind)],
        "shipped_words": WORDS.get(kind, ""),
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/settings/rules.html", context, status=status)


def _shipped(request: HttpRequest, kind: str) -> list[Any]:
    memberships = cast("User", request.user).memberships
    return shipped_rows(kind, regions=set(memberships.values_list("organisation__region_id", flat=True)))


def _cell(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_fen"):
        return yuan(value) or _("any amount")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)
