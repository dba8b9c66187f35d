"""Load the administrative divisions; a second run changes nothing."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from jiujinan.regions.services import load_regions


class Command(BaseCommand):
    """Load provinces, prefectures and counties, abolished codes and, on request, a further table."""

    help = "Load the administrative divisions (GB/T 2260) into the table of regions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one optional further table."""
        parser.add_argument("--demo", action="store_true", help="also load the invented prefecture")
        parser.add_argument("--extra", type=Path, help="a further table (CSV)")

    def handle(self, *, demo: bool, extra: Path | None, **options: object) -> None:
        """Load and say how many rows were new, changed and unchanged."""
        path = extra or (Path(settings.ROOT) / "demo" / "regions.csv" if demo else None)
        result = load_regions(now=timezone.now(), extra=path)
        self.stdout.write(
            f"regions: {result.created} new, {result.updated} changed, {result.unchanged} unchanged"
        )
