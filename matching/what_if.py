"""The same snapshot under other assumptions beside the present (pure): more money, a relaxed charter, other ranks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from jiujinan.codes import Tier
from matching.columns import Columns, keys_of, places
from matching.engine.columns import Int64
from matching.ordering import WeightTable
from matching.snapshot import CASH, FUNDS, TIER_PLACE, Snapshot
from matching.solving import Solved, solve


class Restriction(StrEnum):
    """What a charter can be asked to let go, for the sake of the question."""

    REGION = "region"
    CATEGORY = "category"
    TIER = "tier"
    GROUP = "group"
    GOVERNMENT_FIRST = "government_first"
    MINIMUM_GRANT = "minimum_grant"
    CASE_CAP = "case_cap"
    SHARE_CAP = "share_cap"
    HOUSEHOLD_CAP = "household_cap"


_COLUMN = {
    Restriction.CATEGORY: "categories",
    Restriction.TIER: "tiers",
    Restriction.GROUP: "groups",
    Restriction.GOVERNMENT_FIRST: "government_first",
    Restriction.MINIMUM_GRANT: "minimum",
    Restriction.CASE_CAP: "case_cap",
    Restriction.SHARE_CAP: "share_cap",
    Restriction.HOUSEHOLD_CAP: "household_cap",
}


class UnknownFund(ValueError):
    """The snapshot has no such fund: it is closed, has nothing left, or its period is over."""


@dataclass(frozen=True)
class FundChange:
    """Another `more_fen` in a fund, and the restrictions that it would let go."""

    fund: str
    more_fen: int = 0
    without: tuple[Restriction, ...] = ()


@dataclass(frozen=True)
class TierEffect:
    """What one tier's open cash items get: fen covered, items covered whole."""

    covered_fen: int = 0
    whole: int = 0


@dataclass(frozen=True)
class Effect:
    """Present and supposed, by tier; `reached` items get something that got nothing, `lost` ones lose all they got."""

    present: dict[Tier, TierEffect]
    supposed: dict[Tier, TierEffect]
    reached: int
    lost: int
    spent_fen: int  # by which the supposed outcome gives more (or less) money in all
    by_region: dict[str, int] = field(default_factory=dict)  # fen more (or less), by county


def changed(
    snapshot: Snapshot, changes: Sequence[FundChange], *, weights: WeightTable | None = None
) -> Snapshot:
    """Return the snapshot with the changes made, and under other weights where they are given."""
    funds = dict(snapshot.tables[FUNDS])
    for change in changes:
        spot = int(places(funds["id"], keys_of([change.fund]))[0])
        if spot < 0:
            raise UnknownFund(change.fund)
        _relax(funds, spot, change)
    return replace(snapshot.with_table(FUNDS, funds), weights=weights or snapshot.weights)


def _relax(funds: Columns, spot: int, change: FundChange) -> None:
    """Change one of the funds; columns are copied before they are written to."""
    new = {"available": int(funds["available"][spot]) + change.more_fen}
    new |= {_COLUMN[one]: 0 for one in change.without if one in _COLUMN}
    for name, value in new.items():
        funds[name] = funds[name].copy()
        funds[name][spot] = value
    if Restriction.REGION in change.without:
        low, high = funds["region_offsets"][spot : spot + 2].tolist()
        behind = np.arange(len(funds["region_offsets"])) > spot
        funds["region_codes"] = np.delete(funds["region_codes"], slice(low, high))
        funds["region_offsets"] = funds["region_offsets"] - np.where(behind, high - low, 0)


def compare(snapshot: Snapshot, supposed: Snapshot) -> Effect:
    """Solve both and return what would be different. Both see the same items in the same order."""
    items = snapshot.tables[CASH]
    before, after = _given(solve(snapshot)), _given(solve(supposed))
    more = after - before
    sums: Counter[str] = Counter()
    for region, fen in zip(items["region"].tolist(), more.tolist(), strict=True):
        sums[f"{region:06d}"] += fen
    return Effect(
        present=_by_tier(items, before),
        supposed=_by_tier(items, after),
        reached=int(((after > 0) & (before == 0)).sum()),
        lost=int(((before > 0) & (after == 0)).sum()),
        spent_fen=int(more.sum()),
        by_region={region: fen for region, fen in sorted(sums.items()) if fen},
    )


def _given(solved: Solved) -> Int64:
    given: Int64 = solved.tables[CASH]["covered"]
    return given


def _by_tier(items: Columns, given: Int64) -> dict[Tier, TierEffect]:
    effects = {}
    for tier, place in TIER_PLACE.items():
        own = items["tier"] == place
        whole = own & (given >= items["gap"])
        effects[Tier(tier)] = TierEffect(int(given[own].sum()), int(whole.sum()))
    return effects
