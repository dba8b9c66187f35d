"""PostgreSQL's text index written anew beside the one that answers, and put in its place in one transaction.

A GIN index that takes rows one by one costs four times what building it whole does, and every search meanwhile reads
what it has set aside. Here searches keep the old table until the new one is whole; what was published, changed or
withdrawn in between is known by the versions of the entries, and taken over under the lock of the swap.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction

TABLE, ANEW = "needs_projectterms", "needs_projectterms_anew"
_ONE_AT_A_TIME = 824_208


def may_swap() -> bool:
    """Return whether this role may put another table in the place of the text index: PostgreSQL's owner may."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE')"
            " FROM pg_class WHERE oid = %s::regclass",
            [TABLE],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def beside() -> Iterator[None]:
    """Make an empty table for terms beside the one that answers; one rebuild at a time, the next one waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        try:
            cursor.execute(f"DROP TABLE IF EXISTS {ANEW}")
            cursor.execute(f"CREATE TABLE {ANEW} (LIKE {TABLE} INCLUDING STORAGE)")
            cursor.execute(f"ALTER TABLE {ANEW} SET (toast_tuple_target = 128)")
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def swap(written: Mapping[int, int]) -> None:
    """Build the indexes and let the new table answer. `written`: the version of each place whose terms it holds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ANEW} ADD CONSTRAINT {ANEW}_pkey PRIMARY KEY (place)")
        cursor.execute(f"CREATE INDEX {ANEW}_terms ON {ANEW} USING gin (terms)")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT place, version FROM needs_projectindex")
        changed = [place for place, version in cursor.fetchall() if written.get(place) != version]
        cursor.execute(f"DELETE FROM {ANEW} WHERE place = ANY(%s)", [changed])  # noqa: S608  # names of ours alone
        cursor.execute(
            f"INSERT INTO {ANEW} SELECT place, terms FROM {TABLE} WHERE place = ANY(%s)",  # noqa: S608
            [changed],
        )
        for statement in _same_rights():
            cursor.execute(statement)
        cursor.execute(f"DROP TABLE {TABLE}")
        cursor.execute(f"ALTER TABLE {ANEW} RENAME TO {TABLE}")
        cursor.execute(f"ALTER INDEX {ANEW}_pkey RENAME TO {TABLE}_pkey")
        cursor.execute(f"ALTER INDEX {ANEW}_terms RENAME TO {TABLE}_terms")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")


def _same_rights() -> list[str]:
    """Return what gives the new table the owner and the readers of the old one."""
    told = f"""
        SELECT format('ALTER TABLE {ANEW} OWNER TO %s', relowner::regrole) FROM pg_class WHERE oid = '{TABLE}'::regclass
        UNION ALL
        SELECT format('GRANT %s ON {ANEW} TO %s', privilege_type,
                      CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
        FROM pg_class, aclexplode(relacl) WHERE oid = '{TABLE}'::regclass AND grantee <> relowner
    """  # noqa: S608  # names of ours alone
    with connection.cursor() as cursor:
        cursor.execute(told)
        return [row[0] for row in cursor.fetchall()]
