"""Bringing a fresh or older installation to where the main job and the site can start."""

from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from jiujinan.regions.models import Region

Say = Callable[[str], object]


def prepare_database(say: Say) -> None:
    """Migrate what is pending and load the regions where there are none; on a ready database do nothing."""
    if has_pending_migrations():
        say(_("Preparing the database …"))
        call_command("migrate", verbosity=0)
    if not Region.objects.exists():
        say(_("Loading the regions of China (GB/T 2260) …"))
        call_command("load_regions", demo=settings.DEMO, stdout=StringIO())


def has_pending_migrations() -> bool:
    """Return whether the database is behind the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
