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
