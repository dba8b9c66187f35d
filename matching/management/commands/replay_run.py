"""`manage.py replay_run ID`: solve a run's snapshot again and compare, byte for byte."""

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.engine import ENGINE_VERSION
from matching.models import MatchRun
from matching.parts import NotKept
from matching.rules import RULE_VERSION
from matching.services.runs import NotRepeatable, replay

SAME, DIFFERENT = 0, 1


class Command(BaseCommand):
    """Prove that a run can be computed again."""

    help = "Solve a match run's snapshot again; exit 0 when the outcome is the same to the bit, 1 when it is not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the run, or the latest one."""
        parser.add_argument("run", nargs="?", help="the run's id; the latest if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and say what came of it."""
        run = self._run(options["run"])
        self.stdout.write(
            f"run {run.pk} of {run.at:%Y-%m-%d %H:%M}, rules {run.rule_version}, engine {run.engine_version}"
        )
        if (run.rule_version, run.engine_version) != (RULE_VERSION, ENGINE_VERSION):
            self.stdout.write(
                f"rules are version {RULE_VERSION} here, the engine {ENGINE_VERSION}: "
                "check out the run's own version to prove it"
            )
        try:
            solved = replay(run=run)
        except NotKept:
            raise CommandError(
                "this run was made before runs kept their parts; only its digests are left"
            ) from None
        except NotRepeatable:
            self.stderr.write(f"the outcome differs from {run.outcome_digest}")
            sys.exit(DIFFERENT)
        self.stdout.write(f"the same outcome: {solved.matches} matches, digest {run.outcome_digest}")
        sys.exit(SAME)

    @staticmethod
    def _run(name: str | None) -> MatchRun:
        try:
            run = MatchRun.objects.get(pk=name) if name else MatchRun.objects.order_by("-at").first()
        except (MatchRun.DoesNotExist, ValidationError):
            run = None
        if run is None:
            raise CommandError(f"no run has the id {name}" if name else "no run was made yet")
        return run
