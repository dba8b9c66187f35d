"""
Guards of the ledger in the database: triggers that hold even for whoever goes around the code.

Each guard has a name and one statement for each vendor, so that a test can take one away and see that
something notices. Installing is idempotent; `missing` names those that a database lacks, and a test asks it.
"""

from collections.abc import Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

from donors.ledger.guards import postgresql, sqlite


def statements(vendor: str) -> Mapping[str, tuple[str, str]]:
    """Return guard name → (table, SQL that creates it) for `sqlite` or `postgresql`."""
    return sqlite.GUARDS if vendor == "sqlite" else postgresql.GUARDS


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every guard anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in postgresql.FUNCTIONS:
                cursor.execute(function)
        for name, (table, create) in statements(connection.vendor).items():
            cursor.execute(_drop(connection, name, table))
            cursor.execute(create)


def remove(connection: BaseDatabaseWrapper, names: list[str] | None = None) -> None:
    """Drop the named guards, or all of them: for going back a migration, and for tests."""
    with connection.cursor() as cursor:
        for name, (table, _) in statements(connection.vendor).items():
            if names is None or name in names:
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


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    if connection.vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    return f"DROP TRIGGER IF EXISTS {name} ON {table}"
