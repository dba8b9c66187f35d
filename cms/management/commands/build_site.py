"""`manage.py build_site`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from cms.site.services import build_site


class Command(BaseCommand):
    """Lay out the site's first pages; what already stands is left alone."""

    help = "Lay out the site's first pages; what already stands is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        home = build_site(now=timezone.now(), with_examples=settings.DEMO)
        self.stdout.write(f"{home.get_children().count()} pages below the home page.")
