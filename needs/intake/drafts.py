"""Drafts of cases that are typed by hand: sealed, for their author alone, so that no error loses what was typed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_import
from jiujinan.audit.services import record
from jiujinan.sealing.fields import Plain
from jiujinan.sealing.services import open_fields
from needs.intake.models import CaseDraft, IntakeReceipt

Content = Mapping[str, Sequence[str]]
LARGEST = 200_000  # characters; a form with every row filled in has a tenth of that


class TooLong(ValueError):
    """The draft is longer than any form."""


def drafts_of(user: User) -> QuerySet[CaseDraft]:
    """Return the person's drafts, the newest first."""
    return CaseDraft.objects.filter(by=user)


@transaction.atomic
def keep(*, key: UUID, content: Content, by: User, now: datetime) -> CaseDraft | None:
    """Keep what was typed so far under the form's key; None once the form was taken in, since nothing is left to keep.

    Raises NotAllowed for whoever may bring no cases and for another person's draft.
    """
    if not can_import(by):
        raise NotAllowed("only a case officer or supervisor types cases in")
    if IntakeReceipt.objects.filter(caller=by, key=str(key)).exists():
        return None
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > LARGEST:
        raise TooLong(str(len(text)))
    draft = CaseDraft.objects.select_for_update().filter(pk=key).first() or CaseDraft(pk=key, by=by)
    if draft.by_id != by.pk:
        raise NotAllowed("a draft is its author's alone")
    draft.content, draft.saved_at = Plain(text), now
    draft.save()
    return draft


@transaction.atomic
def go_on(*, draft: CaseDraft, by: User, now: datetime) -> dict[str, list[str]]:
    """Return what was typed, to its author; the opening leaves its entry in the trail."""
    if draft.by_id != by.pk:
        raise NotAllowed("a draft is its author's alone")
    (opened,) = open_fields(
        rows=[draft],
        fields=["content"],
        case=f"draft-{draft.pk}",
        by=by,
        reason="继续填写自己的草稿",
        now=now,
    )
    return {name: list(values) for name, values in json.loads(opened["content"] or "{}").items()}


@transaction.atomic
def throw_away(*, draft: CaseDraft, by: User, now: datetime) -> None:
    """Delete a draft, by its author."""
    if draft.by_id != by.pk:
        raise NotAllowed("a draft is its author's alone")
    subject = f"case:draft-{draft.pk}"
    record(stream=subject, action="draft.thrown_away", by=by, subject=subject, data={}, now=now)
    draft.delete()
