"""`manage.py what_if [--fund ID …] [--weights FILE]`: what the next run would do otherwise."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.ordering import BadWeights, WeightTable
from matching.services.supposing import suppose
from matching.what_if import FundChange, Restriction, UnknownFund

FEN = 100


class Command(BaseCommand):
    """Compare the present with the present under a change; nothing is written."""

    help = "Print, as JSON, what more money in a fund, a relaxed charter or other weights would change."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the fund and the change."""
        parser.add_argument("--fund", help="the fund's id")
        parser.add_argument("--more-yuan", type=int, default=0, help="money that the fund would have besides")
        parser.add_argument(
            "--weights", help="a JSON file of other weights (see `matching.ordering.WeightTable`)"
        )
        parser.add_argument("--without", nargs="*", default=[], choices=[one.value for one in Restriction])

    def handle(self, *args: Any, **options: Any) -> None:
        """Suppose it."""
        without = tuple(Restriction(name) for name in options["without"])
        try:
            weights = _weights(options["weights"]) if options["weights"] else None
            change = FundChange(options["fund"] or "", options["more_yuan"] * FEN, without)
            changes = [change] if options["fund"] else []
            effect = suppose(changes=changes, weights=weights, now=timezone.now())
        except (UnknownFund, OSError, ValueError) as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(json.dumps(asdict(effect), ensure_ascii=False, indent=2))


def _weights(name: str) -> WeightTable:
    told = json.loads(Path(name).read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise BadWeights("a table of weights is a JSON object")
    return WeightTable.read(told)
