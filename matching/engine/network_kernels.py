"""Compiled loops that join nodes with the pools of their region."""

from __future__ import annotations

from matching.engine.columns import Bool, Int64
from matching.engine.compiled import compiled


@compiled
def count_admitted(
    start: Int64, count: Int64, attribute: Int64, pool_mask: Int64, accepted: Bool, sizes: Int64
) -> None:
    """Write how many of its region's pool rows admit each node; `accepted` has shape (attributes, masks)."""
    for node in range(len(start)):
        size = 0
        for row in range(start[node], start[node] + count[node]):
            if accepted[attribute[node], pool_mask[row]]:
                size += 1
        sizes[node] = size


@compiled
def list_admitted(
    start: Int64,
    count: Int64,
    attribute: Int64,
    pool_mask: Int64,
    accepted: Bool,
    offsets: Int64,
    rows: Int64,
) -> None:
    """Write those pool rows, from each node's offset on."""
    for node in range(len(start)):
        place = offsets[node]
        for row in range(start[node], start[node] + count[node]):
            if accepted[attribute[node], pool_mask[row]]:
                rows[place] = row
                place += 1
