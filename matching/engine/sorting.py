"""Sorting and numbering of whole numbers from a small range, in linear time."""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled

DENSE = 16
"""A table over all values is cheaper than sorting as long as there are at most so many values for each key."""
FEW = 1 << 12
"""A table of so many values is always cheap."""


@compiled
def _number(keys: Integers, table: Integers, values: Int64, number: Int64) -> int:
    """Write the distinct keys in ascending order, and each key's number among them; return how many there are.

    `table` has a place for every key from 0 to the greatest, all 0.
    """
    for row in range(len(keys)):
        table[keys[row]] = 1
    found = 0
    for key in range(len(table)):
        if table[key]:
            table[key] = found
            values[found] = key
            found += 1
    for row in range(len(keys)):
        number[row] = table[keys[row]]
    return found


def distinct(keys: Int64) -> tuple[Int64, Int64]:
    """Return the distinct keys in ascending order, and for each key its number among them. Keys are not negative."""
    most = int(keys.max(initial=-1)) + 1
    if most > max(DENSE * len(keys), FEW):
        values, number = np.unique(keys, return_inverse=True)
        return values.astype(np.int64), number.reshape(-1).astype(np.int64)
    values, number = np.empty(min(most, len(keys)), dtype=np.int64), np.empty(len(keys), dtype=np.int64)
    found = _number(keys, np.zeros(most, dtype=np.int32), values, number)
    return values[:found].copy(), number


@compiled
def _by_number(number: Integers, rows: Integers, starts: Int64, order: Int64, place: Int64) -> None:
    """Write the rows sorted by number, equal ones as they come in `rows`, and each row's place in that order, from 1.

    `starts` holds as many zeros as there are numbers, and one more.
    """
    for row in range(len(number)):
        starts[number[row] + 1] += 1
    for value in range(1, len(starts)):
        starts[value] += starts[value - 1]
    for position in range(len(number)):
        row = rows[position] if len(rows) else position
        spot = starts[number[row]]
        starts[number[row]] = spot + 1
        order[spot] = row
        place[row] = spot + 1


def order_and_rank(number: Int64, count: int, rows: Int64 | None = None) -> tuple[Int64, Int64]:
    """Return the positions that sort numbers from 0 to `count` - 1, and each position's place in that order, from 1.

    Equal numbers stay as they are, or as they come in `rows`, which names every position once (counting sort).
    """
    order, place = np.empty(len(number), dtype=np.int64), np.empty(len(number), dtype=np.int64)
    starts = np.zeros(count + 1, dtype=np.int64)
    _by_number(number, np.zeros(0, dtype=np.int64) if rows is None else rows, starts, order, place)
    return order, place
