"""
Guards of the publish gate in the database: triggers that hold even for whoever goes around the code.

Nothing becomes public without a decision on exactly these bytes; nothing public changes by a byte; a withdrawn
consent takes the project out in the same statement; a public number is used once. They are taken down
before migrations and stand again after them (`needs.apps`), since SQLite rebuilds the tables it alters.
"""

from collections.abc import Iterable, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

from needs.guards import rules
from needs.guards.rules import Guard


def statements(vendor: str) -> Mapping[str, tuple[str, list[str]]]:
    """Return guard name → (table, the statements that create it) for `sqlite` or `postgresql`."""
    write = _sqlite if vendor == "sqlite" else _postgresql
    return {guard.name: (guard.table, write(guard)) for guard in rules.guards(vendor)}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every guard anew."""
    with connection.cursor() as cursor:
        for name, (table, create) in statements(connection.vendor).items():
            cursor.execute(_drop(connection, name, table))
            for statement in create:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, names: Iterable[str] | None = None) -> None:
    """Drop the named guards, or all of them: before migrations, in tests and for filling a bench."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, (table, _) in statements(connection.vendor).items():
            if table in tables and (names is None or name in names):
                cursor.execute(_drop(connection, name, table))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of guards that are not in the database."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in statements(connection.vendor) if name not in present]


def _sqlite(guard: Guard) -> list[str]:
    body = "\n".join(
        f"SELECT RAISE(ABORT, 'gate: {refusal.message}') WHERE {refusal.condition};"
        for refusal in guard.refusals
    )
    effects = "\n".join(f"{effect};" for effect in guard.effects)
    return [
        f"CREATE TRIGGER {guard.name} {guard.when} ON {guard.table} FOR EACH ROW"
        f"{_when(guard)} BEGIN\n{body}\n{effects}\nEND"
    ]


def _postgresql(guard: Guard) -> list[str]:
    body = "\n".join(
        f"IF {refusal.condition} THEN RAISE EXCEPTION 'gate: {refusal.message}' USING ERRCODE = '23514'; END IF;"
        for refusal in guard.refusals
    )
    effects = "\n".join(f"{effect};" for effect in guard.effects)
    result = "OLD" if guard.when.endswith("DELETE") else "NEW"
    return [
        # SECURITY DEFINER: what a guard must read or set, it may, whoever wrote the row.
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = public, pg_temp SET datestyle = 'ISO' "
        f"AS $$ BEGIN\n{body}\n{effects}\nRETURN {result};\nEND $$",
        f"CREATE TRIGGER {guard.name} {guard.when} ON {guard.table} FOR EACH ROW"
        f"{_when(guard)} EXECUTE FUNCTION {guard.name}()",
    ]


def _when(guard: Guard) -> str:
    return f" WHEN ({guard.only})" if guard.only else ""


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    if connection.vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    return f"DROP TRIGGER IF EXISTS {name} ON {table}"
