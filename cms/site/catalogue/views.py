"""The two views of the catalogue."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from cms.site.catalogue.feeds import calendar_of
from cms.site.catalogue.filters import ProjectFilter, chosen, question_of
from cms.site.catalogue.listing import (
    count_words,
    facets_of,
    first_page,
    region_tree,
    single_filters,
    sort_labels,
    widenings,
)
from cms.site.catalogue.nearby import nearby
from cms.site.models.saved import SavedProject
from needs.anonymise.public_counts import public_count
from needs.catalogue import engine
from needs.models import Project
from needs.states import ProjectState

if TYPE_CHECKING:
    from cms.site.models import CatalogueIndexPage

GONE = 410


def project_list(request: HttpRequest, *, page: "CatalogueIndexPage") -> HttpResponse:
    """Show the projects that pass the filters in the address; only the results to htmx."""
    filters = ProjectFilter(request.GET, queryset=Project.objects.none())
    in_force = chosen(filters)
    question = question_of(in_force, request.GET, today=timezone.localdate())
    answer = engine.find(question)
    wider = [] if answer.numbers else widenings(filters, answer, request.GET)
    alone = [] if answer.numbers or wider or len(in_force) < 2 else single_filters(filters, in_force, _count)
    near = None if answer.numbers else nearby(question, request.GET)
    context = {
        "page": page,
        "filters": filters,
        "in_force": in_force,
        "chips": _chips(filters, in_force),
        "facets": facets_of(filters, answer, in_force),
        "tree": region_tree(answer, in_force.get("region", "")),
        "answer": answer,
        "wanted": answer.read_as or question.text,
        "results": engine.shown(answer),
        "near": near,
        "nearest": engine.shown(near.answer) if near else [],
        "count": count_words(public_count(answer.count)),
        "same": first_page(request.GET).urlencode(),
        "sort": question.order.value,
        "sorts": sort_labels(question),
        "widenings": wider,
        "alone": alone,
    }
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    whole = not details or details.history_restore_request
    response = render(request, "site/project_list.html" if whole else "site/catalogue.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _count(filters: dict[str, str]) -> int:
    """Return how many projects pass these filters alone."""
    return engine.find(question_of(filters, QueryDict(), today=timezone.localdate(), size=1)).count


def project_detail(request: HttpRequest, *, page: "CatalogueIndexPage", number: str) -> HttpResponse:
    """Show one project; one that was withdrawn or closed says no more than that."""
    found = Project.objects.select_related("region__parent").prefetch_related("items", "updates")
    project = get_object_or_404(found, number=number.upper())
    if project.state != ProjectState.PUBLISHED:
        return render(request, "410.html", status=GONE)
    context = {
        "page": page,
        "project": project,
        "items": list(project.items.all()),
        "address": request.build_absolute_uri(request.path),
        "is_kept": request.user.is_authenticated
        and SavedProject.objects.filter(user=request.user, project=project).exists(),
    }
    return render(request, "site/project.html", context)


def project_calendar(request: HttpRequest, *, page: "CatalogueIndexPage", number: str) -> HttpResponse:
    """Return until when help is hoped for, as a calendar of one day."""
    project = get_object_or_404(Project.objects.public(), number=number.upper())
    return calendar_of(request, page=page, projects=[project], name=project.number)


def _chips(filters: ProjectFilter, in_force: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return name, label and shown value of every filter in force but the region, which the tree shows."""
    chips = []
    for name, value in in_force.items():
        if name == "region":
            continue
        choices = dict(getattr(filters.form.fields[name], "choices", []))
        chips.append((name, str(filters.filters[name].label), str(choices.get(value, value))))
    return chips
