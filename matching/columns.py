"""Tables as columns: what a run saw and what came of it, as arrays that pack into the same bytes every time (pure).

Numbers are int64 in memory and as narrow as they fit in bytes. Keys (UUIDs) are `S16` arrays: they sort and compare by
their bytes, as both databases sort them.
"""

import hashlib
import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching.engine.columns import Int64

Keys = npt.NDArray[np.bytes_]
Column = npt.NDArray[Any]
Columns = dict[str, Column]
Tables = Mapping[str, Columns]
FASTEST = 1  # zlib's level: a run of a million needs is packed every hour
_WIDTHS = (np.int8, np.int16, np.int32, np.int64)


def keys_of(ids: Iterable[UUID | str]) -> Keys:
    """Return UUIDs as an array of keys."""
    parts = [(one if isinstance(one, UUID) else UUID(one)).bytes for one in ids]
    return keys_from(b"".join(parts))


def keys_from(raw: bytes) -> Keys:
    """Return the keys whose bytes these are, sixteen each."""
    return np.frombuffer(raw, dtype="S16")


def uuid_at(keys: Keys, place: int) -> UUID:
    """Return the key at this place; numpy itself would cut its trailing zeros."""
    return UUID(bytes=keys[place : place + 1].tobytes())


def uuids(keys: Keys) -> list[UUID]:
    """Return all keys, in order."""
    raw = keys.tobytes()
    return [UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw), 16)]


def places(sorted_keys: Keys, wanted: Keys, *, missing: int = -1) -> Int64:
    """Return where each wanted key stands among sorted ones, `missing` where it does not. Shape of `wanted`."""
    if not len(sorted_keys):
        return np.full(len(wanted), missing, dtype=np.int64)
    spot = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[spot] == wanted, spot, missing).astype(np.int64)


def pack(columns: Columns) -> bytes:
    """Return the canonical compressed form of one table."""
    narrow = {name: _narrow(column) for name, column in sorted(columns.items())}
    head = [(name, column.dtype.str, column.shape) for name, column in narrow.items()]
    body = b"".join(np.ascontiguousarray(column).tobytes() for column in narrow.values())
    text = json.dumps(head, separators=(",", ":")).encode()
    return zlib.compress(len(text).to_bytes(4, "big") + text + body, FASTEST)


def unpack(blob: bytes) -> Columns:
    """Return the table of that form; numbers come back as int64."""
    return {
        name: column if column.dtype.kind == "S" else column.astype(np.int64) for name, column in _lying(blob)
    }


def only(blob: bytes, wanted: str) -> Column:
    """Return one column of a packed table, as it lies there."""
    found: Column = next(column for name, column in _lying(blob) if name == wanted)
    return found


def pick(blob: bytes, place: int) -> Columns:
    """Return one row of a packed table, as a table of one row, without unpacking the others."""
    lying = dict(_lying(blob))
    row = {
        name: column[place : place + 1] for name, column in lying.items() if not name.startswith("region_")
    }
    if "region_offsets" in lying:
        low, high = lying["region_offsets"][place : place + 2].tolist()
        row["region_offsets"] = np.array([0, high - low])
        row["region_codes"] = lying["region_codes"][low:high]
    return {
        name: column if column.dtype.kind == "S" else column.astype(np.int64) for name, column in row.items()
    }


def _lying(blob: bytes) -> Iterator[tuple[str, Column]]:
    """Yield the columns of a packed table in the width in which they lie there."""
    raw = zlib.decompress(blob)
    start = 4 + int.from_bytes(raw[:4], "big")
    for name, kind, shape in json.loads(raw[4:start]):
        dtype = np.dtype(kind)
        size = math.prod(shape)
        yield name, np.frombuffer(raw, dtype=dtype, count=size, offset=start).reshape(shape)
        start += size * dtype.itemsize


def digest(tables: Tables, *, header: Mapping[str, object]) -> str:
    """Return the SHA-256 (hex) of tables and header, however they were cut into parts."""
    sha = hashlib.sha256(json.dumps(header, sort_keys=True, separators=(",", ":")).encode())
    for table, columns in sorted(tables.items()):
        for name, column in sorted(columns.items()):
            sha.update(f"{table}.{name}{column.shape}".encode())
            sha.update(
                np.ascontiguousarray(column if column.dtype.kind == "S" else column.astype("<i8")).data
            )
    return sha.hexdigest()


def _narrow(column: Column) -> Column:
    if column.dtype.kind == "S":
        return column
    low, high = (int(column.min()), int(column.max())) if column.size else (0, 0)
    for width in _WIDTHS:
        if np.iinfo(width).min <= low and high <= np.iinfo(width).max:
            return column.astype(np.dtype(width).newbyteorder("<"))
    raise AssertionError("no number is wider than int64")


def cut(columns: Columns, low: int, high: int) -> Columns:
    """Return the rows from `low` up to `high`; lists of regions go with their rows."""
    part = {name: column[low:high] for name, column in columns.items() if not name.startswith("region_")}
    if "region_offsets" in columns:
        offsets = columns["region_offsets"][low : high + 1]
        part["region_offsets"] = offsets - offsets[0]
        part["region_codes"] = columns["region_codes"][offsets[0] : offsets[-1]]
    return part


def join(parts: Sequence[Columns]) -> Columns:
    """Return the parts that `cut` made, as one table again."""
    if len(parts) == 1:
        return parts[0]
    whole = {
        name: np.concatenate([part[name] for part in parts])
        for name in parts[0]
        if not name.startswith("region_")
    }
    if "region_offsets" in parts[0]:
        ends = np.cumsum([0, *(part["region_offsets"][-1] for part in parts)])
        moved = [part["region_offsets"][1:] + end for part, end in zip(parts, ends, strict=False)]
        whole["region_offsets"] = np.concatenate([[0], *moved]).astype(np.int64)
        whole["region_codes"] = np.concatenate([part["region_codes"] for part in parts])
    return whole


def chosen(columns: Columns, rows: Int64) -> Columns:
    """Return the rows at these positions, in this order; lists of regions go with their rows."""
    part = {name: column[rows] for name, column in columns.items() if not name.startswith("region_")}
    if "region_offsets" in columns:
        starts, sizes = columns["region_offsets"][rows], np.diff(columns["region_offsets"])[rows]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
        part["region_offsets"] = offsets
        part["region_codes"] = columns["region_codes"][np.repeat(starts, sizes) + within]
    return part


def sorted_by_key(columns: Columns) -> Columns:
    """Return the rows in order of their key."""
    return chosen(columns, order_of_keys(columns["id"]))


def order_of_keys(keys: Keys) -> Int64:
    """Return the positions of the keys in their order; as numbers they sort many times as fast.

    The first halves are enough unless two keys share one.
    """
    halves = np.frombuffer(keys.tobytes(), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    order = np.argsort(halves[:, 0])
    first = halves[order, 0]
    if (first[1:] == first[:-1]).any():
        order = np.lexsort((halves[:, 1], halves[:, 0]))
    return order.astype(np.int64)
