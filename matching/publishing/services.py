"""Making a release, and filling the blocks of grants. Both may run twice without harm."""

import hashlib
import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jiujinan.audit.services import record
from jiujinan.regions.rules import parent_code
from matching.models import Commitment, GrantCursor, PublicGrant, Release
from matching.models.publications import fresh_grant_number
from matching.publishing.blocks import Block, Grant, full_blocks
from matching.publishing.tables import all_tables
from matching.states import CommitmentState

# Figures that change from day to day would tell, by their difference, what happened on one day.
RELEASE_EVERY = timedelta(days=7)
STREAM = "publishing"


@transaction.atomic
def publish_release(*, now: datetime) -> Release | None:
    """Make the next release of the public figures, a week after the last; None while that has not passed."""
    latest = Release.objects.select_for_update().order_by("-number").first()
    if latest is not None and now < latest.at + RELEASE_EVERY:
        return None
    tables = json.loads(json.dumps(all_tables(), default=str, sort_keys=True))
    text = json.dumps(tables, sort_keys=True, ensure_ascii=False)
    release = Release.objects.create(
        number=latest.number + 1 if latest else 1,
        at=now,
        tables=tables,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    record(
        stream=STREAM, action="release.made", by=None, subject=f"release:{release.number}", now=now,
        data={"digest": release.digest},
    )  # fmt: skip
    return release


@transaction.atomic
def release_grants(*, now: datetime) -> int:
    """Release the blocks of grants that are full by now; return how many grants became public."""
    told = GrantCursor.objects.values("commitment")
    paid = Commitment.objects.select_for_update(of=("self",)).filter(
        fund__isnull=False, state=CommitmentState.COMPLETED
    )
    waiting = paid.exclude(pk__in=told).select_related("fund", "item__need__case").order_by("at", "pk")
    released = 0
    for block in full_blocks(_grant(commitment) for commitment in waiting):
        released += _release(block, now)
    if released:
        record(
            stream=STREAM,
            action="grants.released",
            by=None,
            subject="grants",
            now=now,
            data={"grants": released},
        )
    return released


def _grant(commitment: Commitment) -> Grant:
    fund = commitment.fund
    assert fund is not None, "the query asked for money"
    county = commitment.item.need.case.region_id
    return Grant(
        key=str(commitment.pk),
        holder=fund.holder_id,
        fund=str(fund.pk),
        region=parent_code(county) or county,
        category=commitment.item.category,
        amount_fen=commitment.disbursed,
        on=timezone.localdate(commitment.at),
    )


def _release(block: Block, now: datetime) -> int:
    name = fresh_grant_number()
    first = block.grants[0]
    PublicGrant.objects.bulk_create(
        PublicGrant(
            block=name,
            holder_id=first.holder,
            fund_id=block.fund or None,
            region_id=first.region,
            category=first.category,
            month=block.month,
            amount_fen=block.amount_fen,
            released_at=now,
        )
        for _ in block.grants
    )
    GrantCursor.objects.bulk_create(
        GrantCursor(commitment_id=grant.key, block=name) for grant in block.grants
    )
    return len(block.grants)
