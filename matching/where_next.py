"""Where the next yuan helps most: by place and category, whom it would reach, from the prices of a run (pure)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching import columns as c
from matching import snapshot as s
from matching.engine import Outcome
from matching.engine.columns import Int64


class Width(StrEnum):
    """How wide a place is."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


_STEP = {Width.PROVINCE: 10_000, Width.PREFECTURE: 100, Width.COUNTY: 1}


@dataclass(frozen=True)
class Cell:
    """Open cash items of one category in one place, and the item that one more yuan there would reach.

    That item may lie elsewhere: money for a covered item sets other money free. `alone` have no fund at all that may
    give to them. Amounts in fen.
    """

    region: str
    category: str
    open_items: int
    open_fen: int
    largest_fen: int
    alone: int
    tier: str
    step: int
    elsewhere: bool


def where_next(seen: c.Columns, became: c.Columns, width: Width) -> list[Cell]:
    """Return the cells, the one whose next yuan reaches the best-ranked item in front. Tables are of cash items."""
    reaches = became["reaches"]
    rows = np.flatnonzero(reaches >= 0)
    if not len(rows):
        return []
    place = seen["region"] // _STEP[width] * _STEP[width]
    cell, which = np.unique(place[rows] * 64 + seen["category"][rows], return_inverse=True)
    which = which.reshape(-1)
    left = became["open"][rows]
    best = np.full(len(cell), len(reaches) + 1, dtype=np.int64)
    np.minimum.at(best, which, became["rank"][reaches[rows]])
    whom = _by_rank(became["rank"])[best]
    open_items, open_fen, alone = (
        _sums(which, values, len(cell))
        for values in ((left > 0), left, (left > 0) & (became["shortfall"][rows] == Outcome.NOT_ELIGIBLE))
    )
    largest = np.zeros(len(cell), dtype=np.int64)
    np.maximum.at(largest, which, left)
    return [
        Cell(
            region=f"{cell[spot] // 64:06d}",
            category=str(s.CATEGORIES[cell[spot] % 64]),
            open_items=int(open_items[spot]),
            open_fen=int(open_fen[spot]),
            largest_fen=int(largest[spot]),
            alone=int(alone[spot]),
            tier=str(s.TIERS[int(seen["tier"][whom[spot]])]),
            step=int(became["place"][whom[spot]]),
            elsewhere=int(place[whom[spot]] * 64 + seen["category"][whom[spot]]) != int(cell[spot]),
        )
        for spot in np.argsort(best, kind="stable").tolist()
    ]


def _by_rank(rank: Int64) -> Int64:
    order = np.zeros(len(rank) + 2, dtype=np.int64)
    order[rank] = np.arange(len(rank))
    return order


def _sums(which: Int64, values: "np.ndarray[tuple[int], np.dtype[np.generic]]", size: int) -> Int64:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, which, values.astype(np.int64))
    return sums
