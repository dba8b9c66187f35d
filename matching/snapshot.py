"""What a run sees: tables of columns in one order, so that the same snapshot gives the same bytes (pure).

Categories, tiers and groups become small numbers by their place in the code lists; the lists only ever grow. Languages
are words; their numbers are places in the snapshot's own list of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from jiujinan.codes import Group, ItemCategory, Tier
from matching import columns as c
from matching.engine import (
    Calendar,
    CashInstance,
    CashNeeds,
    Funds,
    Promises,
    UnitInstance,
    UnitNeeds,
    UnitOffers,
)
from matching.engine.columns import Int64
from matching.ordering import Order, WeightTable, order_of

CATEGORY_PLACE = {code.value: place for place, code in enumerate(ItemCategory)}
TIER_PLACE = {code.value: place for place, code in enumerate(Tier)}
GROUP_PLACE = {code.value: place for place, code in enumerate(Group)}
CATEGORIES, TIERS, GROUPS = tuple(ItemCategory), tuple(Tier), tuple(Group)

CASH, SERVICES, GOODS = "cash", "services", "goods"
FUNDS, OFFERS, LOTS, PROMISES = "funds", "offers", "lots", "promises"
SUPPLY_OF = {CASH: FUNDS, SERVICES: OFFERS, GOODS: LOTS}
ITEM_COLUMNS = (
    "gap", "lacking", "region", "category", "tier", "groups", "languages", "score", "waiting", "done", "household",
    "package",
)  # fmt: skip
FUND_COLUMNS = (
    "available", "categories", "tiers", "groups", "government_first", "minimum", "case_cap", "share_cap",
    "household_cap", "opens_on", "expires_on",
)  # fmt: skip
UNIT_COLUMNS = ("units", "categories", "groups", "languages", "origin", "expires_on", "load")
WEEKS = 26
"""Referrals are laid into so many weeks from the run's day on."""
WEEKS_OF_A_REFERRAL = 20
"""Up to so many sessions come one a week; longer referrals take as many a week as it needs to end within this time."""


@dataclass(frozen=True)
class ItemRow:
    """One need item with a gap. Amounts are in the item's unit; `household` and `package` are numbers, 0 for none."""

    item: str
    gap: int
    lacking: int
    region: str
    category: str
    tier: str
    groups: tuple[str, ...] = ()
    score: int = 0
    waiting: int = 0
    government_done: bool = True
    household: int = 0
    package: int = 0


@dataclass(frozen=True)
class FundRow:
    """One fund's money and charter; amounts in fen, days as ordinals, 0 for none."""

    fund: str
    available: int
    regions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    government_first: bool = False
    minimum: int = 0
    case_cap: int = 0
    share_cap: int = 0
    household_cap: int = 0
    opens_on: int = 0
    expires_on: int = 0


