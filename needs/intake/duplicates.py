"""Deciding about two records that may be one person: kept apart, merged, and taken apart again where that is safe."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.audit.services import record
from needs.intake.models import Merge, PossibleDuplicate, Verdict
from needs.models import CaseRecord, Need, NeedItem, Person
from needs.queries import ENDED_CASES
from needs.services import gate
from needs.services.ending import supersede_case
from needs.services.refusals import NotReady, require_text
from needs.states import NeedState


@transaction.atomic
def keep_apart(*, pair: PossibleDuplicate, reason: str, by: User, now: datetime) -> PossibleDuplicate:
    """Say that the two are two people, with the reason; the pair is never asked about again."""
    pair = _open_pair(pair, by)
    require_text(reason)
    return _decide(pair, Verdict.APART, reason, by, now)


@transaction.atomic
def merge(*, pair: PossibleDuplicate, keep: Person, reason: str, by: User, now: datetime) -> Merge:
    """
    Let one record stand for the person from now on: imports find it under both ID numbers.

    Where both head a household with a case that has not ended, the absorbed case is superseded by the kept one. What
    social forces have committed to it goes with its item to the kept need, and serves nobody twice: where the kept need
    asks for the same, the item that comes lacks nothing more. Raises NotReady(["keep_the_other"]) where help was
    committed to the one and the other is only a draft.
    """
    pair = _open_pair(pair, by)
    require_text(reason)
    absorbed = pair.second if keep.pk == pair.first_id else pair.first
    if keep.pk not in {pair.first_id, pair.second_id} or keep.merged_into_id or absorbed.merged_into_id:
        raise NotReady(["merged_already"])
    kept_case, absorbed_case = _case_of(keep), _case_of(absorbed)
    moved: dict[str, object] = {}
    if kept_case is not None and absorbed_case is not None and kept_case.pk != absorbed_case.pk:
        moved = _move_items(absorbed_case, kept_case, by, now)
        supersede_case(case=absorbed_case, by_case=kept_case, reason=reason, by=by, now=now)
    Person.objects.filter(Q(pk=absorbed.pk) | Q(merged_into=absorbed)).update(merged_into=keep)
    made = Merge.objects.create(
        kept=keep, absorbed=absorbed, kept_case=kept_case, absorbed_case=absorbed_case if moved else None,
        moved=moved, reason=reason, by=by, at=now,
    )  # fmt: skip
    _decide(pair, Verdict.MERGED, reason, by, now)
    return made


@transaction.atomic
def undo(*, merge: Merge, reason: str, by: User, now: datetime) -> Merge:
    """Take two records apart again; raise NotReady(["not_safe_to_undo"]) where a case ended by the merging."""
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    require_text(reason)
    pair = PossibleDuplicate.objects.select_for_update().get(
        Q(first=merge.kept, second=merge.absorbed) | Q(first=merge.absorbed, second=merge.kept)
    )
    if not can_handle_case(by, region=pair.region_id):
        raise NotAllowed("a case officer or supervisor of the region decides")
    if merge.undone_at is not None or merge.moved:
        raise NotReady(["not_safe_to_undo"])
    Person.objects.filter(pk=merge.absorbed_id).update(merged_into=None)
    Person.objects.filter(pk__in=_behind(merge.absorbed_id)).update(merged_into=merge.absorbed_id)
    merge.undone_by, merge.undone_at, merge.undo_reason = by, now, reason
    merge.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    pair.verdict, pair.reason, pair.decided_by, pair.decided_at = Verdict.OPEN, "", None, None
    pair.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
    _note(pair, "duplicate.undone", by, now, reason)
    return merge


def _behind(person: UUID) -> set[UUID]:
    """Return whoever was merged into the person, at once or by way of others."""
    found: set[UUID] = set()
    front = {person}
    while front:
        merged = Merge.objects.filter(kept__in=front, undone_at=None).values_list("absorbed_id", flat=True)
        front = set(merged) - found
        found |= front
    return found


def _case_of(person: Person) -> CaseRecord | None:
    """Return the case that the person heads and that has not ended."""
    if not person.is_head:
        return None
    cases = CaseRecord.objects.filter(household=person.household_id).exclude(state__in=ENDED_CASES)
    return cases.order_by("pk").first()


def _move_items(source: CaseRecord, target: CaseRecord, by: User, now: datetime) -> dict[str, object]:
    """Move what the kept need does not ask for itself, and whatever was committed; return how it stood before."""
    needs = {
        need.case_id: need
        for need in Need.objects.select_for_update().filter(case__in=[source, target]).order_by("pk")
    }
    old, new = needs[source.pk], needs[target.pk]
    asked = set(new.items.values_list("kind", "category"))
    items = list(old.items.select_for_update(of=("self",), no_key=True).order_by("pk"))
    going = [item for item in items if item.committed or (item.kind, item.category) not in asked]
    if any(item.committed for item in going) and new.state == NeedState.DRAFT:
        raise NotReady(["keep_the_other"])
    if going and new.state == NeedState.PUBLISHED:
        gate.end(need=new, act="hold", reason="merged", by=by, now=now)  # the gate looks at it anew
    before: dict[str, object] = {"need": str(old.pk), "need_state": old.state, "case_state": source.state}
    for item in going:
        before[str(item.pk)] = item.required
        fixed: Mapping[str, object] = {}
        if (item.kind, item.category) in asked:
            fixed = {"required": F("government") + F("insurance") + F("committed")}
        NeedItem.objects.filter(pk=item.pk).update(need=new, **fixed)
    return before


def _open_pair(pair: PossibleDuplicate, by: User) -> PossibleDuplicate:
    pair = (
        PossibleDuplicate.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .get(pk=pair.pk)
    )
    if not can_handle_case(by, region=pair.region_id):
        raise NotAllowed("a case officer or supervisor of the region decides")
    if pair.verdict != Verdict.OPEN:
        raise NotReady(["decided_already"])
    return pair


def _decide(
    pair: PossibleDuplicate, verdict: Verdict, reason: str, by: User, now: datetime
) -> PossibleDuplicate:
    pair.verdict, pair.reason, pair.decided_by, pair.decided_at = verdict, reason, by, now
    pair.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
    _note(pair, f"duplicate.{verdict}", by, now, reason)
    return pair


def _note(pair: PossibleDuplicate, action: str, by: User, now: datetime, reason: str) -> None:
    subject = f"duplicate:{pair.pk}"
    people = {"first": str(pair.first_id), "second": str(pair.second_id)}
    record(stream=subject, action=action, by=by, subject=subject, reason=reason, data=people, now=now)
