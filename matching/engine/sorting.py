"""Sorting and numbering of whole numbers from a small range, in linear time."""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled

DIGIT = 11
DENSE = 1 << 24
"""Up to this value a table over all values is cheaper than sorting."""


@compiled
def _by_digit(keys: Integers, order: Int64, shift: int, other: Int64) -> None:
    """Write `order`, sorted by one digit of the keys and else as it was, to `other`."""
    mask = (1 << DIGIT) - 1
    starts = np.zeros((1 << DIGIT) + 1, dtype=np.int64)
    for place in range(len(order)):
        starts[((keys[place] >> shift) & mask) + 1] += 1
    for digit in range(1 << DIGIT):
        starts[digit + 1] += starts[digit]
    for place in range(len(order)):
        row = order[place]
        digit = (keys[row] >> shift) & mask
        other[starts[digit]] = row
        starts[digit] += 1


def stable_order(keys: Integers) -> Int64:
    """Return the positions that sort the keys, which must not be negative; equal ones stay in order (radix sort)."""
    order, other = np.arange(len(keys), dtype=np.int64), np.empty(len(keys), dtype=np.int64)
    for shift in range(0, int(keys.max(initial=0)).bit_length(), DIGIT):
        _by_digit(keys, order, shift, other)
        order, other = other, order
    return order


def distinct(keys: Int64) -> tuple[Int64, Int64]:
    """Return the distinct keys in ascending order, and for each key its number among them. Keys are not negative."""
    if int(keys.max(initial=0)) >= DENSE:
        values, number = np.unique(keys, return_inverse=True)
        return values.astype(np.int64), number.reshape(-1).astype(np.int64)
    seen = np.zeros(int(keys.max(initial=0)) + 1, dtype=np.bool_)
    seen[keys] = True
    numbers = np.cumsum(seen) - 1
    return np.flatnonzero(seen), numbers[keys]
