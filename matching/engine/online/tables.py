"""What a resident engine holds: needs and funds as rows of int64 that can grow and change in place."""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Int64, check
from matching.engine.eligibility import region_step
from matching.engine.model import CashNeeds, Funds
from matching.engine.ranks import NEVER

KEY, GAP, REGION, CATEGORY, TIER, GROUPS, DONE, HOUSEHOLD, REQUIRED, PRIORITY = range(10)
"""Columns of a need's row. `KEY` orders service: the lower, the earlier (see `service_key`)."""
(
    MONEY,
    CATEGORIES,
    TIERS,
    GROUP_MASK,
    FIRST,
    MINIMUM,
    CASE_CAP,
    SHARE_CAP,
    HOUSEHOLD_CAP,
    OPENS,
    EXPIRES,
    BID,
    SPAN,
    FIRST_REGION,
    REGIONS,
) = range(15)
"""Columns of a fund's row. `BID` is its bid price: needs with a later key than this have to wait."""
TIER_STEP = 1 << 50
SPAN_OF_STEP = {1: 0, 100: 1, 10_000: 2, 1_000_000: 3}


def service_key(tier: Int64, priority: Int64) -> Int64:
    """Return one number per need that orders like (tier, -priority). Same shape; raises InstanceError."""
    half = TIER_STEP // 2
    check((np.abs(priority) < half).all(), "priority beyond ±2^49")
    return np.asarray(tier * TIER_STEP + (half - priority), dtype=np.int64)


def tier_and_priority(key: int) -> tuple[int, int]:
    """Return what `service_key` was made of; (-1, -1) for NEVER, the price of idle money."""
    if key >= NEVER:
        return -1, -1
    return key // TIER_STEP, TIER_STEP // 2 - key % TIER_STEP


def need_rows(needs: CashNeeds) -> Int64:
    """Return one row of columns per need. Shape (n, 10)."""
    columns = (
        service_key(needs.tier, needs.priority), needs.gap_fen, needs.region, needs.category, needs.tier, needs.groups,
        needs.government_done, needs.household, needs.required_fen, needs.priority,
    )  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int64)


def fund_rows(funds: Funds, first_region: int) -> Int64:
    """Return one row of columns per fund, idle by price; its regions are to stand from `first_region` on. (m, 15)."""
    steps = np.array([region_step(int(code)) for code in funds.region_codes], dtype=np.int64)
    spans = np.searchsorted(np.array(sorted(SPAN_OF_STEP)), steps)
    span = np.full(len(funds), 3, dtype=np.int64)
    bound = np.diff(funds.region_offsets) > 0
    if bound.any():
        span[bound] = np.maximum.reduceat(spans, funds.region_offsets[:-1][bound])
    columns = (
        funds.available_fen, funds.categories, funds.tiers, funds.groups, funds.government_first,
        funds.minimum_grant_fen, funds.per_case_cap_fen, funds.share_cap_permille, funds.per_household_cap_fen,
        funds.opens_on, funds.expires_on, np.full(len(funds), NEVER), span, first_region + funds.region_offsets[:-1],
        np.diff(funds.region_offsets),
    )  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int64)


def region_bounds(codes: Int64) -> Int64:
    """Return the first code of each region and the first behind it. Shape (k, 2)."""
    steps = np.array([region_step(code) for code in codes.tolist()], dtype=np.int64)
    return np.stack([codes, codes + steps], axis=1)


class Growing:
    """An int64 table with spare rows at its end, doubled when they run out."""

    def __init__(self, rows: Int64) -> None:
        self._table = rows
        self._used = len(rows)

    @property
    def rows(self) -> Int64:
        """Return the rows in use, as a view that may be changed in place until the next `append`."""
        return self._table[: self._used]

    def append(self, rows: Int64) -> int:
        """Add rows and return the position of the first."""
        start, needed = self._used, self._used + len(rows)
        if needed > len(self._table):
            grown = np.zeros((max(needed, 2 * len(self._table), 64), *self._table.shape[1:]), dtype=np.int64)
            grown[:start] = self._table[:start]
            self._table = grown
        self._table[start:needed] = rows
        self._used = needed
        return start


class Places:
    """Where each id stands: a sorted array for what was loaded, a dict for what came later."""

    def __init__(self, ids: Int64) -> None:
        self._order = np.argsort(ids, kind="stable")
        self._sorted = ids[self._order]
        self._later: dict[int, int] = {}

    def find(self, key: int) -> int:
        """Return the row of this id, or -1."""
        if key in self._later:
            return self._later[key]
        spot = int(np.searchsorted(self._sorted, key))
        found = spot < len(self._sorted) and self._sorted[spot] == key
        return int(self._order[spot]) if found else -1

    def add(self, key: int, row: int) -> None:
        """Remember where a new id stands."""
        self._later[key] = row


class Queue:
    """Rows of needs in order of service. Late-comers wait in a list until somebody asks for the whole order."""

    def __init__(self, keys: Int64, ids: Int64) -> None:
        self._rows = np.lexsort((ids, keys)).astype(np.int64)
        self._keys = keys[self._rows]
        self._late: list[int] = []

    def add(self, row: int) -> None:
        """Put a row into the queue."""
        self._late.append(row)

    def in_order(self, keys: Int64) -> Int64:
        """Return all rows in order of service; a late-comer stands behind those with the same key."""
        if self._late:
            late = np.array(self._late, dtype=np.int64)
            late = late[np.argsort(keys[late], kind="stable")]
            spot = np.searchsorted(self._keys, keys[late], side="right")
            self._rows = np.insert(self._rows, spot, late)
            self._keys = np.insert(self._keys, spot, keys[late])
            self._late = []
        return self._rows
