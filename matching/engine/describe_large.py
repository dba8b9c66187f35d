"""Reasons for every need and fund at full size, worked out by class, node and pool instead of by pair.

What depends on a pair alone (an own cap below the minimum, a household's earlier grants) is left to `explain_pair`;
everything else is told here for all needs and funds. The nearest fund is one representative of its pool.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.codes import Outcome, Rule
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, funds_in_order
from matching.engine.model import CashInstance
from matching.engine.nearest_large import LATE, nearest_funds, nearest_needs, single_change
from matching.engine.network import Network
from matching.engine.ranks import Ranks, need_at_rank
from matching.engine.reasons import FundReasons, NeedReasons, last_served


def describe_large(
    instance: CashInstance, ready: Prepared, found: Allocation
) -> tuple[NeedReasons, FundReasons]:
    """Return why each need and each fund ended as it did."""
    network, ranks = ready.network, ready.ranks
    gap_left, balance_left = instance.needs.gap_fen.copy(), instance.funds.available_fen.copy()
    np.subtract.at(gap_left, found.need, found.amount_fen)
    np.subtract.at(balance_left, found.fund, found.amount_fen)
    pool = _Pools.of(instance, network)
    last = last_served(found.fund, found.need, ranks, len(instance.funds))
    last_rank = np.where(last >= 0, ranks.rank[np.maximum(last, 0)] if len(ranks.rank) else 0, 0)
    needs = _needs(instance, ready, pool, gap_left, balance_left, last_rank)
    price = price_needs(found.price_level, ranks, gap_left)
    funds = _funds(instance, ready, pool, gap_left, balance_left, (price, last))
    return needs, funds


@dataclass(frozen=True, slots=True)
class _Pools:
    """Funds by pool: `first` is one fund of each."""

    fund_of: Int64
    offsets: Int64
    first: Int64

    @classmethod
    def of(cls, instance: CashInstance, network: Network) -> _Pools:
        fund_of, offsets = funds_in_order(instance, network)
        return cls(fund_of, offsets, fund_of[offsets[:-1]])

    def total(self, values: Int64) -> Int64:
        """Return the sum of a value over each pool's funds."""
        running = np.concatenate([[0], np.cumsum(values[self.fund_of])])
        return np.asarray(running[self.offsets[1:]] - running[self.offsets[:-1]], dtype=np.int64)

    def most(self, values: Int64) -> Int64:
        """Return the greatest value among each pool's funds."""
        if not len(self.fund_of):
            return np.zeros(0, dtype=np.int64)
        return np.asarray(np.maximum.reduceat(values[self.fund_of], self.offsets[:-1]), dtype=np.int64)


def _up_the_tree(network: Network, own: Int64, *, add: bool) -> Int64:
    """Return own values joined with those of the nodes above: summed, or their maximum. Shape (V,)."""
    values = own.copy()
    for node in range(len(values) - 1, -1, -1):
        above = network.parent[node]
        if above >= 0:
            values[node] = values[node] + values[above] if add else max(values[node], values[above])
    return values


def _by_arc(network: Network, pool_values: Int64, *, add: bool) -> Int64:
    """Return for each node the sum or maximum over its own pools."""
    values = pool_values[network.arc_pool]
    if not len(values):
        return np.zeros(len(network.parent), dtype=np.int64)
    reduce = np.add if add else np.maximum
    return np.asarray(reduce.reduceat(values, network.arc_offsets[:-1]), dtype=np.int64)


def price_needs(price_level: Int64, ranks: Ranks, gap_left: Int64) -> Int64:
    """Return for each fund the first need of its price level that still lacks money, or -1."""
    levels = int(ranks.level.max(initial=-1)) + 1
    first = np.full(levels + 1, LATE, dtype=np.int64)
    lacking = np.flatnonzero(gap_left > 0)
    np.minimum.at(first, ranks.level[lacking], ranks.rank[lacking])
    rank = first[np.minimum(price_level, levels)]
    return need_at_rank(ranks, np.where(rank < LATE, rank, 0))


