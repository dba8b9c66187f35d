"""From a case record to a need: circle, score, place in the queue."""

from datetime import datetime

from django.db import transaction

from jiujinan.codes import Tier
from needs.assessment.circle import Means, circle
from needs.assessment.score import VERSION, Facts, score
from needs.assessment.standards import known_standards, standard_for
from needs.models import CaseRecord, Need
from needs.states import NeedState


@transaction.atomic
def assess(*, case: CaseRecord, now: datetime) -> Need:
    """Score the case and open its need (or re-score the one it has)."""
    home = case.household
    standard = standard_for(case.region_id, now.date(), known_standards())
    expenses = home.medical_expense_fen + home.schooling_expense_fen + home.other_expense_fen
    ring = circle(
        Means(home.size, home.monthly_income_fen, expenses, home.circle), standard_fen=standard.monthly_fen
    )
    facts = Facts(ring, Tier(case.tier), frozenset(case.groups), home.monthly_income_fen * 12, expenses)
    result = score(facts)
    if home.circle != ring:
        home.circle = ring
        home.save(update_fields=["circle"])
    need, _ = Need.objects.update_or_create(
        case=case,
        defaults={
            "tier": case.tier,
            "score": result.total,
            "score_parts": dict(result.parts),
            "score_version": VERSION,
        },
        create_defaults={
            "tier": case.tier,
            "score": result.total,
            "score_parts": dict(result.parts),
            "score_version": VERSION,
            "state": NeedState.DRAFT,
        },
    )
    return need