@dataclass(frozen=True)
class UnitRow:
    """One service offer or goods lot and its free units; `places` are free sessions by week, of offers alone.

    `origin` is where the thing stands or the agency sits; `load` is what the agency has on its hands already.
    """

    resource: str
    units: int
    regions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: int = 0
    origin: str = "000000"
    expires_on: int = 0
    load: int = 0
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """Everything that a run depends on. Rows are sorted by key; promises by fund, item and household."""

    today: int
    tables: Mapping[str, c.Columns]
    weights: WeightTable = field(default_factory=WeightTable)
    languages: tuple[str, ...] = ()
    province_rounds: int = 0
    """Rounds of a solve by province; 0 for a single solve."""

    def header(self) -> dict[str, object]:
        """Return what is not in a table."""
        told = {"today": self.today, "weights": self.weights.told(), "languages": list(self.languages)}
        return {**told, "province_rounds": self.province_rounds} if self.province_rounds else told

    @classmethod
    def of(cls, header: Mapping[str, object], tables: Mapping[str, c.Columns]) -> "Snapshot":
        """Return the snapshot with this header."""
        weights = header["weights"]
        assert isinstance(weights, dict)
        languages = header["languages"]
        assert isinstance(languages, list)
        rounds = int(str(header.get("province_rounds", 0)))
        return cls(int(str(header["today"])), tables, WeightTable.read(weights), tuple(languages), rounds)

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the content."""
        return c.digest(self.tables, header=self.header())

    def with_table(self, name: str, columns: c.Columns) -> "Snapshot":
        """Return the snapshot with another table in the place of this one."""
        return replace(self, tables={**self.tables, name: columns})


def empty(table: str) -> c.Columns:
    """Return the table without rows."""
    if table == PROMISES:
        return promises_table([])
    if table in SUPPLY_OF:
        return items_table([])
    return funds_table([]) if table == FUNDS else units_table([])


def snapshot_of(*, today: int, **tables: c.Columns) -> Snapshot:
    """Return a snapshot; tables that are not given have no rows."""
    names = (*SUPPLY_OF, *SUPPLY_OF.values(), PROMISES)
    return Snapshot(today, {name: tables.get(name) or empty(name) for name in names})


def items_table(rows: Sequence[ItemRow]) -> c.Columns:
    """Return items as columns, sorted by key."""
    rows = sorted(rows, key=lambda row: row.item)
    return {
        "id": c.keys_of(row.item for row in rows),
        "gap": _ints(row.gap for row in rows),
        "lacking": _ints(row.lacking for row in rows),
        "region": _ints(int(row.region) for row in rows),
        "category": _ints(CATEGORY_PLACE[row.category] for row in rows),
        "tier": _ints(TIER_PLACE[row.tier] for row in rows),
        "groups": _masks((row.groups for row in rows), GROUP_PLACE),
        "languages": np.zeros(len(rows), dtype=np.int64),
        "score": _ints(row.score for row in rows),
        "waiting": _ints(row.waiting for row in rows),
        "done": _ints(int(row.government_done) for row in rows),
        "household": _ints(row.household for row in rows),
        "package": _ints(row.package for row in rows),
    }


def funds_table(rows: Sequence[FundRow]) -> c.Columns:
    """Return funds as columns, sorted by key."""
    rows = sorted(rows, key=lambda row: row.fund)
    return {
        "id": c.keys_of(row.fund for row in rows),
        "available": _ints(row.available for row in rows),
        **_regions([row.regions for row in rows]),
        "categories": _masks((row.categories for row in rows), CATEGORY_PLACE),
        "tiers": _masks((row.tiers for row in rows), TIER_PLACE),
        "groups": _masks((row.groups for row in rows), GROUP_PLACE),
        "government_first": _ints(int(row.government_first) for row in rows),
        "minimum": _ints(row.minimum for row in rows),
        "case_cap": _ints(row.case_cap for row in rows),
        "share_cap": _ints(row.share_cap for row in rows),
        "household_cap": _ints(row.household_cap for row in rows),
        "opens_on": _ints(row.opens_on for row in rows),
        "expires_on": _ints(row.expires_on for row in rows),
    }


def units_table(rows: Sequence[UnitRow]) -> c.Columns:
    """Return offers or lots as columns, sorted by key."""
    rows = sorted(rows, key=lambda row: row.resource)
    weeks = [[*row.places, *[0] * WEEKS][:WEEKS] for row in rows]
    return {
        "id": c.keys_of(row.resource for row in rows),
        "units": _ints(row.units for row in rows),
        **_regions([row.regions for row in rows]),
        "categories": _masks((row.categories for row in rows), CATEGORY_PLACE),
        "groups": _masks((row.groups for row in rows), GROUP_PLACE),
        "languages": _ints(row.languages for row in rows),
        "origin": _ints(int(row.origin) for row in rows),
        "expires_on": _ints(row.expires_on for row in rows),
        "load": _ints(row.load for row in rows),
        "places": np.array(weeks, dtype=np.int64).reshape(len(rows), WEEKS),
    }


def promises_table(rows: Iterable[tuple[bytes, bytes, int, int]]) -> c.Columns:
    """Return (fund key, item key, household, amount) as columns, sorted."""
    kept = sorted(rows)
    return {
        "id": c.keys_from(b"".join(row[0] for row in kept)),
        "item": c.keys_from(b"".join(row[1] for row in kept)),
        "household": _ints(row[2] for row in kept),
        "amount": _ints(row[3] for row in kept),
    }


def cash_instance(snapshot: Snapshot) -> tuple[CashInstance, Order]:
    """Return the engine's arrays for the cash items, with their order. Ids are positions, counted from 0."""
    items, funds, promised = (snapshot.tables[name] for name in (CASH, FUNDS, PROMISES))
    needs = cash_needs(items)
    order = order_of(needs, difficulty=items["score"], waiting=items["waiting"], table=snapshot.weights)
    fund = c.places(funds["id"], promised["id"])
    here = fund >= 0
    # An item that is already covered whole has left the snapshot; its promises still count for the household.
    gone = len(needs)
    return (
        CashInstance(
            replace(needs, priority=order.priority),
            fund_columns(funds),
            promises=Promises(
                need_id=c.places(items["id"], promised["item"], missing=gone)[here],
                household=promised["household"][here],
                fund_id=fund[here],
                amount_fen=promised["amount"][here],
            ),
            today=snapshot.today,
        ),
        order,
    )


