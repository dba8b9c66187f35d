"""The list page's parts: facets with counts, the region tree, and what would widen an empty result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from cms.site.catalogue.filters import SORT_LABELS, ProjectFilter
from jiujinan.codes import CAUSE_GROUPS, CauseGroup
from jiujinan.regions.models import Region
from needs.anonymise.public_counts import SMALLEST_COUNT, public_count, public_table
from needs.catalogue.question import FACETS, Answer, Question, Sort

OVERLAPPING = frozenset({"kind", "category", "force"})
MOST_ASKED_ALONE = 4
_SELECTED = mark_safe(" selected")  # ours
PLACE_IN_PAGES = ("after", "before", "page")


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many projects it would show, ready to read."""

    value: str
    label: str
    count: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One filter with its values."""

    name: str
    label: str
    options: list[Option]

    @property
    def choices(self) -> SafeString:
        """The values as the options of a list; sixty on a page, so they are written without a template."""
        return format_html_join(
            "\n",
            '<option value="{}"{}>{} ({})</option>',
            ((one.value, _SELECTED if one.chosen else "", one.label, one.count) for one in self.options),
        )


@dataclass(frozen=True)
class RegionChoice:
    """A division one step down, with how many of the projects lie in it, ready to read."""

    code: str
    name: str
    count: str


@dataclass(frozen=True)
class RegionTree:
    """Where the reader stands in the tree of divisions: those above, the one chosen, those below."""

    above: list[Region]
    here: Region | None
    below: list[RegionChoice]


@dataclass(frozen=True)
class Widening:
    """What dropping one filter, or keeping one alone, would show."""

    label: str
    query: str
    count: str


def count_words(count: int | None) -> str:
    """Return a public count for people: "about 120", or "fewer than 20" where it is withheld."""
    if count is None:
        return gettext("fewer than %(limit)d projects") % {"limit": SMALLEST_COUNT}
    return gettext("about %(count)s projects") % {"count": f"{count:,}"}


def short_words(count: int | None) -> str:
    """Return a public count in a few characters, for lists of values."""
    return f"<{SMALLEST_COUNT}" if count is None else f"{count:,}"


def facets_of(filters: ProjectFilter, answer: Answer, in_force: Mapping[str, str]) -> list[Facet]:
    """Return every facet but the region, which is a tree; counts rounded and small ones withheld."""
    found = []
    for name in FACETS:
        if name == "region":
            continue
        cells = public_cells(name, answer.facets.get(name, {}))
        choices = filters.filters[name].extra["choices"]()
        options = [
            Option(str(value), str(label), short_words(cells.get(value)), in_force.get(name) == value)
            for value, label in choices
        ]
        found.append(Facet(name, str(filters.filters[name].label), options))
    return found


def public_cells(name: str, counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return a facet's counts as the public sees them.

    Kinds, categories and forces overlap (a project may ask for several), so each count stands alone; the others
    are parts of one whole. A group of causes is shown as the total of its causes.
    """
    if name in OVERLAPPING:
        return {value: public_count(count) for value, count in counts.items()}
    if name != "cause":
        return dict(public_table(counts).cells)
    cells: dict[str, int | None] = {}
    for group in CauseGroup:
        parts = {str(cause): counts.get(cause, 0) for cause, its in CAUSE_GROUPS.items() if its is group}
        told_by_group_alone = counts.get(group, 0) - sum(parts.values())
        table = public_table({**parts, "": told_by_group_alone})
        cells |= {value: count for value, count in table.cells.items() if value}
        cells[str(group)] = table.total
    return cells


def region_tree(answer: Answer, code: str) -> RegionTree:
    """Return the tree around the chosen division; one query."""
    cells = public_table(answer.facets.get("region", {})).cells
    path = {code[:2].ljust(6, "0"), code[:4].ljust(6, "0"), code} if code else set()
    found = Region.objects.in_bulk([*path, *cells])
    above = [found[step] for step in sorted(path) if step in found and step != code]
    below = [
        RegionChoice(step, found[step].name, short_words(count))
        for step, count in sorted(cells.items())
        if step in found
    ]
    return RegionTree(above, found.get(code), below)


def widenings(filters: ProjectFilter, answer: Answer, given: QueryDict) -> list[Widening]:
    """Return, for each filter in force, how many projects stand without it; most first, zeros left out."""
    found = []
    for name, count in sorted(answer.without.items(), key=lambda pair: -pair[1]):
        if not count:
            continue
        fewer = first_page(given)
        fewer.pop(name, None)
        label = str(filters.filters[name].label)
        found.append(Widening(label, fewer.urlencode(), count_words(public_count(count))))
    return found


def single_filters(
    filters: ProjectFilter, in_force: Mapping[str, str], count_of: Callable[[dict[str, str]], int]
) -> list[Widening]:
    """Return, where no single filter is to blame, how many projects stand with each of the filters alone."""
    found = []
    for name, value in list(in_force.items())[:MOST_ASKED_ALONE]:
        if count := count_of({name: value}):
            label = str(filters.filters[name].label)
            found.append((count, Widening(label, urlencode({name: value}), count_words(public_count(count)))))
    return [widening for _, widening in sorted(found, key=lambda pair: -pair[0])]


def first_page(given: QueryDict) -> QueryDict:
    """Return the address's question without its place in the pages."""
    fewer = given.copy()
    for name in PLACE_IN_PAGES:
        fewer.pop(name, None)
    return fewer


def sort_labels(question: Question) -> list[tuple[str, str]]:
    """Return names and labels of the sorts; the best match is one only where words are asked for."""
    return [
        (sort.value, str(label))
        for sort, label in SORT_LABELS.items()
        if question.text or sort is not Sort.BEST
    ]
