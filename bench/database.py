"""A database of a bench's own. Importing this sets Django up, so it comes before any import of a model."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiujinan.settings")
django.setup()

from django.db import connection  # noqa: E402 - after setup

Options = TypeVar("Options")


def in_a_fresh_database(part: Callable[[Options], Any], options: Options) -> Any:
    """Create the test database, run, and drop it."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return part(options)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def keep_as_template(name: str) -> None:
    """Keep the fresh database at hand as `name` (PostgreSQL), for `in_a_copy_of`."""
    here = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{here}" STRATEGY FILE_COPY')


def in_a_copy_of(template: str, part: Callable[[Options], Any], options: Options) -> Any:
    """Copy a database that was filled once (PostgreSQL), run in the copy, and drop it."""
    copy = f"test_copy_of_{template}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    connection.settings_dict["NAME"] = copy
    try:
        return part(options)
    finally:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')
