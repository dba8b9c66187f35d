"""`manage.py compile_catalogues`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.translations.catalogues import compile_all


class Command(BaseCommand):
    """Compile the message catalogues where they changed; needs no GNU gettext."""

    help = "Compile the message catalogues where they changed; needs no GNU gettext."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        for folder in settings.LOCALE_PATHS:
            for path in compile_all(folder):
                self.stdout.write(str(path.relative_to(folder.parent)))
