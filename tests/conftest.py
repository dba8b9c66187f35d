"""Fixtures that every room's tests share."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from cms.translations.catalogues import compile_all
from needs.catalogue import columns, engine
from tests import schema
from tests.donors.flush import flush_passes_the_guards
from tests.town import Town, build_town

__all__ = ["flush_passes_the_guards"]

# A busy machine is no stopwatch: neither an example's time nor that of drawing it fails a test.
hypothesis_settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("ours")

#: Fixtures that bring a database; the markers `django_db` and `postgres` do so too.
DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}

#: Markers and fixtures whose tests run in one worker of pytest-xdist, one after the other.
TOGETHER = ("elasticsearch", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second lane leave out what the first has shown: a pure rule doesn't ask which database stands by."""
    parser.addoption(
        "--with-database", action="store_true", help="run only tests to which the database matters"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Compile the message catalogues before anything is translated: gettext never looks twice."""
    if not hasattr(config, "workerinput"):  # pytest-xdist's workers begin after this process has done it
        compile_all(Path(__file__).parents[1] / "locale")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """Keep a file's tests in one worker, and those that share a server or crowd the machine in one as well."""
    if config.getoption("with_database"):
        pure = [item for item in items if not uses_database(item)]
        config.hook.pytest_deselected(items=pure)
        items[:] = [item for item in items if uses_database(item)]
    for item in items:
        shared = (name for name in TOGETHER if item.get_closest_marker(name) or name in item.fixturenames)
        item.add_marker(pytest.mark.xdist_group(next(shared, str(item.path))))


def uses_database(item: pytest.Function) -> bool:
    """Return whether a test, a fixture of it or its marker brings a database, and which one it is may matter."""
    if item.get_closest_marker("any_database") is not None:
        return False
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return marked is not None or not DATABASE.isdisjoint(item.fixturenames)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """Begin the test database as a copy of the migrated one."""
    schema.prepare(request.config.cache.mkdir("schema"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip by name what needs a service that is not here; under CI a promised service that is missing fails."""
    if item.get_closest_marker("postgres") is not None and connection.vendor != "postgresql":
        if os.environ.get("CI") == "true" and "postgres" in os.environ.get("DATABASE_URL", ""):
            pytest.fail("this lane promised PostgreSQL")
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


@pytest.fixture
def town(db: None) -> Town:
    """A small invented prefecture with its desk, a charity, an agency and a station."""
    return build_town()


@pytest.fixture(autouse=True)
def nothing_remembered_of_the_catalogue(settings: Settings) -> None:
    """Begin as a process that has just started: a test leaves no finished page, nor the catalogue's columns.

    The database answers, whatever the environment says; tests of Elasticsearch ask for it by its fixture.
    """
    settings.ELASTICSEARCH_URL = ""
    cache.clear()
    columns.forget()
    engine.lexicon.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path, or a skip by name; under CI a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI promised Chromium")
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    return path
