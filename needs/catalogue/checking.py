"""Finding and mending what the catalogue's entries do not say as the projects do; the database's own part."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import transaction

from needs.catalogue import engine, entries
from needs.catalogue.entries import Entry, Row
from needs.models import Project

CHUNK = 500
Progress = Callable[[int], None]
Thing = TypeVar("Thing")


def differences() -> list[str]:
    """Return the numbers of projects whose entry or terms are missing or other than they should be."""
    rows = {row.entry.number: row for row in entries.read_all()}
    wrong = []
    for projects in _chunks(Project.objects.order_by("number").iterator(chunk_size=CHUNK)):
        described = entries.describe_all(projects)
        held = [rows[project.number].place for project in projects if project.number in rows]
        terms = entries.stored_terms(held)
        for project in projects:
            row, entry = rows.pop(project.number, None), described[project.number]
            if row is None or row.entry != entry or not _same_terms(project, entry, row, terms):
                wrong.append(project.number)
    return sorted([*wrong, *(number for number, row in rows.items() if row.entry.standing)])


def _same_terms(project: Project, entry: Entry, row: Row, terms: dict[int, str]) -> bool:
    wanted = " ".join(sorted(entries.terms_of(project, entry).split())) if entry.standing else None
    return terms.get(row.place) == wanted


def mend(numbers: Iterable[str]) -> int:
    """Write the entries of these projects anew; return how many. What belongs to no project no longer stands."""
    count = 0
    for chunk in _chunks(iter(numbers)):
        with transaction.atomic():
            projects = list(Project.objects.select_for_update().filter(pk__in=chunk))
            engine.index_projects(projects)
            for number in sorted(set(chunk) - {project.number for project in projects}):
                entries.let_fall(number)
        count += len(chunk)
    return count


def rebuild(*, progress: Progress = lambda done: None) -> int:
    """Write every project's entry and terms anew; return how many."""
    count = 0
    for numbers in _chunks(Project.objects.order_by("number").values_list("number", flat=True).iterator()):
        with transaction.atomic():
            locked = list(Project.objects.select_for_update().filter(pk__in=numbers))
            engine.index_projects(locked)
        count += len(locked)
        progress(count)
    return count


def _chunks(things: Iterator[Thing]) -> Iterator[list[Thing]]:
    chunk: list[Thing] = []
    for thing in things:
        chunk.append(thing)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
