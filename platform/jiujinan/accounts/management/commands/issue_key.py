"""`manage.py issue_key USERNAME --name …`: gives a program its key, once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujinan.accounts.keys import issue_key
from jiujinan.accounts.models import User


class Command(BaseCommand):
    """Print a fresh key; it is shown this once."""

    help = "Issue a key by which a program acts for a user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the user, what the key is for, and how long it lasts."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="Which program it is for.")
        parser.add_argument("--days", type=int, default=365)

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue and print."""
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user of that name."))
        now = timezone.now()
        expires = now + timedelta(days=options["days"])
        self.stdout.write(issue_key(user=user, name=options["name"], expires_at=expires, by=None, now=now))
