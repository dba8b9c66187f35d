"""Cash without caps at full size: compress, augment, split. Exact, and proved so by the levels at which it closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.ascent import Ascent, Waiting, ascend
from matching.engine.columns import Int64
from matching.engine.model import CashInstance
from matching.engine.network import Network, Terms, build_network
from matching.engine.ranks import NEVER, Ranks, rank_needs


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


def prepare(instance: CashInstance, terms: Terms | None = None) -> Prepared:
    """Return ranks and network; `terms` replace those of cash for other kinds of need."""
    return Prepared(rank_needs(instance.needs), build_network(instance, terms))


def waiting_needs(instance: CashInstance, ready: Prepared) -> Waiting:
    """Return the needs that some fund admits, by rank and by node."""
    network = ready.network
    return Waiting.of(ready.ranks, network.need_node, instance.needs.gap_fen, len(network.parent))


def solve_compressed(instance: CashInstance, prepared: Prepared | None = None) -> Allocation:
    """Return the exact optimum of an instance without caps and minimum grants (they are ignored here)."""
    ready = prepared or prepare(instance)
    network = ready.network
    placed = network.fund_pool >= 0
    pool_money = np.zeros(network.pool_count, dtype=np.int64)
    np.add.at(pool_money, network.fund_pool[placed], instance.funds.available_fen[placed])
    levels = int(ready.ranks.level.max(initial=-1)) + 1
    waiting = waiting_needs(instance, ready)
    found = ascend(network, pool_money, waiting, levels)
    amount = need_amounts(waiting, found.covered)
    price = np.where(found.price < levels, found.price, NEVER)
    price_level = np.where(placed, price[np.maximum(network.fund_pool, 0)] if len(price) else NEVER, NEVER)
    return Allocation(*_split(instance, network, waiting, found, amount), price_level)


def need_amounts(waiting: Waiting, covered: Int64) -> Int64:
    """Return what each need gets from its node's money: in order of level; equals where it ends, pro rata by gap."""
    from matching.engine import splitting

    amount = np.zeros(len(waiting.by_node), dtype=np.int64)
    partial = np.empty((len(covered), 3), dtype=np.int64)
    rows = splitting.amounts(waiting.node_offsets, waiting.by_node, covered, amount, partial)
    for first, end, money in partial[:rows].tolist():
        amount[first:end] = pro_rata(waiting.by_node[first:end, 2], money)
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
    instance: CashInstance, network: Network, waiting: Waiting, found: Ascent, amount: Int64
) -> tuple[Int64, Int64, Int64]:
    """Return the grants (need, fund, amount) that realise the network flow."""
    from matching.engine import splitting

    fund_of, fund_offsets = funds_in_order(instance, network)
    room = int(np.count_nonzero(amount)) + len(found.fen) + len(fund_of)
    rows, fen = np.empty((room, 2), dtype=np.int64), np.empty(room, dtype=np.int64)
    written = splitting.grants(
        waiting.node_offsets, waiting.by_node, amount, found.first_draw, found.draws, found.fen,
        fund_offsets, fund_of, instance.funds.available_fen, rows, fen,
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
