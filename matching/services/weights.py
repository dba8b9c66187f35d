"""A new version of the weights: drafted by one person, tried as a what-if, published by another."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_draft_score, can_publish_score
from jiujinan.audit.services import record
from matching.models import WeightVersion
from matching.ordering import WeightTable

FIRST = 1
"""The version that came with the programme."""


class NotADraft(Exception):
    """The version is or was in force, or a newer one is."""


@transaction.atomic
def draft_weights(*, table: Mapping[str, object], note: str, by: User, now: datetime) -> WeightVersion:
    """Keep a draft under the next number. Raises NotAllowed, BadWeights, ValueError without a note."""
    if not can_draft_score(by):
        raise NotAllowed("only a verifier or supervisor drafts weights")
    if not note.strip():
        raise ValueError("say what changes and why")
    highest = WeightVersion.objects.aggregate(most=Max("number"))["most"] or FIRST
    told = WeightTable.read({**table, "version": str(highest + 1)}).told()
    version = WeightVersion.objects.create(
        number=highest + 1, table=told, note=note, drafted_by=by, drafted_at=now
    )
    _note(version, "draft", by, now)
    return version


@transaction.atomic
def publish_weights(*, version: WeightVersion, by: User, now: datetime) -> WeightVersion:
    """Put a draft in force; the next run orders by it. Raises NotAllowed, NotADraft."""
    version = WeightVersion.objects.select_for_update().get(pk=version.pk)
    if not can_publish_score(by, drafted_by=version.drafted_by_id):
        raise NotAllowed("a supervisor who did not draft the weights publishes them")
    newest = WeightVersion.objects.exclude(published_at=None).aggregate(most=Max("number"))["most"] or FIRST
    if version.state != "draft" or version.number < newest:
        raise NotADraft(str(version.number))
    WeightVersion.objects.filter(state="published").update(state="retired")
    version.state, version.published_by, version.published_at = "published", by, now
    version.save(update_fields=["state", "published_by", "published_at"])
    _note(version, "publish", by, now)
    return version


def _note(version: WeightVersion, act: str, by: User, now: datetime) -> None:
    record(
        stream="weights",
        action=f"weights.{act}",
        by=by,
        subject=f"weights:{version.number}",
        reason=version.note,
        data={"table": version.table},
        now=now,
    )