def cash_needs(items: c.Columns) -> CashNeeds:
    """Return items as the engine's needs, without priority; ids are positions."""
    return CashNeeds.of(
        ids=np.arange(len(items["gap"])),
        gap_fen=items["gap"],
        region=items["region"],
        category=items["category"],
        tier=items["tier"],
        groups=items["groups"],
        government_done=items["done"],
        household=items["household"],
        required_fen=items["lacking"],
    )


def fund_columns(funds: c.Columns) -> Funds:
    """Return the engine's funds; ids are positions."""
    return Funds.of(
        ids=np.arange(len(funds["available"])),
        available_fen=funds["available"],
        region_offsets=funds["region_offsets"],
        region_codes=funds["region_codes"],
        categories=funds["categories"],
        tiers=funds["tiers"],
        groups=funds["groups"],
        government_first=funds["government_first"],
        minimum_grant_fen=funds["minimum"],
        per_case_cap_fen=funds["case_cap"],
        share_cap_permille=funds["share_cap"],
        per_household_cap_fen=funds["household_cap"],
        opens_on=funds["opens_on"],
        expires_on=funds["expires_on"],
    )


def unit_instance(snapshot: Snapshot, kind: str) -> tuple[UnitInstance, Order]:
    """Return the engine's arrays for services (one agency a referral) or goods (several lots may serve)."""
    items, supplies = snapshot.tables[kind], snapshot.tables[SUPPLY_OF[kind]]
    order = order_of(
        cash_needs(items), difficulty=items["score"], waiting=items["waiting"], table=snapshot.weights
    )
    needs = replace(unit_needs(items), priority=order.priority)
    instance = UnitInstance(needs, unit_offers(supplies), splittable=kind == GOODS, today=snapshot.today)
    return instance, order


def unit_needs(items: c.Columns) -> UnitNeeds:
    """Return items as the engine's needs of units, without priority; ids are positions."""
    return UnitNeeds.of(
        ids=np.arange(len(items["gap"])),
        units=items["gap"],
        **{name: items[name] for name in ("region", "category", "tier", "groups", "languages")},
    )


def unit_offers(supplies: c.Columns) -> UnitOffers:
    """Return the engine's offers; ids are positions."""
    return UnitOffers.of(
        ids=np.arange(len(supplies["units"])),
        units=supplies["units"],
        region_offsets=supplies["region_offsets"],
        region_codes=supplies["region_codes"],
        categories=supplies["categories"],
        groups=supplies["groups"],
        languages=supplies["languages"],
        origin=supplies["origin"],
        expires_on=supplies["expires_on"],
    )


def calendar(items: c.Columns, offers: c.Columns) -> Calendar:
    """Return the weeks into which referrals are laid: each begins as soon as it can."""
    start = np.zeros(len(items["gap"]), dtype=np.int64)
    return Calendar(
        places=offers["places"],
        first_week=start,
        last_week=start + WEEKS - 1,
        a_week=np.maximum(-(-items["gap"] // WEEKS_OF_A_REFERRAL), 1),
        most=offers["units"],
        load=offers["load"],
    )


def mask(codes: Iterable[str], places: Mapping[str, int]) -> int:
    """Return one bit for each code, at its place."""
    return sum(1 << places[code] for code in set(codes))


def _masks(lists: Iterable[tuple[str, ...]], places: Mapping[str, int]) -> Int64:
    """Return the mask of each list; many resources have the same ones."""
    known: dict[tuple[str, ...], int] = {}
    found = []
    for codes in lists:
        bits = known.get(codes)
        if bits is None:
            bits = known[codes] = mask(codes, places)
        found.append(bits)
    return np.array(found, dtype=np.int64)


def _regions(lists: Sequence[Sequence[str]]) -> c.Columns:
    parts = [sorted({int(code) for code in codes}) for codes in lists]
    offsets = np.cumsum([0, *(len(part) for part in parts)])
    return {
        "region_offsets": offsets.astype(np.int64),
        "region_codes": _ints(code for part in parts for code in part),
    }


def _ints(values: Iterable[int]) -> Int64:
    return np.fromiter(values, dtype=np.int64)
