"""`manage.py rotate_keys`: brings everything sealed under the first key, and proves it."""

import sys
from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jiujinan.sealing.rotation import PART, left_over, rotate

NOT_DONE = 1
_ROUNDS = 20  # rows that others held locked are met in a later round


class Command(BaseCommand):
    """Seal afresh, part by part, beside the running site; killed, it is simply started again."""

    help = "Bring every sealed field and blind index under the first key of the settings, and prove it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size of a part, and whether only to look."""
        parser.add_argument("--part", type=int, default=PART, help="Rows in one transaction.")
        parser.add_argument("--check", action="store_true", help="Only say what is not under the first key.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate until nothing is left, then count once more from the database."""
        left = left_over()
        if not options["check"]:
            self._rotate(left, options["part"])
            left = left_over()
        for model, rows in left.items():
            self.stdout.write(f"{model}: {rows}")
        if any(left.values()):
            self.stderr.write(
                _(
                    "Some rows are not under the first key yet. Does every process have the new settings? Run it again."
                )
            )
            sys.exit(NOT_DONE)
        self.stdout.write(
            _("Proved: nothing in the database is under an older key. It may be taken out of the settings.")
        )

    def _rotate(self, left: dict[str, int], part: int) -> None:
        console = Console(file=cast("IO[str]", self.stderr))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as progress:
            bars = {model: progress.add_task(model, total=rows) for model, rows in left.items()}
            for _round in range(_ROUNDS):
                moved = 0
                for step in rotate(now=timezone.now(), part=part):
                    progress.update(bars[step.model], advance=step.rows)
                    moved += step.rows
                if not moved:
                    return
