"""A database of its own, filled with an invented catalogue, for the benches of search and site."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiujinan.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402


@contextmanager
def catalogue(count: int, *, as_it_is: bool) -> Iterator[None]:
    """Hold a database of the bench's own with so many public projects, or the installation's own as it is."""
    settings.ALLOWED_HOSTS = ["*"]
    if as_it_is:
        yield
        return
    with filled(count):
        yield


@contextmanager
def filled(count: int) -> Iterator[float]:
    """Hold a test database with so many public projects; give the seconds that filling took, words made included.

    On SQLite a file, as in an installation, and not the memory that tests use.
    """
    settings.ALLOWED_HOSTS = ["*"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.VAR / "bench.sqlite3")
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        from tests.needs.catalogue.world import build_world

        started = time.perf_counter()
        build_world(count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield time.perf_counter() - started
    finally:
        teardown_databases(databases, verbosity=0)


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not pass, in milliseconds."""
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
