"""`manage.py time_to_help [--region CODE] [--since DAY] [--until DAY] [--out FILE]`."""

from typing import Any

from cms.desk.reporting.tables import Table, timing_table
from cms.management.reporting import PeriodCommand


class Command(PeriodCommand):
    """Write how long it takes from the first word to the first help."""

    help = "Write how long it takes from the first word to the first help, by region and tier."

    def table(self, options: dict[str, Any]) -> Table:
        """Return the report."""
        since, until = self.span(options)
        return timing_table(region=options["region"], since=since, until=until)
