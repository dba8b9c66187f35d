"""The instance as arrays: needs, funds and what is already promised. Money is int64 fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.engine.columns import (
    Bool,
    InstanceError,
    Int64,
    Int64Like,
    as_column,
    check,
    region_lists,
    total,
)

MAX_AMOUNT_FEN = 1 << 52
"""No single amount or sum of amounts may exceed this (45 trillion yuan), so that int64 costs never overflow."""

WHOLE_NEED = 1 << 50
"""As a minimum grant: nothing less than the whole need, whatever it is (a referral that stays unsplit)."""


@dataclass(frozen=True, slots=True)
class CashNeeds:
    """Cash items that lack money, one a row; build with `CashNeeds.of`.

    All arrays have shape (n,). `gap_fen` is net of what is already promised. `required_fen` is the base of share
    caps. `region` is a six-digit GB/T 2260 code (990122 county, 990100 prefecture, 990000 province, 0 nation).
    `category` is 0..62, `tier` 0 critical, 1 joint, 2 departmental. `groups` is a bit mask. Higher `priority` is
    served first within a tier. Needs with the same `household` (not 0) share a household cap.
    """

    id: Int64
    gap_fen: Int64
    region: Int64
    category: Int64
    tier: Int64
    groups: Int64
    priority: Int64
    government_done: Bool
    household: Int64
    required_fen: Int64

    @classmethod
    def of(
        cls,
        *,
        ids: Int64Like,
        gap_fen: Int64Like,
        region: Int64Like | None = None,
        category: Int64Like | None = None,
        tier: Int64Like | None = None,
        groups: Int64Like | None = None,
        priority: Int64Like | None = None,
        government_done: Int64Like | None = None,
        household: Int64Like | None = None,
        required_fen: Int64Like | None = None,
    ) -> CashNeeds:
        """Return checked needs; a column left out takes its neutral value. Raises InstanceError."""
        id_column = np.ascontiguousarray(ids, dtype=np.int64)
        size = len(id_column)
        gap = as_column(gap_fen, size, 0, "gap_fen")
        needs = cls(
            id=id_column,
            gap_fen=gap,
            region=as_column(region, size, 0, "region"),
            category=as_column(category, size, 0, "category"),
            tier=as_column(tier, size, 2, "tier"),
            groups=as_column(groups, size, 0, "groups"),
            priority=as_column(priority, size, 0, "priority"),
            government_done=as_column(government_done, size, 1, "government_done").astype(np.bool_),
            household=as_column(household, size, 0, "household"),
            required_fen=gap if required_fen is None else as_column(required_fen, size, 0, "required_fen"),
        )
        needs._validate()
        return needs

    def _validate(self) -> None:
        check(len(np.unique(self.id)) == len(self.id), "need ids repeat")
        check((self.gap_fen >= 0).all() and (self.required_fen >= 0).all(), "negative amount in needs")
        check(total(self.gap_fen) <= MAX_AMOUNT_FEN, "gaps sum to more than the engine can hold")
        check(((self.category >= 0) & (self.category < 63)).all(), "category outside 0..62")
        check(((self.tier >= 0) & (self.tier < 8)).all(), "tier outside 0..7")
        check(((self.region >= 0) & (self.region < 1_000_000)).all(), "region is not a six-digit code")
        check(((self.groups >= 0) & (self.groups < 1 << 32)).all(), "groups outside 32 bits")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)

    def take(self, rows: Int64) -> CashNeeds:
        """Return the needs at these positions, in this order."""
        return CashNeeds(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Funds:
    """Money with restrictions, one fund a row; build with `Funds.of`.

    All arrays have shape (m,) but `region_offsets` (m + 1,), which points into `region_codes`: fund j serves
    `region_codes[region_offsets[j]:region_offsets[j + 1]]` and all below them; none means anywhere.
    `available_fen` is net of the reserve and of what is already promised. The masks `categories`, `tiers` and
    `groups` have bit k for code k; 0 means any; groups match on any common bit. A cap or minimum of 0 means none.
    `share_cap_permille` is of the need's `required_fen`. `opens_on` and `expires_on` are ordinal days, 0 for none.
    """

    id: Int64
    available_fen: Int64
    region_offsets: Int64
    region_codes: Int64
    categories: Int64
    tiers: Int64
    groups: Int64
    government_first: Bool
    minimum_grant_fen: Int64
    per_case_cap_fen: Int64
    share_cap_permille: Int64
    per_household_cap_fen: Int64
    opens_on: Int64
    expires_on: Int64

    @classmethod
    def of(
        cls,
        *,
        ids: Int64Like,
        available_fen: Int64Like,
        regions: Sequence[Iterable[int]] | None = None,
        region_offsets: Int64Like | None = None,
        region_codes: Int64Like | None = None,
        categories: Int64Like | None = None,
        tiers: Int64Like | None = None,
        groups: Int64Like | None = None,
        government_first: Int64Like | None = None,
        minimum_grant_fen: Int64Like | None = None,
        per_case_cap_fen: Int64Like | None = None,
        share_cap_permille: Int64Like | None = None,
        per_household_cap_fen: Int64Like | None = None,
        opens_on: Int64Like | None = None,
        expires_on: Int64Like | None = None,
    ) -> Funds:
        """Return checked funds; give regions as lists or as offsets and codes. Raises InstanceError."""
        id_column = np.ascontiguousarray(ids, dtype=np.int64)
        size = len(id_column)
        offsets, codes = region_lists(size, regions, region_offsets, region_codes)
        funds = cls(
            id=id_column,
            available_fen=as_column(available_fen, size, 0, "available_fen"),
            region_offsets=offsets,
            region_codes=codes,
            categories=as_column(categories, size, 0, "categories"),
            tiers=as_column(tiers, size, 0, "tiers"),
            groups=as_column(groups, size, 0, "groups"),
            government_first=as_column(government_first, size, 0, "government_first").astype(np.bool_),
            minimum_grant_fen=as_column(minimum_grant_fen, size, 0, "minimum_grant_fen"),
            per_case_cap_fen=as_column(per_case_cap_fen, size, 0, "per_case_cap_fen"),
            share_cap_permille=as_column(share_cap_permille, size, 0, "share_cap_permille"),
            per_household_cap_fen=as_column(per_household_cap_fen, size, 0, "per_household_cap_fen"),
            opens_on=as_column(opens_on, size, 0, "opens_on"),
            expires_on=as_column(expires_on, size, 0, "expires_on"),
        )
        funds._validate()
        return funds

    def _validate(self) -> None:
        check(len(np.unique(self.id)) == len(self.id), "fund ids repeat")
        amounts = (
            self.available_fen,
            self.minimum_grant_fen,
            self.per_case_cap_fen,
            self.share_cap_permille,
            self.per_household_cap_fen,
        )
        check(all((column >= 0).all() for column in amounts), "negative amount in funds")
        check(total(self.available_fen) <= MAX_AMOUNT_FEN, "balances sum to more than the engine can hold")
        check((self.share_cap_permille <= 1000).all(), "share cap above 1000 permille")
        check(
            ((self.region_codes >= 0) & (self.region_codes < 1_000_000)).all(),
            "region is not a six-digit code",
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.id)

    def regions_of(self, fund: int) -> Int64:
        """Return the region codes of the fund at this position; empty means anywhere."""
        return self.region_codes[self.region_offsets[fund] : self.region_offsets[fund + 1]]

    def take(self, rows: Int64) -> Funds:
        """Return the funds at these positions, in this order."""
        plain = {n: getattr(self, n)[rows] for n in self.__dataclass_fields__ if not n.startswith("region_")}
        lists = [self.regions_of(int(row)) for row in rows]
        offsets, codes = region_lists(len(rows), [part.tolist() for part in lists], None, None)
        return Funds(region_offsets=offsets, region_codes=codes, **plain)


def _empty() -> Int64:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Promises:
    """Amounts promised earlier and still standing, by id; they count towards per-case and household caps.

    Gaps and balances are already net of them. Needs that have left the instance still count for their household.
    Raises InstanceError.
    """

    need_id: Int64 = field(default_factory=_empty)
    household: Int64 = field(default_factory=_empty)
    fund_id: Int64 = field(default_factory=_empty)
    amount_fen: Int64 = field(default_factory=_empty)

    def __post_init__(self) -> None:
        """Check the columns."""
        columns = (self.need_id, self.household, self.fund_id, self.amount_fen)
        check(len({column.shape for column in columns}) == 1, "columns of promises differ in length")
        check((self.amount_fen >= 0).all(), "negative amount in promises")
        check(total(self.amount_fen) <= MAX_AMOUNT_FEN, "promises sum to more than the engine can hold")


@dataclass(frozen=True, slots=True)
class CashInstance:
    """All that a run needs to be repeated. `today` is an ordinal day for the funds' periods; 0 ignores them."""

    needs: CashNeeds
    funds: Funds
    promises: Promises = field(default_factory=Promises)
    today: int = 0


__all__ = ["Bool", "CashInstance", "CashNeeds", "Funds", "InstanceError", "Int64", "Promises"]
