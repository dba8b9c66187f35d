"""Needs that share a household whose grants some fund caps together: who they are, and whom a charter admits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Bool, Int64
from matching.engine.model import CashInstance
from matching.engine.network import Network


def sharing(instance: CashInstance) -> Bool:
    """Return which needs share a household with others, where any fund caps households at all. Shape (n,)."""
    household = instance.needs.household
    if not household.any() or not instance.funds.per_household_cap_fen.any():
        return np.zeros(len(household), dtype=np.bool_)
    number, counts = np.unique(household, return_inverse=True, return_counts=True)[1:]
    shared: Bool = (counts[number.reshape(-1)] > 1) & (household != 0)
    return shared


@dataclass(frozen=True, slots=True)
class Together:
    """What the tables of `capped_tables.State` have more where a household is shared; empty elsewhere."""

    needs: tuple[Int64, ...]
    """Columns of `needs`: the next of the household in a ring, the least label in reach, region and attributes."""
    pools: tuple[Int64, ...]
    """Columns of `pools`: first and number of its regions, first word of what it admits."""
    charters: Int64
    largest: int
    """Needs of the largest household."""

    @classmethod
    def of(cls, instance: CashInstance, network: Network) -> Together:
        """Return the columns, and the charters to be asked of a pair."""
        shared = sharing(instance)
        if not shared.any():
            none = np.zeros(network.pool_count, dtype=np.int64)
            return cls((), (none, none, none), np.zeros(0, dtype=np.int64), 1)
        following, largest = _rings(instance.needs.household, shared)
        kind = network.need_class
        needs = following, np.zeros_like(kind), network.class_region[kind], network.class_attribute[kind]
        return cls(needs, *_charters(network), largest)


def _rings(household: Int64, shared: Bool) -> tuple[Int64, int]:
    """Return for each need the next one of its household, and how many needs the largest household has."""
    rows = np.flatnonzero(shared)
    rows = rows[np.argsort(household[rows], kind="stable")]
    first = np.flatnonzero(np.diff(household[rows], prepend=household[rows][0] - 1))
    sizes = np.diff(np.append(first, len(rows)))
    ring = np.arange(1, len(rows) + 1)
    ring[first + sizes - 1] = first
    following = np.arange(len(household))
    following[rows] = rows[ring]
    return following, int(sizes.max())


def _charters(network: Network) -> tuple[tuple[Int64, ...], Int64]:
    """Return the columns of `pools`, and regions and bits of admitted attributes in one row of numbers."""
    from matching.engine.capped_tables import WORD

    order = np.argsort(network.pool_row_pool, kind="stable")
    counts = np.bincount(network.pool_row_pool, minlength=network.pool_count).astype(np.int64)
    masks, attributes = network.failures.shape
    words = -(-attributes // WORD)
    admits = np.zeros((masks, words * WORD), dtype=np.int64)
    admits[:, :attributes] = network.failures == 0
    bits = (admits.reshape(masks * words, WORD) << np.arange(WORD)).sum(axis=1)
    mask = np.zeros(network.pool_count, dtype=np.int64)
    mask[network.pool_row_pool] = network.pool_row_mask
    columns = np.cumsum(counts) - counts, counts, len(order) + mask * words
    return columns, np.concatenate([network.pool_row_region[order], bits])
