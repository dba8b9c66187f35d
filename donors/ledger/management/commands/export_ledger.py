"""Write the whole ledger to a file that anyone can verify offline."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from donors.ledger.export import export_to


class Command(BaseCommand):
    """`manage.py export_ledger --out FILE`."""

    help = "Write the whole ledger to FILE; check it with `python -m donors.ledger.verify FILE`."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file."""
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file whole or not at all."""
        out: Path = options["out"]
        part = out.with_name(f"{out.name}.part")
        with part.open("w", encoding="ascii", newline="\n") as file:
            count = export_to(file=file)
        part.replace(out)
        self.stdout.write(f"{count}")
