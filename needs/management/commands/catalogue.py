"""`manage.py catalogue check | rebuild`: the search index against the projects."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from needs.catalogue import checking, cluster, indexing, upkeep
from needs.catalogue.cluster import FAILURES
from needs.catalogue.lease import Busy


class Command(BaseCommand):
    """Check the catalogue's index against the projects and mend every difference, or write all of it anew."""

    help = "check: find and mend every difference; rebuild: write the index anew (Elasticsearch: swap it in)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be done."""
        parser.add_argument("act", choices=["check", "rebuild"])
        parser.add_argument("--only-look", action="store_true", help="mend nothing; fail if anything differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, the database first: Elasticsearch is filled from there."""
        try:
            if options["act"] == "rebuild":
                self._rebuild()
            else:
                self._check(mend=not options["only_look"])
        except Busy:
            raise CommandError("another rebuild is running") from None
        except FAILURES as error:
            raise CommandError(f"Elasticsearch does not answer: {type(error).__name__}") from None

    def _rebuild(self) -> None:
        self.stdout.write(f"database: {checking.rebuild(progress=self._progress)} projects")
        if cluster.is_wanted():
            count = indexing.rebuild(now=timezone.now(), progress=self._progress)
            self.stdout.write(f"elasticsearch: {count} projects")

    def _progress(self, done: int) -> None:
        if self.verbosity_is_high:
            self.stderr.write(f"{done} …")

    def execute(self, *args: Any, **options: Any) -> Any:
        """Remember how much is to be told."""
        self.verbosity_is_high = options.get("verbosity", 1) > 1
        return super().execute(*args, **options)

    def _check(self, *, mend: bool) -> None:
        found = upkeep.check(mend=mend, now=timezone.now(), progress=self._progress)
        self.stdout.write(f"database: {found.database} differ")
        if found.lacks_index:
            self.stdout.write("elasticsearch: no index")
        elif found.elasticsearch is not None:
            self.stdout.write(f"elasticsearch: {found.elasticsearch} differ")
        if found.any and not mend:
            raise CommandError("the index is not what the projects say")
