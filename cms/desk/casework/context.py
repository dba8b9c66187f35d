"""What the case page shows beside the case itself: score, limits, clocks, and what is on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from cms.desk.casework.acts import acts_for
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import can_record_for_case
from jiujinan.clocks.models import LEVEL_LABELS, Clock
from jiujinan.codes import ItemKind
from needs.assessment.circle import NationalCircle, Ring, temporary_relief_limit_fen
from needs.assessment.score_table import INDICATOR_LABELS
from needs.assessment.standards import standard_for
from needs.models import CaseRecord, NeedItem
from needs.models.verification import CHECK_SCOPE_LABELS
from needs.queries import score_in_force
from needs.services.assessing import Yardsticks
from needs.services.cases import level_needed

NATIONAL_LABELS = {
    NationalCircle.FIRST: gettext_noop("First national circle"),
    NationalCircle.SECOND: gettext_noop("Second national circle"),
    NationalCircle.THIRD: gettext_noop("Third national circle"),
}
RING_LABELS = {
    Ring.RING_100: gettext_noop("within the standard"),
    Ring.RING_150: gettext_noop("up to 1.5 times the standard"),
    Ring.RING_200: gettext_noop("up to twice the standard"),
    Ring.BEYOND: gettext_noop("beyond twice the standard"),
}


@dataclass(frozen=True)
class Part:
    """One bar of the score."""

    label: str
    points: int
    most: int

    @property
    def percent(self) -> int:
        """How full the bar is."""
        return self.points * 100 // self.most if self.most else 0


def casework(user: User, case: CaseRecord, items: list[NeedItem], now: datetime) -> dict[str, Any]:
    """Return the context of the case page's parts in `desk/casework/`."""
    marks = Yardsticks.current()
    on = timezone.localdate(now)
    standard = standard_for(case.region_id, on, marks.standards)
    found = marks.standing_of(case, on)
    people = 1 if case.beneficiary_id else case.household.size
    limit = temporary_relief_limit_fen(people=people, standard=standard, hard_case=case.is_hard_case)
    consents = list(case.consents.select_related("by", "withdrawal_by"))
    granted = sum(item.government for item in items if item.kind == ItemKind.CASH)
    return {
        "score_parts": _parts(case),
        "standing": found,
        "national": gettext(NATIONAL_LABELS[found.national]),
        "ring": gettext(RING_LABELS[found.ring]),
        "standard": standard,
        "relief_limit": limit,
        "over_limit": granted > limit,
        "level_needed": LEVEL_LABELS[level_needed(case, now)],
        "clocks": Clock.objects.filter(case=case.pk, ended_at=None).select_related("owner"),
        "questions": case.item_returns.select_related("asked_by", "answered_by"),
        "checks": [(one, _scope_words(one.scope)) for one in case.checks.select_related("by")],
        "consents": consents,
        "consent_from_file": case.consent_on is not None
        and not any(one.kind == "publication" and one.given_on == case.consent_on for one in consents),
        "may_open_records": can_record_for_case(user, region=case.region_id),
        "conferences": case.conferences.select_related("by", "applied_by").prefetch_related("participants"),
        "appeals": case.appeals.select_related("decided_by", "recorded_by"),
        "flags": case.household.flags.select_related("raised_by", "ended_by"),
        "more_acts": acts_for(user, case),
        "suspended_words": obstacle_words([case.need.suspended_reason]) if hasattr(case, "need") else "",
        "now": now,
    }


def _parts(case: CaseRecord) -> list[Part]:
    need = getattr(case, "need", None)
    if need is None:
        return []
    version, table = score_in_force()
    most = {name: line.points for name, line in table.indicators.items()}
    if need.score_version != version:
        most = {}  # scored by another version, and owed a new score: show the points alone
    return [
        Part(gettext(INDICATOR_LABELS[name]), points, most.get(name, points))
        for name, points in need.score_parts.items()
        if name in INDICATOR_LABELS
    ]


def _scope_words(codes: list[str]) -> str:
    """Return what a check looked at, in words."""
    return ", ".join(str(CHECK_SCOPE_LABELS[code]) for code in codes if code in CHECK_SCOPE_LABELS)
