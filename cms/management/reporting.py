"""What the report commands share: which division and time, and where the table goes."""

import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cms.desk.reporting.tables import Table
from jiujinan.regions.models import Region
from needs.reporting.periods import NoSuchWeek, Week

A_YEAR = timedelta(days=365)
KINDS = (".xlsx", ".csv")


class ReportCommand(BaseCommand):
    """A command that writes one table, to a file or to the terminal."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the division and the file."""
        parser.add_argument(
            "--region", default="", metavar="CODE", help="six digits; the whole country if not given"
        )
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="a .xlsx or .csv file; the terminal if not given"
        )

    def table(self, options: dict[str, Any]) -> Table:
        """Return the report."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the table."""
        if options["region"] and not Region.objects.filter(pk=options["region"]).exists():
            raise CommandError(f"no division has the code {options['region']!r}")
        out: Path | None = options["out"]
        if out is not None and out.suffix not in KINDS:
            raise CommandError(f"{out} must end in one of {', '.join(KINDS)}")
        table = self.table(options)
        if out is None:
            sys.stdout.write(table.lines().decode("utf-8-sig"))
            return
        out.write_bytes(table.file(out.suffix.removeprefix(".")))
        self.stdout.write(f"{out}: {len(table.rows)} rows")


class WeekCommand(ReportCommand):
    """A report of one week."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the week too."""
        super().add_arguments(parser)
        parser.add_argument("--week", default="", metavar="2026-W07", help="the last whole week if not given")

    @staticmethod
    def week(options: dict[str, Any]) -> Week:
        """Return the week asked for."""
        try:
            return Week.named(options["week"]) if options["week"] else Week.of(timezone.localdate()).before()
        except NoSuchWeek as wrong:
            raise CommandError(f"{wrong} is no week; write it as 2026-W07") from None


class PeriodCommand(ReportCommand):
    """A report of a span of days."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the first and the last day too."""
        super().add_arguments(parser)
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DAY", help="a year before the last day"
        )
        parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="today if not given")

    @staticmethod
    def span(options: dict[str, Any]) -> tuple[date, date]:
        """Return the first and the last day."""
        until = options["until"] or timezone.localdate()
        since = options["since"] or until - A_YEAR
        if since > until:
            raise CommandError("the first day lies after the last")
        return since, until
