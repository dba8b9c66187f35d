"""The catalogue's face to the rest of the house: keep its entries in step, and ask it."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from django.utils import timezone

from jiujinan.outbox.services import tell
from jiujinan.regions.models import Region
from needs.catalogue import cluster, database, describing, elastic, entries
from needs.catalogue import columns as shelf
from needs.catalogue.cluster import NoSearchService
from needs.catalogue.entries import Row
from needs.catalogue.lexicon import Lexicon
from needs.catalogue.question import Answer, Question
from needs.models import Project
from needs.models.project import ProjectQuerySet

DESTINATION = "catalogue"
_NOT_IN_A_NAME = ("valid_from", "valid_to", "replaced_by", "source", "updated_at")
logger = logging.getLogger(__name__)


def index_project(project: Project) -> None:
    """Put the project into the catalogue in place of what it held before; inside the caller's transaction."""
    index_projects([project])


def index_projects(projects: Sequence[Project], *, beside: str = "") -> list[Row]:
    """Put the projects into the catalogue in place of what it held before; inside the caller's transaction.

    Their terms go into the table `beside` where one is named. Returns the entries as they were written.
    """
    described = describing.describe_all(projects)
    places = describing.names_around(described.values())
    terms = []
    rows = entries.write_all(list(described.values()))
    for project, row in zip(projects, rows, strict=True):
        if row.entry.standing:
            terms.append((row.place, describing.terms_of(project, row.entry, places)))
        else:
            entries.forget_terms(row.place)
        _tell(row)
    if beside:
        entries.write_terms_beside(terms, table=beside)
    else:
        entries.write_all_terms(terms)
    return rows


def refresh_project(project: Project) -> None:
    """Bring the facts of a project in step whose words are the same; inside the caller's transaction."""
    _tell(entries.write(describing.describe(project)))


def withdraw_project(number: str) -> None:
    """Take the project out of every answer; inside the caller's transaction."""
    project = Project.objects.filter(pk=number).first()
    if project is not None:
        row = entries.write(replace(describing.describe(project), standing=False))
        entries.forget_terms(row.place)
        _tell(row)


def _tell(row: Row) -> None:
    """Let Elasticsearch know through the outbox, where there is one. The time is of the telling, not of an act."""
    if not cluster.is_wanted():
        return
    number = row.entry.number
    tell(
        destination=DESTINATION,
        subject=f"project:{number}",
        kind="project.changed",
        payload={"project": number, "version": row.version},
        key=f"catalogue:{number}:{row.version}",
        now=timezone.now(),
    )


def find(question: Question) -> Answer:
    """Answer the question: by Elasticsearch where there is one, by the database where it fails."""
    if not cluster.is_wanted():
        return database.find(question, lexicon=lexicon())
    if not cluster.is_paused():
        try:
            return elastic.find(question, lexicon=lexicon())
        except NoSearchService as error:
            logger.warning("search falls back to the database: %s", error)
            cluster.pause()
    return replace(database.find(question, lexicon=lexicon()), stood_in=True)


def places_with_projects() -> frozenset[str]:
    """Return the codes of the divisions in which projects stand, those above them included; from memory, one query."""
    columns = shelf.fresh()
    if not columns.size:
        return frozenset()
    codes, which = columns.regions()
    standing = {f"{code:06d}" for code in codes[np.unique(which[columns.standing])]}
    return frozenset(code[:digits].ljust(6, "0") for code in standing for digits in (2, 4, 6))


@cache
def lexicon() -> Lexicon:
    """Return the words that a visitor can mean: those of the field and the divisions' names."""
    return Lexicon.of(Region.objects.filter(valid_to=None).order_by("code").values_list("name", flat=True))


def shown(answer: Answer) -> list[Project]:
    """Return the projects of an answer in its order, read anew: one that was withdrawn meanwhile is left out."""
    found = with_parts(Project.objects.public()).in_bulk(answer.numbers)
    return [found[number] for number in answer.numbers if number in found]


def with_parts(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Return the projects with what a card shows, in two queries; of the divisions only what names them."""
    unread = [f"{region}__{name}" for region in ("region", "region__parent") for name in _NOT_IN_A_NAME]
    return projects.select_related("region__parent").defer(*unread).prefetch_related("items")
