"""What a run sees: plain rows, in one order, so that the same snapshot gives the same bytes (pure).

Categories, tiers and groups become small numbers by their place in the code lists; the lists only ever grow.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np

from jiujinan.codes import Group, ItemCategory, Tier
from matching.engine import CashInstance, CashNeeds, Funds, Promises, UnitInstance, UnitNeeds, UnitOffers

CATEGORY_PLACE = {code.value: place for place, code in enumerate(ItemCategory)}
TIER_PLACE = {code.value: place for place, code in enumerate(Tier)}
GROUP_PLACE = {code.value: place for place, code in enumerate(Group)}


@dataclass(frozen=True)
class ItemRow:
    """One need item with a gap. Amounts are in the item's unit; `household` is a number within the snapshot."""

    item: str
    gap: int
    lacking: int
    region: str
    category: str
    tier: str
    groups: tuple[str, ...]
    priority: int
    government_done: bool
    household: int


@dataclass(frozen=True)
class FundRow:
    """One fund's money and charter; amounts in fen, days as ordinals, 0 for none."""

    fund: str
    available: int
    regions: tuple[str, ...]
    categories: tuple[str, ...]
    tiers: tuple[str, ...]
    groups: tuple[str, ...]
    government_first: bool
    minimum: int
    case_cap: int
    share_cap: int
    household_cap: int
    opens_on: int
    expires_on: int


@dataclass(frozen=True)
class PromiseRow:
    """What a fund has already promised to an item; it counts towards caps."""

    item: str
    household: int
    fund: str
    amount: int


@dataclass(frozen=True)
class UnitRow:
    """One service offer or goods lot and its free units."""

    resource: str
    units: int
    regions: tuple[str, ...]
    categories: tuple[str, ...]
    groups: tuple[str, ...]
    expires_on: int


@dataclass(frozen=True)
class Snapshot:
    """Everything that a run depends on. Rows are sorted by id."""

    today: int
    cash: tuple[ItemRow, ...]
    services: tuple[ItemRow, ...]
    goods: tuple[ItemRow, ...]
    funds: tuple[FundRow, ...]
    promises: tuple[PromiseRow, ...]
    offers: tuple[UnitRow, ...]
    lots: tuple[UnitRow, ...]

    def to_bytes(self) -> bytes:
        """Return the canonical compressed form."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return zlib.compress(text.encode(), 6)

    @classmethod
    def from_bytes(cls, blob: bytes) -> "Snapshot":
        """Return the snapshot of that form."""
        raw = json.loads(zlib.decompress(blob))
        return cls(
            today=raw["today"],
            cash=_rows(ItemRow, raw["cash"]),
            services=_rows(ItemRow, raw["services"]),
            goods=_rows(ItemRow, raw["goods"]),
            funds=_rows(FundRow, raw["funds"]),
            promises=_rows(PromiseRow, raw["promises"]),
            offers=_rows(UnitRow, raw["offers"]),
            lots=_rows(UnitRow, raw["lots"]),
        )

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the content."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


Kind = TypeVar("Kind", ItemRow, FundRow, PromiseRow, UnitRow)


def _rows(kind: type[Kind], raw: list[dict[str, Any]]) -> tuple[Kind, ...]:
    return tuple(kind(**_columns(row)) for row in raw)


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def cash_instance(snapshot: Snapshot) -> CashInstance:
    """Return the engine's arrays for the cash items. Ids are positions in the snapshot, counted from 0."""
    items, funds = snapshot.cash, snapshot.funds
    item_id = {row.item: place for place, row in enumerate(items)}
    fund_id = {row.fund: place for place, row in enumerate(funds)}
    promised = [row for row in snapshot.promises if row.fund in fund_id]
    # An item that is already covered whole has left the snapshot; its promises still count for the household.
    gone = len(items)
    return CashInstance(
        CashNeeds.of(
            ids=_ints(range(len(items))),
            gap_fen=_ints(row.gap for row in items),
            region=_ints(int(row.region) for row in items),
            category=_ints(CATEGORY_PLACE[row.category] for row in items),
            tier=_ints(TIER_PLACE[row.tier] for row in items),
            groups=_ints(_mask(row.groups, GROUP_PLACE) for row in items),
            priority=_ints(row.priority for row in items),
            government_done=_ints(int(row.government_done) for row in items),
            household=_ints(row.household for row in items),
            required_fen=_ints(row.lacking for row in items),
        ),
        Funds.of(
            ids=_ints(range(len(funds))),
            available_fen=_ints(row.available for row in funds),
            regions=[[int(code) for code in row.regions] for row in funds],
            categories=_ints(_mask(row.categories, CATEGORY_PLACE) for row in funds),
            tiers=_ints(_mask(row.tiers, TIER_PLACE) for row in funds),
            groups=_ints(_mask(row.groups, GROUP_PLACE) for row in funds),
            government_first=_ints(int(row.government_first) for row in funds),
            minimum_grant_fen=_ints(row.minimum for row in funds),
            per_case_cap_fen=_ints(row.case_cap for row in funds),
            share_cap_permille=_ints(row.share_cap for row in funds),
            per_household_cap_fen=_ints(row.household_cap for row in funds),
            opens_on=_ints(row.opens_on for row in funds),
            expires_on=_ints(row.expires_on for row in funds),
        ),
        promises=Promises(
            need_id=_ints(item_id.get(row.item, gone) for row in promised),
            household=_ints(row.household for row in promised),
            fund_id=_ints(fund_id[row.fund] for row in promised),
            amount_fen=_ints(row.amount for row in promised),
        ),
        today=snapshot.today,
    )


def unit_instance(
    items: tuple[ItemRow, ...], resources: tuple[UnitRow, ...], *, splittable: bool, today: int
) -> UnitInstance:
    """Return the engine's arrays for services (one agency a referral) or goods (several lots may serve)."""
    return UnitInstance(
        UnitNeeds.of(
            ids=_ints(range(len(items))),
            units=_ints(row.gap for row in items),
            region=_ints(int(row.region) for row in items),
            category=_ints(CATEGORY_PLACE[row.category] for row in items),
            tier=_ints(TIER_PLACE[row.tier] for row in items),
            groups=_ints(_mask(row.groups, GROUP_PLACE) for row in items),
            priority=_ints(row.priority for row in items),
        ),
        UnitOffers.of(
            ids=_ints(range(len(resources))),
            units=_ints(row.units for row in resources),
            regions=[[int(code) for code in row.regions] for row in resources],
            categories=_ints(_mask(row.categories, CATEGORY_PLACE) for row in resources),
            groups=_ints(_mask(row.groups, GROUP_PLACE) for row in resources),
            expires_on=_ints(row.expires_on for row in resources),
        ),
        splittable=splittable,
        today=today,
    )


def _mask(codes: Iterable[str], places: dict[str, int]) -> int:
    return sum(1 << places[code] for code in set(codes))


def _ints(values: Iterable[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.fromiter(values, dtype=np.int64)
