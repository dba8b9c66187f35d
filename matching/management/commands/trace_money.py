"""Print the way of every paid fen of a fund, as CSV: what an auditor asks for."""

import csv
from dataclasses import asdict, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from donors.models import Fund
from matching.tracing import Path, paths_of


class Command(BaseCommand):
    """`manage.py trace_money --fund ID [--receipt NUMBER]`."""

    help = (
        "Print donor's reference, bank lines, entries, project and receipt of every payment of a fund (CSV)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the fund, and perhaps one receipt."""
        parser.add_argument("--fund", required=True, help="the fund's id")
        parser.add_argument("--receipt", help="only the payment with this receipt number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each share of a payment."""
        try:
            fund = Fund.objects.get(pk=options["fund"])
        except (Fund.DoesNotExist, ValidationError) as error:
            raise CommandError(f"No fund has the id {options['fund']}.") from error
        wanted = options["receipt"]
        paths = [path for path in paths_of(fund=fund) if wanted in {None, path.receipt}]
        writer = csv.DictWriter(self.stdout, [field.name for field in fields(Path)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(path) for path in paths)
