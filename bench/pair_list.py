"""How long one pass over the list of all eligible pairs would take, in memory and on disk.

Every pair is two int32, need and fund, and nothing else: what a method that lists pairs reads at the very least.
"""

from __future__ import annotations

import os
import tempfile
import time

import numpy as np

from matching.engine import CashInstance
from matching.engine.compressed import Prepared


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


def read_pair_list(pairs: int) -> float:
    """Return the processor seconds of one streaming read of so many pairs (two int32 each) from memory."""
    block = np.ones(1 << 24, dtype=np.int64)
    blocks = max(1, min(pairs // len(block), 64))
    start = time.process_time()
    for _ in range(blocks):
        block.sum()
    return (time.process_time() - start) * pairs / (blocks * len(block))


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
