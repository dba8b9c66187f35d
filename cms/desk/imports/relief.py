"""Bringing a list of relief: choose it, see what it would do and what is wrong row by row, say yes."""

from collections.abc import Callable
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.desk.imports.views import PAGE_SIZE, importer
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from needs.intake.imports import WrongStep
from needs.intake.models import ReliefList, ReliefState
from needs.intake.relief import RELIEF, template
from needs.intake.relief_lists import LARGEST_MB, PROBLEMS_KEPT, approve_list, check_list, discard_list

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReliefForm(forms.Form):
    """A list of relief that government or others have given."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, or CSV in UTF-8 or GB18030."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> object:
        """Refuse what is too large for a page."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_MB << 20:
            words = _("The file is larger than %(limit)s MB. Split it and bring the parts one after another.")
            raise forms.ValidationError(words % {"limit": LARGEST_MB})
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@importer
def relief_lists(request: HttpRequest) -> HttpResponse:
    """Show the lists that the user brought, and check another."""
    form = ReliefForm(request.POST, request.FILES) if request.method == "POST" else ReliefForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = check_list(name=file.name, content=file.read(), by=_user(request), now=timezone.now())
        return redirect("desk:relief_list", kept.pk)
    paginator = Paginator(ReliefList.objects.filter(by=_user(request)).defer("content"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "columns": RELIEF.columns,
    }
    return render(request, "desk/imports/relief.html", context, status=422 if form.errors else 200)


@require_safe
@importer
def relief_template(request: HttpRequest) -> HttpResponse:
    """Give the empty list with its code lists."""
    headers = {"Content-Disposition": 'attachment; filename="relief-template.xlsx"'}
    return HttpResponse(template(), content_type=_XLSX, headers=headers)


@require_safe
@never_cache
@importer
def relief_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """Show what the list would do, or did, and what was wrong row by row."""
    relief = _relief(request, list_id)
    paginator = Paginator(relief.problems, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "relief": relief,
        "is_checked": relief.state == ReliefState.CHECKED,
        "is_cut": relief.counts["problems"] > PROBLEMS_KEPT,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
    }
    return render(request, "desk/imports/relief_list.html", context)


@require_POST
@importer
def relief_approve(request: HttpRequest, list_id: str) -> HttpResponse:
    """Take the good rows in."""
    return _step(request, list_id, approve_list, _("The good rows were taken in."))


@require_POST
@importer
def relief_discard(request: HttpRequest, list_id: str) -> HttpResponse:
    """Throw the list away."""
    return _step(request, list_id, discard_list, _("The file was discarded; nothing was taken in."))


def _step(request: HttpRequest, list_id: str, act: Callable[..., ReliefList], done: str) -> HttpResponse:
    relief = _relief(request, list_id)
    try:
        act(relief=relief, by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except WrongStep:
        messages.error(request, _("This is not possible any more; the page now shows how things stand."))
    else:
        messages.success(request, done)
    return redirect("desk:relief_list", list_id)


def _relief(request: HttpRequest, list_id: str) -> ReliefList:
    mine = ReliefList.objects.filter(by=_user(request)).defer("content")
    return get_object_or_404(mine, pk=list_id)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
