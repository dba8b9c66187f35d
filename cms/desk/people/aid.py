"""What help a case would repeat, in words for its page."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from needs.aid.queries import conflicts_of
from needs.aid.rules import Level
from needs.intake.models import AidSource
from needs.models import CaseRecord

SOURCES = dict(AidSource.choices)
RULES = {
    "once": _("Given once within the window"),
    "sum": _("More was given than the need counts"),
    "warn": _("May repeat; look whether it should"),
    "related": _("Help for a related purpose"),
}


def repeated_aid(case: CaseRecord, today: date) -> list[dict[str, Any]]:
    """Return a line for each conflict of the case's items, those that stop first."""
    if not hasattr(case, "need"):
        return []
    lines = [
        {
            "item": item,
            "is_hard": one.level is Level.HARD,
            "rule": RULES[one.rule],
            "given": [(SOURCES[given.source], given) for given in one.given],
        }
        for item, found in conflicts_of(need=case.need, today=today).items()
        for one in found
    ]
    return sorted(lines, key=lambda line: not line["is_hard"])
