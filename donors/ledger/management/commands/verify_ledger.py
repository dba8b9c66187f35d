"""Verify the ledger where it stands: entries, balances, reservations, guards and, if named, anchors."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from donors.ledger.checking import anchor_lines, check_books, check_guards
from donors.ledger.verify import DoesNotHoldError


class Command(BaseCommand):
    """`manage.py verify_ledger [--anchors FILE]`."""

    help = "Verify all entries in the database; name the first that does not hold and exit with status 1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the anchor file, if there is one."""
        parser.add_argument("--anchors", type=Path, help="the anchor file, kept outside the database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and say how many entries hold."""
        path: Path | None = options["anchors"]
        try:
            count = check_books(anchors=anchor_lines(path) if path else ())
            check_guards()
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        except DoesNotHoldError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{count} entries hold")
