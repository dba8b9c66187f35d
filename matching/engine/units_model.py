"""Service and goods items, the offers for them, and the answer, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Int64, Int64Like, as_column, check, region_lists


@dataclass(frozen=True, slots=True)
class UnitNeeds:
    """Service or goods items, one a row; arrays of shape (n,). `item` is a goods code, 0 if `category` says all.

    `languages` are bits that the person speaks; 0 means that any agency will do.
    """

    id: Int64
    units: Int64
    region: Int64
    category: Int64
    item: Int64
    tier: Int64
    groups: Int64
    languages: Int64
    priority: Int64

    @classmethod
    def of(cls, *, ids: Int64Like, units: Int64Like | None = None, **columns: Int64Like | None) -> UnitNeeds:
        """Return checked needs; a column left out takes its neutral value. Raises InstanceError."""
        id_column = np.ascontiguousarray(ids, dtype=np.int64)
        defaults = {
            "region": 0,
            "category": 0,
            "item": 0,
            "tier": 2,
            "groups": 0,
            "languages": 0,
            "priority": 0,
        }
        check(set(columns) <= set(defaults), f"unknown columns {set(columns) - set(defaults)}")
        filled = {
            name: as_column(columns.get(name), len(id_column), value, name)
            for name, value in defaults.items()
        }
        needs = cls(id=id_column, units=as_column(units, len(id_column), 1, "units"), **filled)
        check(len(np.unique(id_column)) == len(id_column), "need ids repeat")
        check((needs.units >= 0).all(), "negative units in needs")
        check(((needs.category >= 0) & (needs.category < 63)).all(), "category outside 0..62")
        return needs

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)

    def take(self, rows: Int64) -> UnitNeeds:
        """Return the needs at these positions, in this order."""
        return UnitNeeds(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class UnitOffers:
    """Capacity or stock, one offer or lot a row; arrays of shape (m,), restrictions as in `Funds`.

    `units` is what is free. `item` 0 serves any item of its categories. `per_case_units` 0 means no cap.
    `expires_on` is an ordinal day, 0 for none.
    """

    id: Int64
    units: Int64
    region_offsets: Int64
    region_codes: Int64
    categories: Int64
    item: Int64
    tiers: Int64
    groups: Int64
    languages: Int64
    per_case_units: Int64
    origin: Int64
    """Where the thing stands or the agency sits, a region code; nearer ones come first. 0 where it does not matter."""
    expires_on: Int64

    @classmethod
    def of(
        cls,
        *,
        ids: Int64Like,
        units: Int64Like,
        regions: list[list[int]] | None = None,
        region_offsets: Int64Like | None = None,
        region_codes: Int64Like | None = None,
        **columns: Int64Like | None,
    ) -> UnitOffers:
        """Return checked offers; give regions as lists or as offsets and codes. Raises InstanceError."""
        id_column = np.ascontiguousarray(ids, dtype=np.int64)
        names = (
            "categories",
            "item",
            "tiers",
            "groups",
            "languages",
            "per_case_units",
            "origin",
            "expires_on",
        )
        check(set(columns) <= set(names), f"unknown columns {set(columns) - set(names)}")
        offsets, codes = region_lists(len(id_column), regions, region_offsets, region_codes)
        filled = {name: as_column(columns.get(name), len(id_column), 0, name) for name in names}
        offers = cls(
            id=id_column,
            units=as_column(units, len(id_column), 0, "units"),
            region_offsets=offsets,
            region_codes=codes,
            **filled,
        )
        check(len(np.unique(id_column)) == len(id_column), "offer ids repeat")
        check((offers.units >= 0).all(), "negative units in offers")
        return offers

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)

    def regions_of(self, offer: int) -> Int64:
        """Return the region codes of the offer at this position; empty means anywhere."""
        return self.region_codes[self.region_offsets[offer] : self.region_offsets[offer + 1]]

    def take(self, rows: Int64) -> UnitOffers:
        """Return the offers at these positions, in this order."""
        plain = {n: getattr(self, n)[rows] for n in self.__dataclass_fields__ if not n.startswith("region_")}
        offsets, codes = region_lists(
            len(rows), [self.regions_of(int(row)).tolist() for row in rows], None, None
        )
        return UnitOffers(region_offsets=offsets, region_codes=codes, **plain)


@dataclass(frozen=True, slots=True)
class UnitInstance:
    """Needs and offers of one kind. `splittable` says that several offers may serve one need (goods, not referrals)."""

    needs: UnitNeeds
    offers: UnitOffers
    splittable: bool
    today: int = 0


@dataclass(frozen=True, slots=True)
class UnitSolution:
    """Units given, and why: rows of grants sorted by need and offer id, then one row per need or per offer."""

    need_index: Int64
    offer_index: Int64
    units: Int64
    rank: Int64
    competitors: Int64
    covered_units: Int64
    used_units: Int64
    need_rank: Int64
    need_outcome: Int64
    """Outcome codes."""
    need_eligible: Int64
    nearest_offer: Int64
    nearest_failed: Int64
    """Rule bits that the nearest offer fails."""
    exhausted_priority: Int64
    """Priority of the lowest-ranked need served by the eligible offers; -1 if none."""
    offer_outcome: Int64
    offer_eligible: Int64
