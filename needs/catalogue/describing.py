"""What the catalogue says of one project: its facts as codes, and the tokens that it is found by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import chain

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from jiujinan.codes import (
    CAUSE_GROUP_LABELS,
    CAUSE_GROUPS,
    CAUSE_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    TIER_LABELS,
    WIDE_AMOUNT_BANDS,
    AmountBand,
    Cause,
)
from jiujinan.regions.models import Region
from jiujinan.text import sentence_tokens
from needs.catalogue.entries import Entry
from needs.catalogue.reading import STRONG_PREFIX
from needs.models import Project, ProjectItem
from needs.rules import hoped_for_until
from needs.states import ProjectState

LANGUAGES = ("zh-hans", "en")


def describe(project: Project) -> Entry:
    """Return the entry of a project as it is now; one query for its items."""
    return describe_all([project])[project.number]


def describe_all(projects: Sequence[Project]) -> dict[str, Entry]:
    """Return the entries of projects by number; one query for all their items."""
    items: dict[str, list[tuple[str, str]]] = {project.number: [] for project in projects}
    found = ProjectItem.objects.filter(project__in=items).values_list("project_id", "kind", "category")
    for number, kind, category in found:
        items[number].append((kind, category))
    return {project.number: _entry(project, items[project.number]) for project in projects}


def _entry(project: Project, items: list[tuple[str, str]]) -> Entry:
    group = project.cause_group or (CAUSE_GROUPS[Cause(project.cause)] if project.cause else "")
    fine = project.amount_band in set(AmountBand)
    band = WIDE_AMOUNT_BANDS[AmountBand(project.amount_band)] if fine else project.amount_band
    published = _day(project.published_month)
    return Entry(
        number=project.number,
        standing=project.state == ProjectState.PUBLISHED,
        region=project.region_id,
        tier=project.tier,
        urgency=project.urgency,
        cause=project.cause,
        cause_group=str(group),
        band=str(band),
        published_on=published.isoformat(),
        wanted_on=hoped_for_until(published, project.tier, months=settings.PROJECT_MONTHS).isoformat(),
        covered=project.covered_percent,
        kinds=" ".join(sorted({kind for kind, _ in items})),
        categories=" ".join(sorted({category for _, category in items if category})),
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def terms_of(project: Project, entry: Entry, places: Mapping[str, str] | None = None) -> str:
    """Return the tokens that the index stores: those of title, labels and region twice, once marked as strong.

    `places` gives the names of divisions by code; without it they are read (one query).
    """
    codes = _codes_above(entry.region)
    if places is None:
        places = names_of(codes)
    named = [places[code] for code in codes if code in places]
    labels, coarse_labels = _labels(entry)
    titled = "。".join([project.title_zh, project.title_en, *labels, *named])
    strong = [*sentence_tokens(titled), (entry.number.lower(),)]
    weak = sentence_tokens("。".join([project.description_zh, project.description_en, *coarse_labels]))
    return " ".join(dict.fromkeys(chain(*strong, *map(_as_strong, strong), *weak)))


@lru_cache(maxsize=4096)
def _as_strong(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(STRONG_PREFIX + token for token in tokens)


def _labels(entry: Entry) -> tuple[list[str], list[str]]:
    """Return the labels of what is told, and those of what is told by a group alone: they say less."""
    codes = [("tier", entry.tier), ("cause", entry.cause)]
    codes += [("kind", kind) for kind in entry.kinds.split()]
    codes += [("category", category) for category in entry.categories.split()]
    group = "" if entry.cause else entry.cause_group
    return (
        [word for name, code in codes if code for word in _label(name, code)],
        list(_label("group", group)) if group else [],
    )


_LABELS: dict[str, dict[str, str]] = {
    "tier": {code.value: label for code, label in TIER_LABELS.items()},
    "cause": {code.value: label for code, label in CAUSE_LABELS.items()},
    "group": {code.value: label for code, label in CAUSE_GROUP_LABELS.items()},
    "kind": {code.value: label for code, label in ITEM_KIND_LABELS.items()},
    "category": {code.value: label for code, label in ITEM_CATEGORY_LABELS.items()},
}


@cache
def _label(name: str, code: str) -> tuple[str, ...]:
    """Return a code's label in every language of the site."""
    words = []
    for language in LANGUAGES:
        with translation.override(language):
            words.append(gettext(_LABELS[name][code]))
    return tuple(words)


def _codes_above(region: str) -> list[str]:
    return sorted({region, region[:4].ljust(6, "0"), region[:2].ljust(6, "0")})


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of divisions by code."""
    return dict(Region.objects.filter(pk__in=set(codes)).values_list("pk", "name"))


def names_around(described: Iterable[Entry]) -> dict[str, str]:
    """Return the names of every division that the entries lie in."""
    return names_of(code for entry in described for code in _codes_above(entry.region))
