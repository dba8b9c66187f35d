"""From a case record to a need: standing, score, place in the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jiujinan.codes import Tier
from needs.assessment.circle import Means, Standing, standing
from needs.assessment.score import Facts, Score, score
from needs.assessment.score_table import FULL, ScoreTable
from needs.assessment.standards import Standard, standard_for
from needs.models import CaseRecord, Household, Need, NeedItem
from needs.queries import current_standards, score_in_force
from needs.states import NeedState


@dataclass(frozen=True)
class Yardsticks:
    """What cases are measured by; one object serves a whole batch."""

    standards: tuple[Standard, ...]
    version: int
    table: ScoreTable

    @classmethod
    def current(cls) -> "Yardsticks":
        """Return the yardsticks in force; two queries."""
        version, table = score_in_force()
        return cls(current_standards(), version, table)

    def standing_of(self, case: CaseRecord, on: date) -> Standing:
        """Return where the case's household stands against its region's standard."""
        local = standard_for(case.region_id, on, self.standards)
        return standing(
            means_of(case.household),
            standard_fen=local.monthly_fen,
            expense_permille=local.expense_permille,
        )

    def facts_of(self, case: CaseRecord, items: Iterable[NeedItem], on: date) -> Facts:
        """Return what the score looks at. A beneficiary's own groups stand for those of the household."""
        home = case.household
        person = case.beneficiary
        return Facts(
            self.standing_of(case, on).circle,
            Tier(case.tier),
            frozenset(person.groups if person is not None and person.groups else case.groups),
            home.monthly_income_fen * 12,
            expenses_fen(home),
            case.cause,
            home.size,
            standard_for(case.region_id, on, self.standards).monthly_fen,
            unmet_permille(items),
        )


def means_of(home: Household) -> Means:
    """Return what the household has and must spend."""
    return Means(home.size, home.monthly_income_fen, expenses_fen(home), home.declared_circle)


def expenses_fen(home: Household) -> int:
    """Return the household's unavoidable expenses of 12 months."""
    return home.medical_expense_fen + home.schooling_expense_fen + home.other_expense_fen


def unmet_permille(items: Iterable[NeedItem]) -> int:
    """Return which share of what is required nobody gives yet: the mean of the items, since units differ."""
    shares = [
        (item.required - item.government - item.insurance - item.committed) * FULL // item.required
        for item in items
    ]
    return max(0, sum(shares) // len(shares)) if shares else FULL


@transaction.atomic
def assess(*, case: CaseRecord, now: datetime, yardsticks: Yardsticks | None = None) -> Need:
    """Score the case and open its need (or re-score the one it has)."""
    marks = yardsticks or Yardsticks.current()
    on = timezone.localdate(now)
    items = list(NeedItem.objects.filter(need__case=case))
    keep_circle(case.household, marks.standing_of(case, on))
    result = score(marks.facts_of(case, items, on), marks.table)
    known = scored(result, marks, now)
    need, _ = Need.objects.update_or_create(
        case=case,
        defaults={"tier": case.tier, **known},
        create_defaults={"tier": case.tier, "state": NeedState.DRAFT, **known},
    )
    return need


def scored(result: Score, marks: Yardsticks, now: datetime) -> dict[str, object]:
    """Return the columns of a need that hold its score."""
    return {
        "score": result.total,
        "score_parts": dict(result.parts),
        "score_version": marks.version,
        "scored_at": now,
        "score_due_at": None,
    }


def keep_circle(home: Household, found: Standing) -> None:
    """Write the circle that was found, for lists and filters; what the government established stays apart."""
    if home.circle != found.circle:
        home.circle = found.circle
        Household.objects.filter(pk=home.pk).update(circle=found.circle)
