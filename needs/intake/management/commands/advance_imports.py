"""`manage.py advance_imports`: checks and takes in the case files that wait, where no worker does."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from needs.intake.imports import advance, claim, waiting


class Command(BaseCommand):
    """Go through the files that nobody works on, once; killed, it is simply started again."""

    help = "Check, or take in, every case file that waits."

    def handle(self, *args: Any, **options: Any) -> None:
        """Advance each file and say where it stands."""
        for batch in list(waiting(timezone.now())):
            if claim(batch=batch, now=timezone.now()):
                done = advance(batch=batch, clock=timezone.now)
                self.stdout.write(f"{done.pk} {done.state} {done.done}/{done.total}")
