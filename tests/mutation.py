"""
Taking one guard away and no other: a condition of a trigger, a trigger, or a constraint of a table.

All within the test's transaction, which puts it back. A constraint is taken from a table while it is empty: SQLite
builds the table anew without it, PostgreSQL drops it.
"""

import re
from collections.abc import Iterable

from django.db import connection

from donors.ledger import guards
from donors.ledger.guards import postgresql


def without_condition(message: str) -> None:
    """Install the guards anew, without the one condition that refuses in these words."""
    if connection.vendor == "postgresql":
        changed = [
            _without_line(function, message) for function in postgresql.FUNCTIONS if message in function
        ]
        _run(changed)
        return
    for name, (_, create) in guards.statements("sqlite").items():
        if f"ledger: {message}'" in create:
            guards.remove(connection, [name])
            rest = _without_line(create, message)
            _run([rest] if "RAISE" in rest else [])


def without_constraint(table: str, name: str) -> None:
    """Take away a named constraint, or the uniqueness of the column of that name. The table must be empty."""
    if connection.vendor == "postgresql":
        _run([f'ALTER TABLE {table} DROP CONSTRAINT "{_named(table, name)}"'])
    else:
        _build_anew(table, name)


def aside(names: Iterable[str]) -> None:
    """Take away the guards that stand in front of the one that is tried."""
    guards.remove(connection, list(names))


def _without_line(statement: str, message: str) -> str:
    return "\n".join(line for line in statement.split("\n") if f"ledger: {message}'" not in line)


def _named(table: str, name: str) -> str:
    """Return the constraint's name; for a column that of its uniqueness, which Django makes up."""
    query = (
        "SELECT c.conname FROM pg_constraint c LEFT JOIN pg_attribute a "
        "ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum] "
        "WHERE c.conrelid = %s::regclass AND (c.conname = %s OR (c.contype = 'u' AND a.attname = %s))"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [table, name, name])
        return str(cursor.fetchall()[0][0])


def _build_anew(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL "
            "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END",
            [table],
        )
        create, *rest = (row[0] for row in cursor.fetchall())
    _run([f"DROP TABLE {table}", _without_clause(create, name), *rest])


def _without_clause(create: str, name: str) -> str:
    column = re.search(rf'"{name}" [a-z]+(\(\d+\))?( NOT)? NULL( UNIQUE)', create)
    if column is not None:
        return create[: column.start(3)] + create[column.end(3) :]
    start = create.index(f'CONSTRAINT "{name}"')
    end = place = create.index("(", start)
    depth = 0
    for end in range(place, len(create)):
        depth += {"(": 1, ")": -1}.get(create[end], 0)
        if depth == 0:
            break
    before = create[:start].rstrip()
    return before.removesuffix(",") + create[end + 1 :]


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
