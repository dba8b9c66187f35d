"""Print the SQL that takes UPDATE and DELETE on the ledger from the application's role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from donors.ledger.guards.rights import rights


class Command(BaseCommand):
    """`manage.py ledger_rights --role NAME | psql`."""

    help = "Print GRANT and REVOKE statements for PostgreSQL; run them as the owner of the tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the role."""
        parser.add_argument("--role", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them, one a line."""
        for statement in rights(options["role"]):
            self.stdout.write(f"{statement};")
