"""Application `needs`: demand, from case record to project."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class NeedsConfig(AppConfig):
    """Register the room under its label; the gate's guards step aside for migrations and stand again after them."""

    name = "needs"

    def ready(self) -> None:
        """Listen to migrations alone: SQLite rebuilds the tables it alters and would lose or trip over triggers."""
        pre_migrate.connect(_step_aside, sender=self)
        post_migrate.connect(_stand, sender=self)


def _step_aside(*, using: str, **kwargs: Any) -> None:
    from needs import guards

    guards.remove(connections[using])


def _stand(*, using: str, **kwargs: Any) -> None:
    from needs import guards
    from needs.guards.rules import SPENT

    if SPENT in connections[using].introspection.table_names():  # not when migrating back before the guards
        guards.install(connections[using])
