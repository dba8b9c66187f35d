"""Cash without caps at full size: compress, augment, split. Exact, and proved so by the levels at which it closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.ascent import Arcs, Ascent, ascend
from matching.engine.columns import Int64
from matching.engine.model import CashInstance
from matching.engine.network import Network, Terms, build_network
from matching.engine.ranks import NEVER, Ranks, rank_needs
from matching.engine.sorting import stable_order


@dataclass(frozen=True, slots=True)
class Allocation:
    """Grants as rows, and for each fund the level at which its money ends: the certificate.

    `price_level[j]` is a level number from `Ranks.level`; NEVER means that fund j is idle. For every level k, the
    funds with price_level <= k form a cut that proves that the first k levels cannot take more.
    """

    need: Int64
    fund: Int64
    amount_fen: Int64
    price_level: Int64


@dataclass(frozen=True, slots=True)
class Prepared:
    """An instance made ready for repeated solving."""

    ranks: Ranks
    network: Network
    arcs: Arcs
    need_order: Int64
    """Positions of needs that some fund admits, by node and then rank."""
    node_offsets: Int64


def prepare(instance: CashInstance, terms: Terms | None = None) -> Prepared:
    """Return ranks, network and the needs grouped by node; `terms` replace those of cash for other kinds of need."""
    ranks = rank_needs(instance.needs)
    network = build_network(instance, terms)
    nodes = len(network.parent)
    placed = ranks.order[network.need_node[ranks.order] >= 0]
    node = network.need_node[placed]
    need_order = placed[stable_order(node)]
    counts = np.bincount(node, minlength=nodes) if nodes else np.zeros(0, dtype=np.int64)
    return Prepared(ranks, network, Arcs.of(network), need_order, np.concatenate([[0], np.cumsum(counts)]))


def solve_compressed(instance: CashInstance, prepared: Prepared | None = None) -> Allocation:
    """Return the exact optimum of an instance without caps and minimum grants (they are ignored here)."""
    ready = prepared or prepare(instance)
    network = ready.network
    placed = network.fund_pool >= 0
    pool_money = np.zeros(network.pool_count, dtype=np.int64)
    np.add.at(pool_money, network.fund_pool[placed], instance.funds.available_fen[placed])
    level = ready.ranks.level[ready.need_order]
    gap = instance.needs.gap_fen[ready.need_order]
    levels = int(ready.ranks.level.max(initial=-1)) + 1
    order = ready.ranks.order[network.need_node[ready.ranks.order] >= 0]
    found = ascend(
        ready.arcs,
        pool_money,
        network.need_node[order],
        ready.ranks.level[order],
        instance.needs.gap_fen[order],
        levels,
    )
    amount = need_amounts(ready.node_offsets, level, gap, found.covered)
    critical = found.critical[len(network.parent) :]
    price = np.where(critical < levels, critical, NEVER)
    price_level = np.where(placed, price[np.maximum(network.fund_pool, 0)] if len(price) else NEVER, NEVER)
    return Allocation(*_split(instance, ready, found, amount), price_level)


def need_amounts(node_offsets: Int64, level: Int64, gap: Int64, covered: Int64) -> Int64:
    """Return what each need gets from its node's money: in order of level; equals where it ends, pro rata by gap."""
    running = np.cumsum(gap)
    base = np.concatenate([[0], running])[node_offsets[:-1]]
    node = np.repeat(np.arange(len(covered)), np.diff(node_offsets))
    after = running - base[node]
    group = (
        np.concatenate([[True], (node[1:] != node[:-1]) | (level[1:] != level[:-1])]) if len(gap) else gap > 0
    )
    number = np.cumsum(group) - 1
    group_gap = np.zeros(int(group.sum()), dtype=np.int64)
    np.add.at(group_gap, number, gap)
    last = np.flatnonzero(np.concatenate([group[1:], [True]])) if len(gap) else np.zeros(0, dtype=np.int64)
    money = np.clip(covered[node[last]] - (after[last] - group_gap), 0, group_gap)
    short = money < group_gap
    amount = np.where(short[number], 0, gap)
    for place in np.flatnonzero(short & (money > 0)).tolist():
        rows = np.arange(last[place - 1] + 1 if place else 0, last[place] + 1)
        amount[rows] = pro_rata(gap[rows], int(money[place]))
    return amount


def pro_rata(gap: Int64, money: int) -> Int64:
    """Return integer shares of `money` in proportion to the gaps; the first rows get the rest, fen by fen."""
    total = int(gap.sum())
    shares = np.array([value * money // total for value in gap.tolist()], dtype=np.int64)
    rest = money - int(shares.sum())
    room = np.flatnonzero(shares < gap)[:rest]
    shares[room] += 1
    return shares


def _split(
    instance: CashInstance, ready: Prepared, found: Ascent, amount: Int64
) -> tuple[Int64, Int64, Int64]:
    """Return the grants (need, fund, amount) that realise the network flow."""
    from matching.engine import splitting

    network, arcs = ready.network, ready.arcs
    room = len(amount) + 2 * len(arcs.head) + 1
    need, pool, fen = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int64)
    rows = splitting.stream(
        ready.node_offsets, ready.need_order, amount, arcs.tail_offsets, arcs.head, found.flow, arcs.nodes,
        need, pool, fen,
    )  # fmt: skip
    need, pool, fen = need[:rows], pool[:rows], fen[:rows]
    row_order = stable_order(pool)
    pool_offsets = np.concatenate([[0], np.cumsum(np.bincount(pool, minlength=network.pool_count))])
    fund_of, fund_offsets = funds_in_order(instance, network)
    room = rows + len(fund_of) + 1
    out = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int64)
    written = splitting.spread(
        pool_offsets, row_order, need, fen, fund_offsets, fund_of, instance.funds.available_fen, *out
    )
    return tuple(column[:written].astype(np.int64) for column in out)  # type: ignore[return-value]


def funds_in_order(instance: CashInstance, network: Network) -> tuple[Int64, Int64]:
    """Return the funds of each pool, those that expire first in front, then by id; as positions and offsets."""
    placed = np.flatnonzero(network.fund_pool >= 0)
    expires = instance.funds.expires_on[placed]
    order = np.lexsort(
        (instance.funds.id[placed], np.where(expires > 0, expires, NEVER), network.fund_pool[placed])
    )
    counts = np.bincount(network.fund_pool[placed], minlength=network.pool_count)
    return placed[order], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
