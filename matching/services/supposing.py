"""What if: the present beside the present with a change, nothing written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from matching.gathering import charters_in_force, fund_row, gather
from matching.snapshot import Snapshot
from matching.what_if import Effect, FundChange, UnknownFund, changed, compare


def suppose(*, changes: Sequence[FundChange], now: datetime) -> Effect:
    """Return what the next run would do otherwise under the changes; raise UnknownFund for a fund without a charter."""
    snapshot = with_empty_funds(gather(now=now), [change.fund for change in changes])
    return compare(snapshot, changed(snapshot, changes))


def with_empty_funds(snapshot: Snapshot, funds: Sequence[str]) -> Snapshot:
    """Return the snapshot with these funds in it, even where they have nothing to give now."""
    known = {row.fund for row in snapshot.funds}
    missing = [fund for fund in funds if fund not in known]
    if not missing:
        return snapshot
    charters = charters_in_force()
    rows = list(snapshot.funds)
    for fund in missing:
        charter = charters.get(UUID(fund))
        if charter is None:
            raise UnknownFund(fund)
        rows.append(fund_row(charter, 0))
    return replace(snapshot, funds=tuple(sorted(rows, key=lambda row: row.fund)))
