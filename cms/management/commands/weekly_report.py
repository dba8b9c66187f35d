"""`manage.py weekly_report [--region CODE] [--week 2026-W07] [--out FILE]`."""

from typing import Any

from cms.desk.reporting.tables import Table, weekly_table
from cms.management.reporting import WeekCommand


class Command(WeekCommand):
    """Write the weekly report of a division and of all inside it."""

    help = "Write the weekly report of a division and of all inside it."

    def table(self, options: dict[str, Any]) -> Table:
        """Return the report."""
        return weekly_table(region=options["region"], week=self.week(options))
