"""What holds where nobody entered anything: the figures that come with the platform, in the form of entered ones."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiujinan.clocks.models import ClockRule, OfficeHours
from jiujinan.clocks.queries import shipped_limits
from jiujinan.regions.rules import is_within
from needs.assessment.standards import known_standards
from needs.models import IntegrityRule, LocalStandard
from needs.models.local_rules import FLAG_LABELS
from needs.rules import FLAG_EFFECT, FLAG_MONTHS

WORDS: Mapping[str, Any] = {
    "approvals": _("Where nothing is entered, any level verifies any amount."),
    "duties": _(
        "Where nobody is entered, the officer of the nearest unit with the least to answer for owns a new case."
    ),
    "calendar": _("Where no day is entered, the State Council's calendar holds, with its shifted weekends."),
}


def shipped_rows(kind: str, *, regions: set[str]) -> list[Any]:
    """Return unsaved rows of the kind's model for the nation and, where the platform knows more, for these regions."""
    if kind == "standards":
        return [
            LocalStandard(
                region_id=one.region or None,
                valid_from=one.valid_from,
                monthly_fen=one.monthly_fen,
                relief_months=one.relief_months,
                hard_case_months=one.hard_case_months,
                expense_permille=one.expense_permille,
                source=one.source,
            )
            for one in known_standards()
            if not one.region
            or any(is_within(one.region, own) or is_within(own, one.region) for own in regions)
        ]
    if kind == "clocks":
        names = ("step", "tier", "amount", "unit", "remind_before", "escalate_every", "source")
        return [ClockRule(**{name: getattr(one, name) for name in names}) for one in shipped_limits()]
    if kind == "integrity":
        return [IntegrityRule(kind=flag, effect=FLAG_EFFECT, months=FLAG_MONTHS) for flag in FLAG_LABELS]
    return [OfficeHours()] if kind == "hours" else []
