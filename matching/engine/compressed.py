"""Cash without caps at full size: compress, augment, split. Exact, and proved so by the levels at which it closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.ascent import Ascent, Waiting, ascend
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
    return Prepared(ranks, network, need_order, np.concatenate([[0], np.cumsum(counts)]))


def solve_compressed(instance: CashInstance, prepared: Prepared | None = None) -> Allocation:
    """Return the exact optimum of an instance without caps and minimum grants (they are ignored here)."""
    ready = prepared or prepare(instance)
    network = ready.network
    placed = network.fund_pool >= 0
    pool_money = np.zeros(network.pool_count, dtype=np.int64)
    np.add.at(pool_money, network.fund_pool[placed], instance.funds.available_fen[placed])
    levels = int(ready.ranks.level.max(initial=-1)) + 1
    found = ascend(network, pool_money, waiting_needs(instance, ready), levels)
    amount = need_amounts(instance, ready, found.covered)
    price = np.where(found.price < levels, found.price, NEVER)
    price_level = np.where(placed, price[np.maximum(network.fund_pool, 0)] if len(price) else NEVER, NEVER)
    return Allocation(*_split(instance, ready, found, amount), price_level)


def waiting_needs(instance: CashInstance, ready: Prepared) -> Waiting:
    """Return the needs that some fund admits, in order of rank and by node."""
    ranks, need_node = ready.ranks, ready.network.need_node
    order = ranks.order[need_node[ranks.order] >= 0]
    place = np.empty(len(need_node), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    gap = instance.needs.gap_fen
    return Waiting(
        node=need_node[order].astype(np.int32),
        gap_fen=gap[order],
        level=ranks.level[order],
        node_offsets=ready.node_offsets,
        place_by_node=place[ready.need_order],
        gap_by_node=gap[ready.need_order],
    )


def need_amounts(instance: CashInstance, ready: Prepared, covered: Int64) -> Int64:
    """Return what each need gets from its node's money: in order of level; equals where it ends, pro rata by gap."""
    from matching.engine import splitting

    gap, level = instance.needs.gap_fen[ready.need_order], ready.ranks.level[ready.need_order]
    amount = np.zeros(len(gap), dtype=np.int64)
    partial = np.empty((len(covered), 3), dtype=np.int64)
    rows = splitting.amounts(ready.node_offsets, level, gap, covered, amount, partial)
    for first, end, money in partial[:rows].tolist():
        amount[first:end] = pro_rata(gap[first:end], money)
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

    network = ready.network
    fund_of, fund_offsets = funds_in_order(instance, network)
    room = int(np.count_nonzero(amount)) + len(found.fen) + len(fund_of)
    rows, fen = np.empty((room, 2), dtype=np.int64), np.empty(room, dtype=np.int64)
    written = splitting.grants(
        ready.node_offsets, ready.need_order, amount, found.first_draw, found.draws, found.fen, fund_offsets, fund_of,
        instance.funds.available_fen, rows, fen,
    )  # fmt: skip
    return rows[:written, 0].copy(), rows[:written, 1].copy(), fen[:written]


def funds_in_order(instance: CashInstance, network: Network) -> tuple[Int64, Int64]:
    """Return the funds of each pool, those that expire first in front, then by id; as positions and offsets."""
    placed = np.flatnonzero(network.fund_pool >= 0)
    expires = instance.funds.expires_on[placed]
    order = np.lexsort(
        (instance.funds.id[placed], np.where(expires > 0, expires, NEVER), network.fund_pool[placed])
    )
    counts = np.bincount(network.fund_pool[placed], minlength=network.pool_count)
    return placed[order], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