def _needs(
    instance: CashInstance,
    ready: Prepared,
    pool: _Pools,
    gap_left: Int64,
    balance_left: Int64,
    last_rank: Int64,
) -> NeedReasons:
    network, ranks, gap = ready.network, ready.ranks, instance.needs.gap_fen
    node, inside = network.need_node, network.need_node >= 0
    eligible = np.zeros(len(gap), dtype=np.int64)
    money, ended = eligible.copy(), eligible.copy()
    if len(network.parent):
        for column, values, add in (
            (eligible, pool.total(np.ones(len(instance.funds), dtype=np.int64)), True),
            (money, pool.most(balance_left), False),
            (ended, pool.most(last_rank), False),
        ):
            of_node = _up_the_tree(network, _by_arc(network, values, add=add), add=add)
            column[inside] = of_node[node[inside]]
    shortfall = np.select(
        [gap_left <= 0, eligible == 0, money > 0],
        [Outcome.MATCHED, Outcome.NOT_ELIGIBLE, Outcome.CAPPED],
        default=Outcome.EXHAUSTED,
    ).astype(np.int64)
    outcome = np.select(
        [gap <= 0, gap_left <= 0, gap_left < gap],
        [Outcome.NOTHING_LACKING, Outcome.MATCHED, Outcome.PARTLY],
        default=shortfall,
    ).astype(np.int64)
    fund, failed = nearest_funds(instance, network, pool.first)
    fund, failed = fund[network.need_class], failed[network.need_class] | np.where(gap <= 0, int(Rule.GAP), 0)
    rule, value = single_change(instance, np.arange(len(gap)), fund, failed)
    position = need_at_rank(ranks, ended)
    known = position >= 0
    tier = np.where(known, instance.needs.tier[position], -1)
    priority = np.where(known, instance.needs.priority[position], -1)
    return NeedReasons(outcome, shortfall, eligible, fund, failed, rule, value, tier, priority)


def _funds(
    instance: CashInstance,
    ready: Prepared,
    pool: _Pools,
    gap_left: Int64,
    balance_left: Int64,
    known: tuple[Int64, Int64],
) -> FundReasons:
    network, ranks, available = ready.network, ready.ranks, instance.funds.available_fen
    price, last = known
    inside = network.need_node >= 0
    nodes = len(network.parent)
    below = np.bincount(network.need_node[inside], minlength=nodes).astype(np.int64)
    open_rank = np.full(nodes, LATE, dtype=np.int64)
    lacking = np.flatnonzero(inside & (gap_left > 0))
    np.minimum.at(open_rank, network.need_node[lacking], ranks.rank[lacking])
    for node in range(nodes):
        above = network.parent[node]
        if above >= 0:
            below[above] += below[node]
            open_rank[above] = min(open_rank[above], open_rank[node])
    node_of_arc = np.repeat(np.arange(nodes), np.diff(network.arc_offsets))
    eligible, first_open = np.zeros(network.pool_count, dtype=np.int64), np.full(network.pool_count, LATE)
    np.add.at(eligible, network.arc_pool, below[node_of_arc])
    np.minimum.at(first_open, network.arc_pool, open_rank[node_of_arc])
    placed = network.fund_pool >= 0
    spot = np.maximum(network.fund_pool, 0)
    eligible_needs = (
        np.where(placed, eligible[spot], 0) if len(eligible) else np.zeros(len(available), np.int64)
    )
    rank = np.where(placed, first_open[spot], LATE) if len(eligible) else np.full(len(available), LATE)
    outcome = np.select(
        [available <= 0, balance_left <= 0, balance_left < available, eligible_needs == 0, rank < LATE],
        [Outcome.NOTHING_LACKING, Outcome.MATCHED, Outcome.PARTLY, Outcome.NOT_ELIGIBLE, Outcome.CAPPED],
        default=Outcome.COVERED_ELSEWHERE,
    ).astype(np.int64)
    nearest = need_at_rank(ranks, np.where(rank < LATE, rank, 0))
    closed = (price < 0) & (balance_left <= 0) & (available > 0)
    price = np.where(
        closed, nearest, price
    )  # closed by the last of its money: whoever is next in its own reach
    failed = np.zeros(len(available), dtype=np.int64)
    nearest_needs(instance, network, ranks, gap_left, (nearest, failed))
    rule, value = single_change(instance, nearest, np.arange(len(available)), failed)
    return FundReasons(outcome, eligible_needs, nearest, failed, rule, value, price, last)
