"""`manage.py collect_messages [PO …]`."""

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
        """Take further PO files."""
        parser.add_argument("extra", nargs="*", type=Path, help="PO files to take translations from")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        for folder in settings.LOCALE_PATHS:
            for source in catalogues(folder):
                merge(folder.parent, source, *options["extra"])
                for text in untranslated(folder.parent, source):
                    self.stdout.write(text)
