"""A new version of the difficulty score: drafted, tried over all cases, published by a second person."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_draft_score, can_publish_score
from jiujinan.audit.services import record
from needs.assessment.comparing import Change, Comparison, compare
from needs.assessment.score import VERSION, score
from needs.assessment.score_table import ScoreTable, parse_table
from needs.models import Need, ScoreVersion
from needs.queries import open_needs
from needs.services.assessing import Yardsticks
from needs.services.refusals import NotReady, require_text
from needs.services.rescoring import owe_scores

STREAM = "score"


@transaction.atomic
def draft_version(*, table: Mapping[str, object], note: str, by: User, now: datetime) -> ScoreVersion:
    """Keep a draft under the next number; raise TableWrong with everything that is wrong with the table."""
    if not can_draft_score(by):
        raise NotAllowed("only a verifier or supervisor drafts a version of the score")
    require_text(note, name="note")
    parse_table(table)
    highest = ScoreVersion.objects.aggregate(most=Max("number"))["most"] or VERSION
    version = ScoreVersion.objects.create(
        number=highest + 1, table=dict(table), note=note, drafted_by=by, drafted_at=now
    )
    _note(version, "draft", by, now)
    return version


@transaction.atomic
def publish_version(*, version: ScoreVersion, by: User, now: datetime) -> ScoreVersion:
    """Put a draft in force in place of what was; every open need is owed a new score from this moment on."""
    version = ScoreVersion.objects.select_for_update().get(pk=version.pk)
    if not can_publish_score(by, drafted_by=version.drafted_by_id):
        raise NotAllowed("a supervisor who did not draft the version publishes it")
    if version.state != "draft":
        raise NotReady(["not_a_draft"])
    newest = ScoreVersion.objects.exclude(published_at=None).aggregate(most=Max("number"))["most"] or VERSION
    if version.number < newest:
        raise NotReady(["newer_in_force"])
    ScoreVersion.objects.filter(state="published").update(state="retired")
    version.state, version.published_by, version.published_at = "published", by, now
    version.save(update_fields=["state", "published_by", "published_at"])
    owed = owe_scores(needs=open_needs(), now=now)
    _note(version, "publish", by, now, {"owed": owed})
    return version


def dry_run(*, version: ScoreVersion, needs: QuerySet[Need], now: datetime) -> Comparison:
    """Return what the version would change for these needs, against the score in force; nothing is written."""
    return compare(_changes(parse_table(version.table), needs, now))


def _changes(table: ScoreTable, needs: QuerySet[Need], now: datetime) -> Iterator[Change]:
    marks, on = Yardsticks.current(), timezone.localdate(now)
    measured = needs.select_related("case__household", "case__beneficiary").prefetch_related("items")
    for need in measured.order_by("pk").iterator(chunk_size=1000):
        facts = marks.facts_of(need.case, need.items.all(), on)
        yield Change(str(need.case_id), score(facts, marks.table).total, score(facts, table).total)


def _note(
    version: ScoreVersion, act: str, by: User, now: datetime, data: Mapping[str, object] | None = None
) -> None:
    record(
        stream=STREAM,
        action=f"score.{act}",
        by=by,
        subject=f"score:{version.number}",
        reason=version.note,
        data={"table": version.table, **(data or {})},
        now=now,
    )
