"""A migration step that makes the database itself refuse to change or delete rows of a table."""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
_ACTS = ("update", "delete")


def append_only(table: str) -> migrations.RunPython:
    """Return the operation that guards `table` on SQLite and PostgreSQL, and can be undone."""
    return migrations.RunPython(_create(table), _drop(table))


def _create(table: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def run(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        template = _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL
        for act in _ACTS:
            editor.execute(template.format(table=table, act=act), params=None)

    return run


def _drop(table: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def run(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        suffix = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        for act in _ACTS:
            editor.execute(f"DROP TRIGGER {table}_no_{act}{suffix}")

    return run
