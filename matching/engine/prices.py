"""Prices: what one more yuan of a fund is worth, told as the need that it would reach.

In the residual network of the optimum, a fund reaches a need directly, or by taking over part of another need whose
own grant from a second fund is set free. The best-ranked need that still lacks money at the end of such a chain is
the fund's price. Funds whose price is 0 are idle: more of them would help nobody today.
"""

from __future__ import annotations

import numpy as np

from matching.engine.eligibility import Pairs
from matching.engine.model import Bool, Int64
from matching.engine.ranks import Ranks, need_at_rank


def fund_prices(
    pairs: Pairs, amount: Int64, growable: Bool, gap_left: Int64, balance_left: Int64, ranks: Ranks
) -> Int64:
    """Return for each fund the position of the need that one more fen would reach, or -1. Shape (m,).

    `growable` says which grants are below all their own limits (case and household caps).
    """
    total = len(ranks.rank)
    worth = np.where(gap_left > 0, total + 1 - ranks.rank, 0)
    price = np.zeros(len(balance_left), dtype=np.int64)
    given = amount > 0
    while True:
        before = price.copy()
        np.maximum.at(price, pairs.fund[growable], worth[pairs.need[growable]])
        price[balance_left > 0] = 0
        np.maximum.at(worth, pairs.need[given], price[pairs.fund[given]])
        if np.array_equal(before, price):
            break
    return need_at_rank(ranks, np.where(price > 0, total + 1 - price, 0))
