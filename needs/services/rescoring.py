"""No score is forgotten: what changes for many at once is owed, and a clock pays it in parts.

An act on one case re-scores it in its own transaction (`assessing.assess`). A new standard, a published version or an
imported file marks its needs instead (`Need.score_due_at`), in the transaction of the act.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from needs.assessment.score import score
from needs.models import LocalStandard, Need, NeedItem
from needs.queries import open_needs, within
from needs.services.assessing import Yardsticks, assess, keep_circle, scored

PART = 500  # needs scored in one transaction


def owe_scores(*, needs: QuerySet[Need], now: datetime) -> int:
    """Mark the needs as owed a new score; return how many."""
    return needs.filter(score_due_at=None).update(score_due_at=now)


def rescore_due(*, now: datetime, most: int = 5000) -> int:
    """Score the needs that are owed it, the longest owed first, at most so many; return how many.

    Parts are transactions of their own; several may work at once, each on other rows.
    """
    marks, done = Yardsticks.current(), 0
    while done < most:
        scored_now = _rescore_part(marks, min(PART, most - done), now)
        if not scored_now:
            break
        done += scored_now
    return done


@transaction.atomic
def _rescore_part(marks: Yardsticks, size: int, now: datetime) -> int:
    owed = (
        Need.objects.filter(score_due_at__isnull=False)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("case__household", "case__beneficiary")
        .prefetch_related("items")
        .order_by("score_due_at", "pk")
    )
    needs = list(owed[:size])
    on = timezone.localdate(now)
    for need in needs:
        keep_circle(need.case.household, marks.standing_of(need.case, on))
        result = score(marks.facts_of(need.case, need.items.all(), on), marks.table)
        for name, value in scored(result, marks, now).items():
            setattr(need, name, value)
    Need.objects.bulk_update(
        needs, ["score", "score_parts", "score_version", "scored_at", "score_due_at"], batch_size=PART
    )
    return len(needs)


def rescore_after_coverage(*, item: NeedItem, now: datetime) -> None:
    """Score a need again whose gap changed, if the version in force looks at gaps: help lowers the rank at once."""
    marks = Yardsticks.current()
    if marks.table.looks_at("unmet"):
        need = Need.objects.select_related("case__household", "case__beneficiary").get(pk=item.need_id)
        assess(case=need.case, now=now, yardsticks=marks)


def owe_for_standards_now_in_force(*, now: datetime, days: int = 7) -> int:
    """Mark the needs of regions whose standard began to hold in the last days; daily, so that no date is missed."""
    today = timezone.localdate(now)
    begun = LocalStandard.objects.filter(valid_from__lte=today, valid_from__gt=today - timedelta(days=days))
    count = 0
    for row in begun:
        since = timezone.make_aware(datetime.combine(row.valid_from, datetime.min.time()))
        stale = open_needs().filter(within(row.place, field="case__region"))
        count += owe_scores(needs=stale.exclude(scored_at__gte=since), now=now)
    return count
