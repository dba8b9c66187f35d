"""Text search over published projects, on the database's own index: FTS5 or tsvector.

Both index the terms that `jiujinan.text` made (simplified, segmented, with bigrams), so that Chinese words of
two characters and queries in traditional script are found on either.
"""

from django.db import connection

from jiujinan.text import query_terms, search_terms
from needs.models import Project
from needs.models.project import ProjectQuerySet

MOST_TERMS = 40


def index_project(project: Project) -> None:
    """Put the project into the index in place of what it held before."""
    withdraw_project(project.number)
    texts = [project.title_zh, project.description_zh, project.title_en, project.description_en]
    words = " ".join([*texts, project.number, project.region.name])
    value = "%s" if connection.vendor == "sqlite" else "array_to_tsvector(string_to_array(%s, ' '))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO needs_projectindex (number, terms) VALUES (%s, {value})",  # noqa: S608  # no input in it
            [project.number, search_terms(words)],
        )


def withdraw_project(number: str) -> None:
    """Take the project out of the index."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM needs_projectindex WHERE number = %s", [number])


def search(projects: ProjectQuerySet, text: str) -> ProjectQuerySet:
    """Keep the projects that hold every word of the text or a synonym of it; blank text keeps all."""
    words = [alternatives for alternatives in query_terms(text) if alternatives][:MOST_TERMS]
    if not words:
        return projects if not text.strip() else projects.none()
    return projects.filter(number__in=_numbers(words))


def _numbers(words: list[list[str]]) -> list[str]:
    if connection.vendor == "sqlite":
        condition, query = "needs_projectindex MATCH %s", _fts5(words)
    else:
        condition, query = "terms @@ %s::tsquery", _tsquery(words)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM needs_projectindex WHERE {condition}", [query])  # noqa: S608
        return [number for (number,) in cursor.fetchall()]


def _fts5(words: list[list[str]]) -> str:
    """Return an FTS5 query: every term quoted, so that no operator of the syntax can be typed in."""
    return " AND ".join(
        "(" + " OR ".join('"' + term.replace('"', '""') + '"' for term in terms) + ")" for terms in words
    )


def _tsquery(words: list[list[str]]) -> str:
    """Return a tsquery: every term quoted likewise."""
    return " & ".join(
        "(" + " | ".join("'" + term.replace("\\", "\\\\").replace("'", "''") + "'" for term in terms) + ")"
        for terms in words
    )
