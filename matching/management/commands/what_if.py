"""`manage.py what_if --fund ID [--more-yuan N] [--without region …]`: what the next run would do otherwise."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.services.supposing import suppose
from matching.what_if import FundChange, Restriction, UnknownFund

FEN = 100


class Command(BaseCommand):
    """Compare the present with the present under a change; nothing is written."""

    help = "Print, as JSON, what more money in a fund or a relaxed charter would change."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the fund and the change."""
        parser.add_argument("--fund", required=True, help="the fund's id")
        parser.add_argument("--more-yuan", type=int, default=0, help="money that the fund would have besides")
        parser.add_argument("--without", nargs="*", default=[], choices=[one.value for one in Restriction])

    def handle(self, *args: Any, **options: Any) -> None:
        """Suppose it."""
        without = tuple(Restriction(name) for name in options["without"])
        try:
            change = FundChange(options["fund"], options["more_yuan"] * FEN, without)
            effect = suppose(changes=[change], now=timezone.now())
        except (UnknownFund, ValueError) as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(json.dumps(asdict(effect), ensure_ascii=False, indent=2))
