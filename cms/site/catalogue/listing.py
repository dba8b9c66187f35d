"""The list page's parts: sorting, paging, the region tree with counts, and what would widen an empty result."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, F
from django.db.models.lookups import Exact
from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from cms.site.catalogue.filters import ProjectFilter
from jiujinan.regions.models import Region
from jiujinan.regions.rules import Level, level
from needs.models import Project
from needs.models.project import ProjectQuerySet

PAGE_SIZE = 24
LACKING_FIRST = Exact(F("covered_percent"), 100)  # false sorts before true
SORTS: dict[str, tuple[str, tuple[Exact | str, ...]]] = {
    "urgent": (gettext_noop("Most urgent"), (LACKING_FIRST, "urgency", "covered_percent", "number")),
    "new": (gettext_noop("Newest"), ("-published_month", "urgency", "number")),
    "gap": (gettext_noop("Least covered"), ("covered_percent", "urgency", "number")),
    "close": (gettext_noop("Nearly covered"), (LACKING_FIRST, "-covered_percent", "urgency", "number")),
}
DEFAULT_SORT = "urgent"
DIGITS_BELOW = {None: 2, Level.PROVINCE: 4, Level.PREFECTURE: 6}


def sort_named(name: str | None) -> str:
    """Return the sort if there is one of that name, else the default."""
    return name if name in SORTS else DEFAULT_SORT


def sorted_page(projects: ProjectQuerySet, *, sort: str, number: str | None) -> Page[Project]:
    """Return one page; a number that is none, or past the end, gives the first or last page."""
    ordered = projects.order_by(*SORTS[sort][1]).select_related("region__parent").prefetch_related("items")
    return Paginator(ordered, PAGE_SIZE).get_page(number if number and number.isascii() else 1)


@dataclass(frozen=True)
class RegionChoice:
    """A division one step down, with how many of the projects lie in it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class RegionTree:
    """Where the reader stands in the tree of divisions: those above, the one chosen, those below."""

    above: list[Region]
    here: Region | None
    below: list[RegionChoice]


def region_tree(projects: ProjectQuerySet, code: str) -> RegionTree:
    """Return the tree around the chosen division; counts respect all other filters. Two queries."""
    standing = level(code) if code else None
    digits = DIGITS_BELOW.get(standing, 0)
    counts: Counter[str] = Counter()
    if digits:
        per_region = projects.order_by().values_list("region_id").annotate(projects=Count("pk"))
        for region_id, count in per_region:
            below = region_id[:digits].ljust(6, "0")
            # A county that stands directly under its province has no prefecture of its own.
            counts[below if below != code else region_id] += count
    counts.pop(code, None)
    path = {code[:2].ljust(6, "0"), code[:4].ljust(6, "0"), code} if code else set()
    found = Region.objects.in_bulk([*path, *counts])
    above = [found[step] for step in sorted(path) if step in found and step != code]
    below = [
        RegionChoice(step, found[step].name, count) for step, count in sorted(counts.items()) if step in found
    ]
    return RegionTree(above, found.get(code), below)


@dataclass(frozen=True)
class Widening:
    """What dropping one filter would show."""

    label: str
    query: str
    count: int


def widenings(projects: ProjectQuerySet, given: QueryDict, in_force: dict[str, str]) -> list[Widening]:
    """Return, for each filter in force, how many projects stand without it; most first, zeros left out."""
    found = []
    for name in in_force:
        fewer = given.copy()
        fewer.pop(name, None)
        fewer.pop("page", None)
        wider = ProjectFilter(fewer, queryset=projects)
        count = wider.qs.count()
        if count:
            label = str(wider.filters[name].label)
            found.append(Widening(label, fewer.urlencode(), count))
    return sorted(found, key=lambda widening: -widening.count)


def sort_labels() -> list[tuple[str, str]]:
    """Return names and labels of the sorts."""
    return [(name, gettext(label)) for name, (label, _) in SORTS.items()]
