"""Projects that a visitor has picked out: side by side, or kept for later."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from cms.site.models.saved import SavedProject
from cms.site.services import forget_project, save_project
from jiujinan.accounts.models import User
from needs.catalogue.engine import with_parts
from needs.models import Project

if TYPE_CHECKING:
    from cms.site.models import CatalogueIndexPage

MOST_COMPARED = 4
MOST_KEPT = 60


def compare(request: HttpRequest, *, page: "CatalogueIndexPage") -> HttpResponse:
    """Show up to four projects side by side; which ones, the address says."""
    asked = _numbers(request)
    projects = _standing(asked[:MOST_COMPARED])
    context = {
        "page": page,
        "projects": projects,
        "missing": len(asked) - len(projects),
        "most": MOST_COMPARED,
    }
    return render(request, "site/compare.html", context)


def saved(request: HttpRequest, *, page: "CatalogueIndexPage") -> HttpResponse:
    """Show what is kept: of somebody signed in, the account's; else the numbers that the address says."""
    user = request.user
    if user.is_authenticated:
        if request.method == "POST":
            return _keep(request, user, page)
        asked = list(SavedProject.objects.filter(user=user).values_list("project_id", flat=True)[:MOST_KEPT])
    elif request.method == "POST":
        return HttpResponseNotAllowed(["GET"])
    else:
        asked = _numbers(request)
    projects = _standing(asked)
    context = {"page": page, "projects": projects, "missing": len(asked) - len(projects), "numbers": asked}
    return render(request, "site/saved.html", context)


def _keep(request: HttpRequest, user: User, page: "CatalogueIndexPage") -> HttpResponse:
    project = get_object_or_404(Project.objects.public(), pk=str(request.POST.get("number", ""))[:12])
    act = forget_project if request.POST.get("forget") else save_project
    act(user=user, project=project, now=timezone.now())
    return redirect(f"{page.url}{project.number}/")


def _numbers(request: HttpRequest) -> list[str]:
    """Return the project numbers of the address, each once, without what is none."""
    given = [value.upper() for value in request.GET.getlist("n")[: MOST_KEPT * 2]]
    return list(dict.fromkeys(one for one in given if one.isascii() and one.isalnum() and len(one) <= 12))[
        :MOST_KEPT
    ]


def _standing(numbers: list[str]) -> list[Project]:
    found = with_parts(Project.objects.public()).in_bulk(numbers)
    return [found[number] for number in numbers if number in found]
