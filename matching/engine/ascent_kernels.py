"""Compiled inner loops without caps: shortest augmenting paths on the compressed network, need by need in rank order.

Nodes 0..V-1 draw from pools V..V+P-1 and from the node above; arcs have no capacity of their own. A vertex's label is
a lower bound of its residual distance to money (Ahuja and Orlin 1991). When a label has no vertex left, all above it
are cut off from money: closed for good, at the level being served (gap rule: Cherkassky and Goldberg 1997).
"""

from __future__ import annotations

from matching.engine.compiled import Integers, compiled, inlined

CLOSED = 1 << 30


@inlined
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
    holders: Integers,
    holder_tail: Integers,
) -> None:
    """Raise a vertex's label to one more than the least in its reach; close what that cuts off."""
    least = CLOSED
    if vertex < nodes:
        for arc in range(tail_offsets[vertex], tail_offsets[vertex + 1]):
            least = min(least, label[arc_head[arc]])
    first = head_offsets[vertex]
    for place in range(first, first + holders[vertex]):
        least = min(least, label[holder_tail[place]])
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


@inlined
def push(
    arc: int,
    amount: int,
    flow: Integers,
    arc_head: Integers,
    arc_tail: Integers,
    head_offsets: Integers,
    holders: Integers,
    holder_arc: Integers,
    holder_tail: Integers,
) -> None:
    """Add to an arc's flow; an arc that had none joins the holders of its head, behind the others."""
    if flow[arc] == 0:
        head = arc_head[arc]
        place = head_offsets[head] + holders[head]
        holder_arc[place] = arc
        holder_tail[place] = arc_tail[arc]
        holders[head] += 1
    flow[arc] += amount


@inlined
def pull(
    vertex: int,
    place: int,
    amount: int,
    flow: Integers,
    head_offsets: Integers,
    holders: Integers,
    holder_arc: Integers,
    holder_tail: Integers,
) -> None:
    """Take from the flow of a holder; one that has none left makes place for the last of them."""
    arc = holder_arc[place]
    flow[arc] -= amount
    if flow[arc] == 0:
        holders[vertex] -= 1
        last = head_offsets[vertex] + holders[vertex]
        holder_arc[place] = holder_arc[last]
        holder_tail[place] = holder_tail[last]


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
    arc_tail: Integers,
    head_offsets: Integers,
    holders: Integers,
    holder_arc: Integers,
    holder_tail: Integers,
    flow: Integers,
    pointer: Integers,
    path: Integers,
    way: Integers,
) -> int:
    """Cover needs in order of rank as far as money can be found; return the number of paths used.

    A step of a path goes down an arc (`way` = arc + 1) or back along the flow of a holder (`way` = -place - 1). Steps
    back are looked for among the holders alone: the arcs with flow into a vertex, kept in front of its others.
    """
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
                            amount = min(amount, flow[holder_arc[-way[step] - 1]])
                    for step in range(depth):
                        if way[step] < 0:
                            pull(
                                path[step], -way[step] - 1, amount, flow, head_offsets, holders, holder_arc,
                                holder_tail,
                            )  # fmt: skip
                    for step in range(depth):
                        if way[step] > 0:
                            push(
                                way[step] - 1, amount, flow, arc_head, arc_tail, head_offsets, holders, holder_arc,
                                holder_tail,
                            )  # fmt: skip
                    lacking -= amount
                    covered[root] += amount
                    money_left[vertex - nodes] -= amount
                    paths += 1
                    if money_left[vertex - nodes] == 0:
                        lift(
                            vertex, nodes, label, label_count, critical, level, tail_offsets, arc_head, head_offsets,
                            holders, holder_tail,
                        )  # fmt: skip
                        pointer[vertex] = 0
                    break
                wanted = label[vertex] - 1
                place = pointer[vertex]
                found = -1
                outs = 0
                if vertex < nodes:
                    first = tail_offsets[vertex]
                    outs = tail_offsets[vertex + 1] - first
                    while place < outs:
                        if label[arc_head[first + place]] == wanted:
                            found = arc_head[first + place]
                            way[depth] = first + place + 1
                            break
                        place += 1
                if found < 0:
                    first = head_offsets[vertex] - outs
                    while place < outs + holders[vertex]:
                        if label[holder_tail[first + place]] == wanted:
                            found = holder_tail[first + place]
                            way[depth] = -(first + place) - 1
                            break
                        place += 1
                pointer[vertex] = place
                if found >= 0:
                    path[depth] = vertex
                    depth += 1
                    vertex = found
                    continue
                lift(
                    vertex, nodes, label, label_count, critical, level, tail_offsets, arc_head, head_offsets, holders,
                    holder_tail,
                )  # fmt: skip
                pointer[vertex] = 0
                if depth > 0:
                    depth -= 1
                    vertex = path[depth]
                    if label[vertex] >= CLOSED:
                        break
    return paths
