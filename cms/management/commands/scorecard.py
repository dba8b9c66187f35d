"""`manage.py scorecard [--region CODE] [--since DAY] [--until DAY] [--out FILE]`."""

from typing import Any

from django.utils import timezone

from cms.desk.reporting.tables import Table, scorecard_table, scorecards
from cms.management.reporting import PeriodCommand


class Command(PeriodCommand):
    """Write the evaluation scorecard of a division beside those of its parts."""

    help = "Write the evaluation scorecard of a division beside those of its parts."

    def table(self, options: dict[str, Any]) -> Table:
        """Return the scorecard."""
        since, until = self.span(options)
        return scorecard_table(
            scorecards(region=options["region"], since=since, until=until, now=timezone.now())
        )
