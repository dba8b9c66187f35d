"""`manage.py collect_messages [--check] [PO …]`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.translations.catalogues import catalogues, merge, untranslated


class Command(BaseCommand):
    """Bring the catalogues in step with the source, taking translations from further PO files if given."""

    help = "Bring the catalogues in step with the source; list what lacks a translation."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take further PO files, or only look."""
        parser.add_argument("extra", nargs="*", type=Path, help="PO files to take translations from")
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail if a translation is missing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge (unless only checking), list what lacks a translation, and fail a check that found some."""
        missing: list[str] = []
        for folder in settings.LOCALE_PATHS:
            for source in catalogues(folder):
                if not options["check"]:
                    merge(folder.parent, source, *options["extra"])
                missing += untranslated(folder.parent, source)
        for text in missing:
            self.stdout.write(text)
        if options["check"] and missing:
            sys.exit(1)
