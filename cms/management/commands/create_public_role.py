"""Set up the PostgreSQL role that anonymous visitors are served by."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from cms.public_side.rights import beyond, create


class Command(BaseCommand):
    """`manage.py create_public_role`, after every migration; `--check` only looks."""

    help = "Create and arm the role of JIUJINAN_PUBLIC_ROLE: it reads the public tables, and no case."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the role, or look only."""
        parser.add_argument("--role", default=settings.PUBLIC_ROLE or "jiujinan_public")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if it may read too much"
        )

    def handle(self, *args: Any, role: str, check: bool, **options: Any) -> None:
        """Do it in one transaction, and say what was done."""
        if connection.vendor != "postgresql":
            raise CommandError("Roles are PostgreSQL's: set DATABASE_URL. The embedded database has none.")
        with transaction.atomic():
            for statement in [] if check else create(role):
                self.stdout.write(f"{statement};")
            if too_much := beyond(role):
                raise CommandError(f"{role} may read what is not public: {', '.join(too_much)}")
        self.stdout.write(self.style.SUCCESS(f"{role} reads the public tables and nothing else."))
        if role != settings.PUBLIC_ROLE:
            self.stdout.write(f"Set JIUJINAN_PUBLIC_ROLE={role} so that visitors are served by it.")
