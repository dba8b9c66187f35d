"""Anchor the heads of all books in a file outside the database; run it daily."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from donors.ledger.anchors import anchor_heads
from donors.ledger.verify import DoesNotHoldError


class Command(BaseCommand):
    """`manage.py anchor_ledger --file FILE`."""

    help = "Append the heads of all books to FILE, which the database's administrators must not write."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file."""
        parser.add_argument("--file", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Append, and say how many books had moved."""
        try:
            added = anchor_heads(path=options["file"], now=timezone.now())
        except DoesNotHoldError as fault:
            raise CommandError(f"The anchor file was changed: {fault}") from fault
        self.stdout.write(f"{added}")
