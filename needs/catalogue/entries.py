"""The rows behind the search: one entry for each project, with its facts as codes and its words as terms.

Written with the project in one transaction. A reader keeps a *mark* of what it has seen and asks for what was
written since; PostgreSQL answers from its own snapshots, so that a transaction that commits late is not missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

from django.conf import settings
from django.db import connection
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
    CauseGroup,
    Tier,
)
from jiujinan.regions.models import Region
from jiujinan.text import search_terms
from needs.catalogue.reading import STRONG_PREFIX
from needs.models import Project, ProjectItem
from needs.rules import hoped_for_until
from needs.states import ProjectState

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be asked of one project, in codes; several in one field stand with blanks between."""

    number: str
    standing: bool
    region: str
    tier: str
    urgency: int
    cause: str
    cause_group: str
    band: str
    published_on: str
    wanted_on: str
    covered: int
    kinds: str
    categories: str


FACTS = tuple(field.name for field in fields(Entry))
_COLUMNS = ", ".join(FACTS)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it was written: its place in the index and the version that this writing gave it."""

    place: int
    version: int
    entry: Entry


def describe(project: Project) -> Entry:
    """Return the entry of a project as it is now; one query for its items."""
    items = ProjectItem.objects.filter(project=project).values_list("kind", "category")
    found = list(items)
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
        kinds=" ".join(sorted({kind for kind, _ in found})),
        categories=" ".join(sorted({category for _, category in found if category})),
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def terms_of(project: Project, entry: Entry) -> str:
    """Return the tokens that the index stores: those of title, labels and region twice, once marked as strong."""
    strong = search_terms(" 。".join([project.title_zh, project.title_en, *_labels(entry), *_places(entry)]))
    strong_tokens = [*strong.split(), entry.number.lower()]
    weak = search_terms(f"{project.description_zh}。{project.description_en}").split()
    tokens = dict.fromkeys([*strong_tokens, *(STRONG_PREFIX + token for token in strong_tokens), *weak])
    return " ".join(tokens)


def _labels(entry: Entry) -> list[str]:
    words: list[str] = []
    for language in LANGUAGES:
        with translation.override(language):
            if entry.tier:
                words.append(gettext(TIER_LABELS[Tier(entry.tier)]))
            if entry.cause:
                words.append(gettext(CAUSE_LABELS[Cause(entry.cause)]))
            elif entry.cause_group:
                words.append(gettext(CAUSE_GROUP_LABELS[CauseGroup(entry.cause_group)]))
            words += [gettext(ITEM_KIND_LABELS[kind]) for kind in entry.kinds.split()]  # type: ignore[index]
            words += [gettext(ITEM_CATEGORY_LABELS[one]) for one in entry.categories.split()]  # type: ignore[index]
    return words


def _places(entry: Entry) -> list[str]:
    codes = {entry.region, entry.region[:4].ljust(6, "0"), entry.region[:2].ljust(6, "0")}
    return list(Region.objects.filter(pk__in=codes).order_by("pk").values_list("name", flat=True))


def write(entry: Entry) -> Row:
    """Put the entry in place of what stood for its number; its version is one higher than before."""
    marks = ", ".join(["%s"] * len(FACTS))
    changes = ", ".join(f"{name} = excluded.{name}" for name in FACTS[1:])
    stamp = _stamp()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO needs_projectindex ({_COLUMNS}, version, written)"  # noqa: S608  # names of ours alone
            f" VALUES ({marks}, 1, {stamp}) ON CONFLICT (number) DO UPDATE SET {changes},"
            f" version = needs_projectindex.version + 1, written = {stamp} RETURNING place, version",
            list(astuple(entry)),
        )
        place, version = cursor.fetchone()
    return Row(place, version, entry)


def _stamp() -> str:
    if connection.vendor == "sqlite":  # one writer at a time: counting is enough
        return "(SELECT coalesce(max(written), 0) + 1 FROM needs_projectindex)"
    return "pg_current_xact_id()"


def write_terms(place: int, terms: str) -> None:
    """Put the terms into the text index at the place, instead of those that stood there."""
    value = "%s" if connection.vendor == "sqlite" else "array_to_tsvector(string_to_array(%s, ' '))"
    with connection.cursor() as cursor:
        forget_terms(place)
        cursor.execute(
            f"INSERT INTO needs_projectterms ({_place()}, terms) VALUES (%s, {value})",  # noqa: S608
            [place, terms],
        )


def forget_terms(place: int) -> None:
    """Take the terms out of the text index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM needs_projectterms WHERE {_place()} = %s", [place])  # noqa: S608


def _place() -> str:
    return "rowid" if connection.vendor == "sqlite" else "place"


def read_all() -> Iterable[Row]:
    """Return every entry, also of projects that no longer stand."""
    return _rows(f"SELECT place, version, {_COLUMNS} FROM needs_projectindex ORDER BY place", [])  # noqa: S608


def current_mark() -> str:
    """Return a mark of this moment, for `written_since`."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT coalesce(max(written), 0) FROM needs_projectindex")
        else:
            cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def has_changed_since(mark: str) -> bool:
    """Return whether any entry was written since the mark; one query on an index."""
    condition, values = _since(mark)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM needs_projectindex WHERE {condition} LIMIT 1", values)  # noqa: S608
        return cursor.fetchone() is not None


def written_since(mark: str) -> Iterable[Row]:
    """Return the entries written since the mark."""
    condition, values = _since(mark)
    return _rows(
        f"SELECT place, version, {_COLUMNS} FROM needs_projectindex WHERE {condition}",  # noqa: S608
        values,
    )


def _since(mark: str) -> tuple[str, Sequence[str | int]]:
    if connection.vendor == "sqlite":
        return "written > %s", [int(mark)]
    condition = (  # what this very transaction wrote counts as unseen: its snapshots leave itself out
        "written >= pg_snapshot_xmin(%s::pg_snapshot) AND (NOT pg_visible_in_snapshot(written, %s::pg_snapshot)"
        " OR written = pg_current_xact_id_if_assigned())"
    )
    return condition, [mark, mark]


def _rows(query: str, values: Sequence[str | int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Row(place, version, Entry(*facts)) for place, version, *facts in cursor.fetchall()]
