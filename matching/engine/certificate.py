"""The certificate: an upper bound that anyone can recompute from the instance and one number per fund.

For any set T of funds, no allocation can give to a set of needs more than all the money of T, plus for each need the
lesser of its gap and what the eligible funds outside T may give to it at most (weak duality of flows and cuts, Ford
and Fulkerson 1956). Where needs share a household whose grants funds cap together, each household has a cut of its own:
for any set of its needs, their funds outside T give them at most what pairs and household allow, and the others get
their gaps; `certificate_households` takes the least over all sets. The engine's answer names T for every level: the
funds whose price level is not above it. Whether the bound is *valid* does not depend on how T was found; only how
*tight* it is does. Minimum grants and earlier promises are left out, which can only raise the bound.
"""

from __future__ import annotations

import numpy as np

from matching.engine.certificate_households import most_of_pair, open_households
from matching.engine.columns import Bool, Int64
from matching.engine.compiled import Integers, compiled
from matching.engine.households import sharing
from matching.engine.model import CashInstance
from matching.engine.network import Network, build_network
from matching.engine.ranks import Ranks, rank_needs


@compiled
def _open_needs(
    needs: Integers,
    node_of: Integers,
    gap: Integers,
    required: Integers,
    parent: Integers,
    arc_offsets: Integers,
    arc_pool: Integers,
    pool_offsets: Integers,
    fund_of: Integers,
    closed: Bool,
    case_cap: Integers,
    share_cap: Integers,
    household_cap: Integers,
) -> int:
    """Return the sum over needs of min(gap, what eligible funds that are not closed may give)."""
    total = 0
    for position in range(len(needs)):
        need = needs[position]
        left = gap[need]
        node = node_of[need]
        while node >= 0 and left > 0:
            for arc in range(arc_offsets[node], arc_offsets[node + 1]):
                pool = arc_pool[arc]
                for slot in range(pool_offsets[pool], pool_offsets[pool + 1]):
                    fund = fund_of[slot]
                    if closed[fund]:
                        continue
                    left -= most_of_pair(need, fund, gap, required, case_cap, share_cap, household_cap)
                    if left <= 0:
                        break
                if left <= 0:
                    break
            node = parent[node]
        total += gap[need] - max(left, 0)
    return total


def certified_bound(
    instance: CashInstance,
    price_level: Int64,
    upto_level: int,
    *,
    network: Network | None = None,
    ranks: Ranks | None = None,
) -> int:
    """Return in fen what needs of level 0..`upto_level` can receive at most; valid for any prices whatever."""
    network = network or build_network(instance)
    ranks = ranks or rank_needs(instance.needs)
    usable = network.fund_pool >= 0
    closed = usable & (price_level <= upto_level)
    among = (ranks.level <= upto_level) & (network.need_node >= 0)
    together = sharing(instance) & among
    # A pool's open funds only, so that a need at a closed pool costs nothing.
    kept = np.flatnonzero(usable & ~closed)
    order = kept[np.argsort(network.fund_pool[kept], kind="stable")]
    counts = np.bincount(network.fund_pool[kept], minlength=network.pool_count)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    open_arcs = counts[network.arc_pool] > 0
    running = np.concatenate([[0], np.cumsum(open_arcs)])
    shape = (
        network.need_node, instance.needs.gap_fen, instance.needs.required_fen, network.parent,
        running[network.arc_offsets], network.arc_pool[open_arcs], offsets, order,
    )  # fmt: skip
    caps = (
        instance.funds.per_case_cap_fen,
        instance.funds.share_cap_permille,
        instance.funds.per_household_cap_fen,
    )
    reachable = int(_open_needs(np.flatnonzero(among & ~together), *shape, closed, *caps))
    if together.any():
        rows = np.flatnonzero(together)
        rows = rows[np.argsort(instance.needs.household[rows], kind="stable")]
        reachable += int(open_households(rows, instance.needs.household[rows], *shape, *caps))
    return int(instance.funds.available_fen[closed].sum()) + reachable
