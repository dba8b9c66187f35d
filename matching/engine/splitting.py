"""From flows between classes and pools to grants from funds to needs, in one pass and with few grants.

Each node holds a stream of needs: its own in order of rank, then what came up from below. The arcs of the node are
filled from the front of the stream, so a need is cut only where an arc or a fund ends: at most as many grants as
covered needs + arcs + funds.
"""

from __future__ import annotations

import numpy as np

from matching.engine.compiled import Integers, compiled


@compiled
def stream(
    node_offsets: Integers,
    need_of: Integers,
    need_amount: Integers,
    tail_offsets: Integers,
    arc_head: Integers,
    flow: Integers,
    nodes: int,
    out_need: Integers,
    out_pool: Integers,
    out_amount: Integers,
) -> int:
    """Write (need, pool, amount) rows; return how many."""
    room = 16 + len(need_of) + len(arc_head)
    seg_need = np.empty(room, dtype=np.int32)
    seg_amount = np.empty(room, dtype=np.int64)
    seg_next = np.empty(room, dtype=np.int32)
    front = np.full(nodes, -1, dtype=np.int32)
    back = np.full(nodes, -1, dtype=np.int32)
    fresh = 0
    free = -1
    written = 0
    for node in range(nodes):
        own = node_offsets[node]
        own_end = node_offsets[node + 1]
        own_left = need_amount[own] if own < own_end else 0
        segment = front[node]
        for arc in range(tail_offsets[node], tail_offsets[node + 1]):
            todo = flow[arc]
            head = arc_head[arc]
            while todo > 0:
                if own < own_end:
                    if own_left == 0:
                        own += 1
                        own_left = need_amount[own] if own < own_end else 0
                        continue
                    need = need_of[own]
                    amount = min(todo, own_left)
                    own_left -= amount
                else:
                    need = seg_need[segment]
                    amount = min(todo, seg_amount[segment])
                    seg_amount[segment] -= amount
                    if seg_amount[segment] == 0:
                        following = seg_next[segment]
                        seg_next[segment] = free
                        free = segment
                        segment = following
                todo -= amount
                if head >= nodes:
                    out_need[written] = need
                    out_pool[written] = head - nodes
                    out_amount[written] = amount
                    written += 1
                    continue
                if free >= 0:
                    place = free
                    free = seg_next[free]
                else:
                    place = fresh
                    fresh += 1
                seg_need[place] = need
                seg_amount[place] = amount
                seg_next[place] = -1
                if back[head] >= 0:
                    seg_next[back[head]] = place
                else:
                    front[head] = place
                back[head] = place
    return written


@compiled
def spread(
    pool_offsets: Integers,
    row_order: Integers,
    row_need: Integers,
    row_amount: Integers,
    fund_offsets: Integers,
    fund_of: Integers,
    money: Integers,
    out_need: Integers,
    out_fund: Integers,
    out_amount: Integers,
) -> int:
    """Fill each pool's rows from its funds in order; write (need, fund, amount) rows and return how many."""
    written = 0
    for pool in range(len(pool_offsets) - 1):
        place = fund_offsets[pool]
        left = money[fund_of[place]] if place < fund_offsets[pool + 1] else 0
        for position in range(pool_offsets[pool], pool_offsets[pool + 1]):
            row = row_order[position]
            todo = row_amount[row]
            while todo > 0:
                if left == 0:
                    place += 1
                    left = money[fund_of[place]]
                    continue
                amount = min(todo, left)
                out_need[written] = row_need[row]
                out_fund[written] = fund_of[place]
                out_amount[written] = amount
                written += 1
                todo -= amount
                left -= amount
    return written
