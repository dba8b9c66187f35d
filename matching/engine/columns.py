"""Checked columns: arrays of the right length and type, or an InstanceError that names the column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Int64Like = npt.ArrayLike
HALF = 32
"""Bits of the lower half of a number."""


class InstanceError(ValueError):
    """An array has the wrong length, a negative amount, an unknown code or a repeated id."""


def as_column(values: npt.ArrayLike | None, size: int, default: int, name: str) -> Int64:
    """Return the values as int64 of shape (size,), or the default throughout. Raises InstanceError."""
    if values is None:
        return np.full(size, default, dtype=np.int64)
    column = np.ascontiguousarray(values, dtype=np.int64)
    if column.shape != (size,):
        raise InstanceError(f"{name} has shape {column.shape}, expected ({size},)")
    return column


def check(condition: object, message: str) -> None:
    """Raise InstanceError with this message unless the condition holds."""
    if not bool(condition):
        raise InstanceError(message)


def total(column: Int64) -> int:
    """Return the sum of amounts that are not negative, exactly: int64 would wrap around."""
    return (int((column >> HALF).sum()) << HALF) + int((column & ((1 << HALF) - 1)).sum())


def region_lists(
    size: int,
    lists: Sequence[Iterable[int]] | None,
    offsets: Int64Like | None,
    codes: Int64Like | None,
) -> tuple[Int64, Int64]:
    """Return checked (offsets, codes) of region lists that come as lists or already as offsets and codes."""
    if lists is not None:
        parts = [sorted(set(part)) for part in lists]
        check(len(parts) == size, f"regions has length {len(parts)}, expected {size}")
        starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
        return starts, np.array([code for part in parts for code in part], dtype=np.int64)
    starts = as_column(offsets, size + 1, 0, "region_offsets")
    flat = np.zeros(0, dtype=np.int64) if codes is None else np.ascontiguousarray(codes, dtype=np.int64)
    check(starts[0] == 0 and starts[-1] == len(flat) and (np.diff(starts) >= 0).all(), "bad region_offsets")
    return starts, flat
