"""Compiled inner loops without caps: shortest augmenting paths on the compressed network, need by need in rank order.

Nodes 0..V-1 draw from pools V..V+P-1 and from the node above; arcs have no capacity of their own. A vertex's label is
a lower bound of its residual distance to money (Ahuja and Orlin 1991). When a label has no vertex left, all above it
are cut off from money: closed for good, at the level being served (gap rule: Cherkassky and Goldberg 1997).
"""

from __future__ import annotations

from matching.engine.compiled import Integers, compiled

CLOSED = 1 << 30


@compiled
def lift(
    vertex: int,
    nodes: int,
    label: Integers,
    label_count: Integers,
    critical: Integers,
    level: int,
    tail_offsets: Integers,
    arc_head: Integers,
    head_offsets: Integers,
    head_arc: Integers,
    arc_tail: Integers,
    flow: Integers,
) -> None:
    """Raise a vertex's label to one more than the least in its reach; close what that cuts off."""
    least = CLOSED
    if vertex < nodes:
        for arc in range(tail_offsets[vertex], tail_offsets[vertex + 1]):
            least = min(least, label[arc_head[arc]])
    for place in range(head_offsets[vertex], head_offsets[vertex + 1]):
        arc = head_arc[place]
        if flow[arc] > 0:
            least = min(least, label[arc_tail[arc]])
    old = label[vertex]
    new = least + 1 if least < CLOSED else CLOSED
    if new >= len(label_count):
        new = CLOSED
        critical[vertex] = level
    else:
        label_count[new] += 1
    label_count[old] -= 1
    label[vertex] = new
    if label_count[old] == 0:
        for other in range(len(label)):
            if old < label[other] < CLOSED:
                label_count[label[other]] -= 1
                label[other] = CLOSED
                critical[other] = level


@compiled
def ascend(
    order_node: Integers,
    order_level: Integers,
    order_gap: Integers,
    covered: Integers,
    money_left: Integers,
    nodes: int,
    label: Integers,
    label_count: Integers,
    critical: Integers,
    tail_offsets: Integers,
    arc_head: Integers,
    head_offsets: Integers,
    head_arc: Integers,
    arc_tail: Integers,
    flow: Integers,
    pointer: Integers,
    path: Integers,
    way: Integers,
) -> int:
    """Cover needs in order of rank as far as money can be found; return the number of paths used."""
    paths = 0
    for turn in range(len(order_node)):
        root = order_node[turn]
        level = order_level[turn]
        lacking = order_gap[turn]
        while lacking > 0 and label[root] < CLOSED:
            depth = 0
            vertex = root
            while label[root] < CLOSED:
                if label[vertex] == 0:
                    amount = min(lacking, money_left[vertex - nodes])
                    for step in range(depth):
                        if way[step] < 0:
                            amount = min(amount, flow[-way[step] - 1])
                    for step in range(depth):
                        if way[step] > 0:
                            flow[way[step] - 1] += amount
                        else:
                            flow[-way[step] - 1] -= amount
                    lacking -= amount
                    covered[root] += amount
                    money_left[vertex - nodes] -= amount
                    paths += 1
                    if money_left[vertex - nodes] == 0:
                        lift(
                            vertex, nodes, label, label_count, critical, level, tail_offsets, arc_head, head_offsets,
                            head_arc, arc_tail, flow,
                        )  # fmt: skip
                        pointer[vertex] = 0
                    break
                outs = tail_offsets[vertex + 1] - tail_offsets[vertex] if vertex < nodes else 0
                ends = outs + head_offsets[vertex + 1] - head_offsets[vertex]
                wanted = label[vertex] - 1
                place = pointer[vertex]
                moved = False
                while place < ends:
                    if place < outs:
                        arc = tail_offsets[vertex] + place
                        other = arc_head[arc]
                        if label[other] == wanted:
                            way[depth] = arc + 1
                            moved = True
                            break
                    else:
                        arc = head_arc[head_offsets[vertex] + place - outs]
                        other = arc_tail[arc]
                        if label[other] == wanted and flow[arc] > 0:
                            way[depth] = -arc - 1
                            moved = True
                            break
                    place += 1
                pointer[vertex] = place
                if moved:
                    path[depth] = vertex
                    depth += 1
                    vertex = other
                    continue
                lift(
                    vertex, nodes, label, label_count, critical, level, tail_offsets, arc_head, head_offsets, head_arc,
                    arc_tail, flow,
                )  # fmt: skip
                pointer[vertex] = 0
                if depth > 0:
                    depth -= 1
                    vertex = path[depth]
                    if label[vertex] >= CLOSED:
                        break
    return paths
