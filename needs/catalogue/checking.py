"""Finding and mending what the catalogue's entries do not say as the projects do; the database's own part."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import transaction

from needs.catalogue import describing, engine, entries, swapping
from needs.models import Project

CHUNK = 500
Progress = Callable[[int], None]
Thing = TypeVar("Thing")


def differences() -> list[str]:
    """Return the numbers of projects whose entry or terms are missing or other than they should be."""
    rows = {row.entry.number: row for row in entries.read_all()}
    wrong = []
    for projects in _chunks(Project.objects.order_by("number").iterator(chunk_size=CHUNK)):
        described = describing.describe_all(projects)
        held = [rows[project.number].place for project in projects if project.number in rows]
        terms, places = entries.stored_terms(held), describing.names_around(described.values())
        for project in projects:
            row, entry = rows.pop(project.number, None), described[project.number]
            wanted = _sorted_terms(describing.terms_of(project, entry, places)) if entry.standing else None
            if row is None or row.entry != entry or terms.get(row.place) != wanted:
                wrong.append(project.number)
    return sorted([*wrong, *(number for number, row in rows.items() if row.entry.standing)])


def _sorted_terms(terms: str) -> str:
    return " ".join(sorted(terms.split()))


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
    """Write every project's entry and terms anew; return how many.

    In the order of their places, which is the quickest for SQLite's text index. PostgreSQL's is built beside the one
    that answers, by whoever owns it; by others row by row.
    """
    if not swapping.may_swap():
        count = sum(len(rows) for rows in _written_anew(progress))
        entries.settle_terms()
        return count
    with swapping.beside():
        rows = [row for rows in _written_anew(progress, beside=swapping.ANEW) for row in rows]
        swapping.swap({row.place: row.version for row in rows if row.entry.standing})
    return len(rows)


def _written_anew(progress: Progress, *, beside: str = "") -> Iterator[list[entries.Row]]:
    """Write the projects' entries and terms in portions, a transaction each; yield what was written."""
    count = 0
    for numbers in _chunks(iter(_by_place())):
        with transaction.atomic():
            locked = list(Project.objects.select_for_update().filter(pk__in=numbers))
            rows = engine.index_projects(locked, beside=beside)
        count += len(locked)
        progress(count)
        yield rows


def _by_place() -> list[str]:
    """Return the numbers of all projects, those that have a place first, by place."""
    known = set(Project.objects.values_list("number", flat=True))
    placed = [row.entry.number for row in entries.read_all() if row.entry.number in known]
    return [*placed, *sorted(known.difference(placed))]


def _chunks(things: Iterator[Thing]) -> Iterator[list[Thing]]:
    chunk: list[Thing] = []
    for thing in things:
        chunk.append(thing)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
