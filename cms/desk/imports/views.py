"""Bringing a case file: choose it, see what it would do, say yes, watch it go in, fetch what was not taken."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.access import desk_member
from cms.desk.imports.forms import ImportForm, too_large
from cms.desk.imports.upload import BoundedUpload
from cms.desk.imports.working import set_to_work
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from needs.intake import imports, returning
from needs.intake.models import WORKING, Import, ImportState, Outcome

PAGE_SIZE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS = {
    "xlsx": (returning.bad_rows_workbook, _XLSX),
    "csv": (returning.bad_rows_csv, "text/csv; charset=utf-8"),
}
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def importer(view: View[Rest]) -> View[Rest]:
    """Let those in who may bring case files."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not can_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return desk_member(cast("View[Rest]", checked))


@csrf_exempt  # the token is checked below, after the bounded handler stands: reading it reads the file
@require_http_methods(["GET", "POST"])
@never_cache
@importer
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the files that the user brought, and take another."""
    upload = BoundedUpload(request)
    request.upload_handlers = [upload]
    return _import_list(request, upload)


@csrf_protect
def _import_list(request: HttpRequest, upload: BoundedUpload) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    is_good = request.method == "POST" and form.is_valid()
    if upload.is_too_large:
        form.errors.clear()
        form.add_error(None, too_large())
    elif is_good:
        batch = imports.receive(
            name=form.cleaned_data["file"].name,
            pieces=form.cleaned_data["file"].chunks(1 << 20),
            source=form.cleaned_data["source"],
            channel=form.cleaned_data["channel"],
            by=_user(request),
            now=timezone.now(),
        )
        set_to_work()
        return redirect("desk:import", batch.pk)
    paginator = Paginator(Import.objects.filter(by=_user(request)), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "page_range": paginator.get_elided_page_range(page.number)}
    return render(request, "desk/imports/list.html", context, status=422 if form.errors else 200)


@require_safe
@importer
def import_template(request: HttpRequest) -> HttpResponse:
    """Give the empty case file with its code lists."""
    return _file(returning.template(), "case-records-template.xlsx", _XLSX)


@require_safe
@never_cache
@importer
def import_detail(request: HttpRequest, import_id: str) -> HttpResponse:
    """Show what the file would do, does or did, case by case, and what was wrong with it."""
    batch = _batch(request, import_id)
    rows, problems = batch.rows.all(), batch.problems.all()
    wanted = request.GET.get("outcome", "")
    if wanted in Outcome.values:
        rows = rows.filter(outcome=wanted)
    shown = problems if wanted == "bad" else rows
    paginator = Paginator(shown, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "is_working": batch.state in WORKING,
        "is_checked": batch.state == ImportState.CHECKED,
        "has_bad_rows": batch.bad_rows.exists(),
        "outcomes": [(o.value, o.label, batch.counts[o.value]) for o in Outcome if batch.counts.get(o.value)],
        "wanted": wanted,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "file_problems": problems.filter(row=0),
    }
    return render(request, "desk/imports/detail.html", context)


@require_safe
@never_cache
@importer
def import_progress(request: HttpRequest, import_id: str) -> HttpResponse:
    """Show how far the file is; when the work is done, htmx is told to load the page afresh."""
    batch = _batch(request, import_id)
    response = render(request, "desk/imports/progress.html", {"batch": batch})
    if batch.state not in WORKING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@importer
def import_approve(request: HttpRequest, import_id: str) -> HttpResponse:
    """Take the good rows in."""
    return _step(request, import_id, imports.approve, _("The good rows are being taken in."))


@require_POST
@importer
def import_discard(request: HttpRequest, import_id: str) -> HttpResponse:
    """Throw the file away."""
    return _step(request, import_id, imports.discard, _("The file was discarded; nothing was taken in."))


@require_POST
@never_cache
@importer
def import_bad_rows(request: HttpRequest, import_id: str, form: str) -> HttpResponse:
    """Give the rows back that were not taken. It is no plain link: each fetching is an opening, and recorded."""
    batch = _batch(request, import_id)
    if form not in _FORMS:
        raise Http404
    make, kind = _FORMS[form]
    return _file(make(batch=batch, by=_user(request), now=timezone.now()), f"bad-rows.{form}", kind)


def _step(request: HttpRequest, import_id: str, act: Callable[..., Import], done: str) -> HttpResponse:
    batch = _batch(request, import_id)
    try:
        act(batch=batch, by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except imports.WrongStep:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    else:
        messages.success(request, done)
        set_to_work()
    return redirect("desk:import", import_id)


def _batch(request: HttpRequest, import_id: str) -> Import:
    return get_object_or_404(Import, pk=import_id, by=_user(request))


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
