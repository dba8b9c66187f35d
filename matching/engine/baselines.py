"""What is done without an engine, for comparison: first come first served, and greedy by rank."""

from __future__ import annotations

import numpy as np

from matching.engine.capped import allocation_of, build_state
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, prepare
from matching.engine.model import CashInstance


def first_come(instance: CashInstance, prepared: Prepared | None = None) -> Allocation:
    """Return what comes of serving needs in order of id, each from whatever eligible money is left."""
    return _in_order(instance, prepared, np.argsort(instance.needs.id, kind="stable").astype(np.int64))


def greedy(instance: CashInstance, prepared: Prepared | None = None) -> Allocation:
    """Return what comes of serving needs in order of rank without ever moving a grant."""
    ready = prepared or prepare(instance)
    return _in_order(instance, ready, ready.ranks.order)


def _in_order(instance: CashInstance, prepared: Prepared | None, order: Int64) -> Allocation:
    from matching.engine import capped_kernels

    ready = prepared or prepare(instance)
    state = build_state(instance, ready, 12 * len(instance.needs) + 4 * len(instance.funds) + 1000)
    capped_kernels.serve_without_rerouting(state, order, ready.ranks.level)
    return allocation_of(state, ready)
