"""The end of proposals that nobody answered in time: in parts, so that a million take no more memory than a few."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from jiujinan.audit.services import record
from matching.models import Proposal
from matching.states import ProposalState
from matching.telling import tell_expired_proposals

PART = 5_000
"""So many proposals end in one transaction."""
RESOURCES = ("fund_id", "offer_id", "lot_id")
Resource = tuple[UUID | None, ...]
"""One of `RESOURCES`; the others are None."""


def expire_proposals(*, now: datetime) -> int:
    """End the proposals that nobody answered in time; what they held is offered again by the next run.

    Part by part, resources together: who gave is told once for each part. Each part is a transaction with its trail
    and what is told, so whoever dies in between has lost nothing, and the next call goes on.
    """
    unanswered = Proposal.objects.filter(state=ProposalState.PROPOSED, expires_at__lte=now)
    ended = 0
    for resources in list(_parts(unanswered)):
        while ended_now := _end_part(unanswered.filter(_of(resources)), now):
            ended += ended_now
            if ended_now < PART:
                break
    return ended


def _parts(unanswered: QuerySet[Proposal]) -> Iterator[list[Resource]]:
    """Yield resources that have at most so many unanswered proposals together; one that has more comes alone."""
    part: list[Resource] = []
    size = 0
    counted = unanswered.values_list(*RESOURCES).annotate(size=Count("pk")).order_by(*RESOURCES)
    for *resource, more in counted:
        if part and size + more > PART:
            yield part
            part, size = [], 0
        part.append(tuple(resource))
        size += more
    if part:
        yield part


def _of(resources: list[Resource]) -> Q:
    keys = zip(*resources, strict=True)
    wanted = Q()
    for name, column in zip(RESOURCES, keys, strict=True):
        named = [key for key in column if key]
        if named:
            wanted |= Q(**{f"{name}__in": named})
    return wanted


@transaction.atomic
def _end_part(unanswered: QuerySet[Proposal], now: datetime) -> int:
    """End at most a part of these; return how many."""
    keys = list(unanswered.order_by("pk").select_for_update().values_list("pk", flat=True)[:PART])
    if keys:
        Proposal.objects.filter(pk__in=keys).update(state=ProposalState.EXPIRED, answered_at=now)
        tell_expired_proposals(keys, now)
        record(
            stream="matching",
            action="proposals.expire",
            by=None,
            subject="proposals",
            data={"ended": len(keys)},
            now=now,
        )
    return len(keys)
