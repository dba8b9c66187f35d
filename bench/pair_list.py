"""How long one pass over the list of all eligible pairs takes, in memory and on disk.

Every pair is two int32, need and fund, and nothing else: what a method that lists pairs reads at the very least. The
reader is as good as one can be: a compiled loop on one thread that adds up both columns at once, eight bytes at a time.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine import CashInstance
from matching.engine.columns import Int64
from matching.engine.compiled import compiled
from matching.engine.compressed import Prepared

PAIR_BYTES = 8
SPARE_BYTES = 2 << 30
"""Memory that is left to others."""


def count_pairs(instance: CashInstance, ready: Prepared) -> int:
    """Return how many pairs are eligible by charter."""
    network = ready.network
    size = np.bincount(network.fund_pool[network.fund_pool >= 0], minlength=network.pool_count)
    funds = np.add.reduceat(size[network.arc_pool], network.arc_offsets[:-1])
    for node in range(len(funds) - 1, -1, -1):
        if network.parent[node] >= 0:
            funds[node] += funds[network.parent[node]]
    needs = np.bincount(network.need_node[network.need_node >= 0], minlength=len(funds))
    return int((funds * needs).sum())


@compiled
def add_up(pairs: Int64) -> int:
    """Return the sum of all pairs, each taken as one number of eight bytes."""
    total = 0
    for place in range(len(pairs)):
        total += pairs[place]
    return total


def read_from_memory(pairs: int, most_gigabytes: float) -> dict[str, Any]:
    """Return the seconds of one pass over a list of so many pairs that lies in memory, each byte of it read once.

    A list that does not fit is as long as memory allows, and the rest is reckoned; `share_in_memory` says how much lay
    there. Wall time and processor time.
    """
    room = min(int(most_gigabytes * 1e9), _free_bytes() - SPARE_BYTES)
    there = max(min(pairs, room // PAIR_BYTES), 1)
    columns = np.empty((there, 2), dtype=np.int32)
    columns[:, 0] = 1  # touches every page: the list lies in memory before it is read
    columns[:, 1] = 2
    as_one = columns.view(np.int64).reshape(-1)
    add_up(as_one[:1])
    wall, cpu = time.perf_counter(), time.process_time()
    total = add_up(as_one)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if (total - there * int(as_one[0])) % (1 << 64):  # int64 wraps around
        raise RuntimeError("the list was not read to its end")
    return {
        "read_seconds": wall * pairs / there,
        "read_cpu_seconds": cpu * pairs / there,
        "share_in_memory": round(there / max(pairs, 1), 3),
    }


def _free_bytes() -> int:
    """Return how many bytes of memory could be had without swapping, as Linux says."""
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        fields = dict(line.split(":") for line in lines)
    return 1024 * int(fields["MemAvailable"].split()[0])


def read_from_disk(pairs: int) -> float:
    """Return the seconds of one streaming read of so many pairs from a file, reckoned from its first part."""
    block = np.ones(1 << 21, dtype=np.int64)
    blocks = max(1, min(pairs // len(block), 64))
    part = bytearray(block.tobytes())
    with tempfile.TemporaryFile() as file:
        for _ in range(blocks):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file.seek(0)
        start = time.perf_counter()
        while os.readv(file.fileno(), [part]):
            np.frombuffer(part, dtype=np.int64).sum()
        seconds = time.perf_counter() - start
    return seconds * pairs / (blocks * len(block))
