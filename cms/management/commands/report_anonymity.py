"""Say how many of the remembered cases could be told, how finely, and what is lost, by the plan that stands."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from needs.anonymise.settings import Audience
from needs.anonymise.summary import summarise
from needs.services import crowd
from needs.services.measuring import standing_plan


class Command(BaseCommand):
    """`manage.py report_anonymity [--audience vetted]`; figures over everybody, no case among them."""

    help = (
        "Print, as JSON, the share of cases that can be told, that at county level, and the information lost."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose for whom."""
        parser.add_argument("--audience", choices=[str(one) for one in Audience], default=str(Audience.OPEN))

    def handle(self, *args: Any, audience: str, **options: Any) -> None:
        """Ask the plan about everybody."""
        now = timezone.now()
        kept = standing_plan(now=now, audience=Audience(audience))
        found = summarise(kept.plan, crowd.subjects(now=now))
        self.stdout.write(
            json.dumps({"plan": kept.version, "audience": audience, **found.as_dict()}, indent=1)
        )
