"""The rows behind the search: one entry for each project, with its facts as codes and its words as terms.

Written with the project in one transaction. A reader keeps a *mark* of what it has seen and asks for what was
written since; PostgreSQL answers from its own snapshots, so that a transaction that commits late is not missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from django.db import connection


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
_values = attrgetter(*FACTS)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it was written: its place in the index and the version that this writing gave it."""

    place: int
    version: int
    entry: Entry


def write(entry: Entry) -> Row:
    """Put the entry in place of what stood for its number; its version is one higher than before."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_put()} RETURNING place, version", list(_values(entry)))
        place, version = cursor.fetchone()
    return Row(place, version, entry)


def write_all(described: Sequence[Entry]) -> list[Row]:
    """Put many entries in place of what stood for their numbers; like `write`, in two questions for all."""
    if not described:
        return []
    marks = ", ".join(["%s"] * len(described))
    with connection.cursor() as cursor:
        cursor.executemany(_put(), [_values(entry) for entry in described])
        cursor.execute(
            f"SELECT number, place, version FROM needs_projectindex WHERE number IN ({marks})",  # noqa: S608
            [entry.number for entry in described],
        )
        places = {number: (place, version) for number, place, version in cursor.fetchall()}
    return [Row(*places[entry.number], entry) for entry in described]


def _put() -> str:
    marks = ", ".join(["%s"] * len(FACTS))
    changes = ", ".join(f"{name} = excluded.{name}" for name in FACTS[1:])
    stamp = _stamp()
    return (
        f"INSERT INTO needs_projectindex ({_COLUMNS}, version, written)"  # noqa: S608  # names of ours alone
        f" VALUES ({marks}, 1, {stamp}) ON CONFLICT (number) DO UPDATE SET {changes},"
        f" version = needs_projectindex.version + 1, written = {stamp}"
    )


def _stamp() -> str:
    if connection.vendor == "sqlite":  # one writer at a time: counting is enough
        return "(SELECT coalesce(max(written), 0) + 1 FROM needs_projectindex)"
    return "pg_current_xact_id()"


def write_terms(place: int, terms: str) -> None:
    """Put the terms into the text index at the place, instead of those that stood there."""
    write_all_terms([(place, terms)])


def write_all_terms(terms: Sequence[tuple[int, str]]) -> None:
    """Put terms into the text index at their places, instead of those that stood there.

    In the order of places: SQLite's index starts anew at every step back, which takes five times as long.
    """
    ordered = sorted(terms)
    value = "%s" if connection.vendor == "sqlite" else "array_to_tsvector(string_to_array(%s, ' '))"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM needs_projectterms WHERE {_place()} = %s",  # noqa: S608
            [(place,) for place, _ in ordered],
        )
        cursor.executemany(
            f"INSERT INTO needs_projectterms ({_place()}, terms) VALUES (%s, {value})",  # noqa: S608
            ordered,
        )


def write_terms_beside(terms: Sequence[tuple[int, str]], *, table: str) -> None:
    """Put terms into a new table beside PostgreSQL's text index, where their places are empty."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (place, terms)"  # noqa: S608  # a name of ours
            " VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))",
            terms,
        )


def settle_terms() -> None:
    """Sort into the text index what PostgreSQL set aside: else, after many writings, every search reads it through."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('needs_projectterms_terms')")


def let_fall(number: str) -> None:
    """Let the entry of a number that no project has stand no longer."""
    row = read_one(number)
    if row is not None:
        write(replace(row.entry, standing=False))
        forget_terms(row.place)


def forget_terms(place: int) -> None:
    """Take the terms out of the text index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM needs_projectterms WHERE {_place()} = %s", [place])  # noqa: S608


def _place() -> str:
    return "rowid" if connection.vendor == "sqlite" else "place"


def read_all() -> Iterable[Row]:
    """Return every entry, also of projects that no longer stand."""
    return _rows(f"SELECT place, version, {_COLUMNS} FROM needs_projectindex ORDER BY place", [])  # noqa: S608


def read_one(number: str) -> Row | None:
    """Return the entry of one project."""
    return next(iter(read_some([number])), None)


def read_some(numbers: Sequence[str]) -> Iterable[Row]:
    """Return the entries of these projects."""
    marks = ", ".join(["%s"] * len(numbers))
    query = f"SELECT place, version, {_COLUMNS} FROM needs_projectindex WHERE number IN ({marks})"  # noqa: S608
    return _rows(query, numbers)


def raise_version(row: Row, *, to: int) -> None:
    """Let the entry's next writing be newer than a version that something outside claims."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE needs_projectindex SET version = %s WHERE place = %s AND version < %s",
            [to, row.place, to],
        )


def stored_terms(places: Sequence[int]) -> dict[int, str]:
    """Return the terms that the text index holds at the places, in one order on every database."""
    if not places:
        return {}
    marks = ", ".join(["%s"] * len(places))
    value = "terms" if connection.vendor == "sqlite" else "array_to_string(tsvector_to_array(terms), ' ')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_place()}, {value} FROM needs_projectterms WHERE {_place()} IN ({marks})",  # noqa: S608
            list(places),
        )
        return {place: " ".join(sorted(terms.split())) for place, terms in cursor.fetchall()}


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
