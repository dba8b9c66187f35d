"""From draws of nodes on pools to grants from funds to needs, in one pass and with few grants.

A node's needs stand in order of rank before its draws, and each pool's funds in order before the draws on it. A grant
ends only where a need, a draw or a fund ends: at most as many grants as covered needs + draws + funds.
"""

from __future__ import annotations

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled

SMALL = 1 << 31
"""Two amounts below this can be multiplied in int64."""


@compiled
def amounts(node_offsets: Int64, by_node: Int64, covered: Int64, amount: Int64, partial: Int64) -> int:
    """Write what each need gets of its node's money, in order of level; equals where it ends get shares by gap.

    Rows of `by_node` are (need, place in order of rank, gap, level). The shares of large sums are left to the caller:
    (first row, last row + 1, money) in `partial`; return how many.
    """
    left_over = 0
    for node in range(len(covered)):
        money = covered[node]
        row = node_offsets[node]
        end = node_offsets[node + 1]
        while row < end:
            last = row
            total = 0
            while last < end and by_node[last, 3] == by_node[row, 3]:
                total += by_node[last, 2]
                last += 1
            given = min(money, total)
            money -= given
            if given == total or given == 0 or last == row + 1:
                for place in range(row, last):
                    amount[place] = min(by_node[place, 2], given)
            elif total < SMALL:
                rest = given
                for place in range(row, last):
                    amount[place] = by_node[place, 2] * given // total
                    rest -= amount[place]
                for place in range(row, last):
                    if rest > 0 and amount[place] < by_node[place, 2]:
                        amount[place] += 1
                        rest -= 1
            else:
                partial[left_over, 0] = row
                partial[left_over, 1] = last
                partial[left_over, 2] = given
                left_over += 1
            row = last
    return left_over


@compiled
def grants(
    node_offsets: Int64,
    by_node: Int64,
    amount: Int64,
    first_draw: Integers,
    draws: Integers,
    fen: Int64,
    fund_offsets: Int64,
    fund_of: Int64,
    money: Int64,
    out: Int64,
    out_amount: Int64,
) -> int:
    """Write (need, fund) and amount rows; return how many. `draws` and `fen` are used up."""
    place_of = fund_offsets[:-1].copy()
    left_of = money.copy()
    written = 0
    for node in range(len(first_draw)):
        draw = first_draw[node]
        for row in range(node_offsets[node], node_offsets[node + 1]):
            todo = amount[row]
            while todo > 0:
                while fen[draw] == 0:
                    draw = draws[draw, 1]
                pool = draws[draw, 0]
                fund = fund_of[place_of[pool]]
                while left_of[fund] == 0:
                    place_of[pool] += 1
                    fund = fund_of[place_of[pool]]
                given = min(todo, min(fen[draw], left_of[fund]))
                out[written, 0] = by_node[row, 0]
                out[written, 1] = fund
                out_amount[written] = given
                written += 1
                todo -= given
                fen[draw] -= given
                left_of[fund] -= given
    return written
