"""
Lets Django's flush, after a transactional test, pass the guards that forbid deleting.

For the flush alone, triggers that do nothing but refuse stand aside: SQLite's are dropped and created
again in the same transaction, PostgreSQL's TRUNCATE triggers are disabled and enabled. The catalogue's tables,
which no model describes, are emptied with the others: else the projects of earlier tests fill the lists of later
ones with numbers that nothing stands behind. Nothing of it exists outside the tests.
Use: `from tests.donors.flush import flush_passes_the_guards` in a conftest.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

PROJECT = "needs_project"
CATALOGUE = ["DELETE FROM needs_projectindex", "DELETE FROM needs_projectterms"]


def _sqlite(tables: Sequence[str]) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        found = [(name, sql) for name, sql, table in cursor.fetchall() if table in tables and "RAISE(" in sql]
    return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]


def _postgresql(tables: Sequence[str]) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgtype & 32 <> 0")
        found = [(table, name) for table, name in cursor.fetchall() if table in tables]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in found],
        [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in found],
    )


@pytest.fixture(autouse=True, scope="session")
def flush_passes_the_guards(django_db_setup: None) -> None:
    # On the class: a browser's event loop gives the test another connection object than this fixture sees.
    ops = type(connection.ops)
    if hasattr(ops, "flush_is_patched"):
        return
    original = ops.sql_flush
    aside = _sqlite if connection.vendor == "sqlite" else _postgresql

    def sql_flush(self: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        before, after = aside(tables)
        catalogue = CATALOGUE if PROJECT in tables else []
        return [*before, *catalogue, *original(self, style, tables, **options), *after]

    ops.sql_flush = sql_flush  # type: ignore[method-assign]
    ops.flush_is_patched = True  # type: ignore[attr-defined]
