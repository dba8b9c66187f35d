"""The same snapshot under other assumptions beside the present (pure): more money, a relaxed charter, other ranks."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jiujinan.codes import Tier
from matching.snapshot import FundRow, ItemRow, Snapshot
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


_WITHOUT: dict[Restriction, dict[str, object]] = {
    Restriction.REGION: {"regions": ()},
    Restriction.CATEGORY: {"categories": ()},
    Restriction.TIER: {"tiers": ()},
    Restriction.GROUP: {"groups": ()},
    Restriction.GOVERNMENT_FIRST: {"government_first": False},
    Restriction.MINIMUM_GRANT: {"minimum": 0},
    Restriction.CASE_CAP: {"case_cap": 0},
    Restriction.SHARE_CAP: {"share_cap": 0},
    Restriction.HOUSEHOLD_CAP: {"household_cap": 0},
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
    snapshot: Snapshot,
    changes: Sequence[FundChange],
    *,
    priority: Callable[[ItemRow], int] | None = None,
) -> Snapshot:
    """Return the snapshot with the changes made; `priority` gives each item another rank within its tier."""
    funds = {row.fund: row for row in snapshot.funds}
    for change in changes:
        if change.fund not in funds:
            raise UnknownFund(change.fund)
        funds[change.fund] = _fund(funds[change.fund], change)
    items = (
        snapshot.cash
        if priority is None
        else tuple(replace(row, priority=priority(row)) for row in snapshot.cash)
    )
    return replace(snapshot, funds=tuple(funds[row.fund] for row in snapshot.funds), cash=items)


def compare(snapshot: Snapshot, supposed: Snapshot) -> Effect:
    """Solve both and return what would be different. Both see the same items in the same order."""
    before, after = _given(solve(snapshot)), _given(solve(supposed))
    by_region: Counter[str] = Counter()
    for row in snapshot.cash:
        by_region[row.region] += after[row.item] - before[row.item]
    return Effect(
        present=_by_tier(snapshot.cash, before),
        supposed=_by_tier(snapshot.cash, after),
        reached=sum(1 for row in snapshot.cash if after[row.item] and not before[row.item]),
        lost=sum(1 for row in snapshot.cash if before[row.item] and not after[row.item]),
        spent_fen=after.total() - before.total(),
        by_region={region: fen for region, fen in sorted(by_region.items()) if fen},
    )


def _fund(row: FundRow, change: FundChange) -> FundRow:
    relaxed: dict[str, object] = {"available": row.available + change.more_fen}
    for restriction in change.without:
        relaxed |= _WITHOUT[restriction]
    return replace(row, **relaxed)  # type: ignore[arg-type]  # the names above are the row's own


def _given(solved: Solved) -> Counter[str]:
    given: Counter[str] = Counter()
    for match in solved.matches:
        if match.kind == "fund":
            given[match.item] += match.amount
    return given


def _by_tier(items: Sequence[ItemRow], given: Counter[str]) -> dict[Tier, TierEffect]:
    effects = {}
    for tier in Tier:
        own = [row for row in items if row.tier == tier]
        effects[tier] = TierEffect(
            sum(given[row.item] for row in own), sum(1 for row in own if given[row.item] >= row.gap)
        )
    return effects
