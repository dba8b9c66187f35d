"""What if: the present beside the present with a change, nothing written."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from donors.queries import paired_regions
from matching.columns import join, keys_of, places, sorted_by_key
from matching.gathering import funds_open, gather
from matching.ordering import WeightTable
from matching.snapshot import FUNDS, Snapshot
from matching.what_if import Effect, FundChange, UnknownFund, changed, compare


def suppose(
    *, changes: Sequence[FundChange] = (), weights: WeightTable | None = None, now: datetime
) -> Effect:
    """Return what the next run would do otherwise; raise UnknownFund for a fund that could not give today."""
    snapshot = with_empty_funds(gather(now=now), [change.fund for change in changes], now=now)
    return compare(snapshot, changed(snapshot, changes, weights=weights))


def with_empty_funds(snapshot: Snapshot, funds: Sequence[str], *, now: datetime) -> Snapshot:
    """Return the snapshot with these funds in it, even where they have nothing to give now; pairings bind them too."""
    table = snapshot.tables[FUNDS]
    missing = [UUID(fund) for fund in funds if int(places(table["id"], keys_of([fund]))[0]) < 0]
    if not missing:
        return snapshot
    today = timezone.localdate(now)
    more = funds_open(today, paired_regions(today=today), only=missing, also_empty=True)
    for fund in missing:
        if int(places(more["id"], keys_of([fund]))[0]) < 0:
            raise UnknownFund(str(fund))
    return snapshot.with_table(FUNDS, sorted_by_key(join([table, more])))
