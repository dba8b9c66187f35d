"""The catalogue's face to the rest of the house: keep its entries in step, and ask it."""

from dataclasses import replace
from functools import cache

from jiujinan.regions.models import Region
from needs.catalogue import database, entries
from needs.catalogue.lexicon import Lexicon
from needs.catalogue.question import Answer, Question
from needs.models import Project
from needs.models.project import ProjectQuerySet


def index_project(project: Project) -> None:
    """Put the project into the catalogue in place of what it held before; inside the caller's transaction."""
    entry = entries.describe(project)
    row = entries.write(entry)
    if entry.standing:
        entries.write_terms(row.place, entries.terms_of(project, entry))
    else:
        entries.forget_terms(row.place)


def refresh_project(project: Project) -> None:
    """Bring the facts of a project in step whose words are the same; inside the caller's transaction."""
    entries.write(entries.describe(project))


def withdraw_project(number: str) -> None:
    """Take the project out of every answer; inside the caller's transaction."""
    project = Project.objects.filter(pk=number).first()
    if project is not None:
        row = entries.write(replace(entries.describe(project), standing=False))
        entries.forget_terms(row.place)


def find(question: Question) -> Answer:
    """Answer the question."""
    return database.find(question, correct=lambda text: lexicon().correct(text))


@cache
def lexicon() -> Lexicon:
    """Return the words that a visitor can mean: those of the field and the divisions' names."""
    return Lexicon.of(Region.objects.filter(valid_to=None).order_by("code").values_list("name", flat=True))


def shown(answer: Answer) -> list[Project]:
    """Return the projects of an answer in its order, read anew: one that was withdrawn meanwhile is left out."""
    found = with_parts(Project.objects.public()).in_bulk(answer.numbers)
    return [found[number] for number in answer.numbers if number in found]


def with_parts(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Return the projects with what a card shows, in two queries."""
    return projects.select_related("region__parent").prefetch_related("items")
