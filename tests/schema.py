"""
The migrated, empty database is made once and copied from then on: two hundred migrations take a minute, a copy none.

The copy is named after everything that shapes it (migrations, guards, pinned packages); a change of any of them makes
a new one. SQLite's lies in pytest's cache, PostgreSQL's is a template database beside the tests' own. Each worker of
pytest-xdist copies for itself; the first of them makes what the others wait for.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

ROOT = Path(__file__).parents[1]
ROOMS = ("platform", "needs", "donors", "matching", "cms")
#: File names whose text reaches the schema.
SHAPING = ("migrations/0*.py", "*guards*.py", "append_only.py")
#: Templates that a PostgreSQL server keeps, the newest first: several checkouts may share it.
KEPT = 8


def name() -> str:
    """Return the schema's name: a digest of all that shapes it."""
    seen = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    files = {file for room in ROOMS for pattern in SHAPING for file in (ROOT / room).rglob(pattern)}
    for file in sorted(files):
        seen.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return f"schema_{seen.hexdigest()[:16]}"


def prepare(folder: Path) -> None:
    """Let the coming test database begin as a copy, making the original below `folder` if there is none."""
    with _one_at_a_time(folder):
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = _postgresql()
        else:
            _begin_sqlite_with(_sqlite(folder))


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(address: str) -> None:
    environment = {**os.environ, "DATABASE_URL": address}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    subprocess.run(command, env=environment, check=True)


def _sqlite(folder: Path) -> Path:
    made = folder / f"{name()}.sqlite3"
    if not made.exists():
        for old in folder.glob("schema_*"):
            old.unlink()
        unfinished = folder / "schema_unfinished.sqlite3"
        _migrate(f"sqlite:///{unfinished}")
        unfinished.rename(made)
    return made


def _begin_sqlite_with(made: Path) -> None:
    """Fill each new, still empty test database in memory from the original."""

    def fill(connection: BaseDatabaseWrapper, **_: Any) -> None:
        own: sqlite3.Connection = connection.connection
        in_memory = "mode=memory" in str(connection.settings_dict["NAME"])
        if in_memory and not own.execute("SELECT 1 FROM sqlite_master").fetchone():
            original = sqlite3.connect(made)
            original.backup(own)
            original.close()

    connection_created.connect(fill, weak=False, dispatch_uid="tests.schema")


def _postgresql() -> str:
    """Return the template database's name. The role must be allowed to create databases, as for the tests' own."""
    made = name()
    unfinished = f"{made}_unfinished"
    server = psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"}, autocommit=True)
    with server:
        server.execute(
            "SELECT pg_advisory_lock(20231020)"
        )  # checkouts that share a server wait for each other
        found = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'schema\\_%' ORDER BY oid DESC"
        )
        there = [row[0] for row in found]
        if made not in there:
            for old in {*there[KEPT:], unfinished}.intersection(there):
                server.execute(f'DROP DATABASE "{old}"'.encode())
            server.execute(f'CREATE DATABASE "{unfinished}"'.encode())
            _migrate(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{unfinished}").geturl())
            server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{made}"'.encode())
    return made
