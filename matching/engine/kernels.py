"""Compiled inner loops: Dinic's maximum flow on the compressed network, and the trimming of a flow.

The network is acyclic (county → prefecture → province → nation → nothing, and each node → its pools), arcs have no
capacity of their own. Nodes 0..V-1 have demand, nodes V..V+P-1 are pools with money. Each arc is stored once in
`flow` and twice in the adjacency, at its tail (forward) and its head (backward). Sources: Dinic (1970); warm starts
keep what was covered, since an augmenting path never lowers the outflow of the source.
"""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Bool
from matching.engine.compiled import Integers, compiled


@compiled
def trim(
    order_nodes: Integers,
    tail_offsets: Integers,
    arc_head: Integers,
    flow: Integers,
    excess: Integers,
    money_left: Integers,
    nodes: int,
) -> None:
    """Take `excess[v]` back from the flow that starts at each node v, along its arcs down to the pools."""
    for position in range(len(order_nodes)):
        node = order_nodes[position]
        todo = excess[node]
        if todo <= 0:
            continue
        for arc in range(tail_offsets[node + 1] - 1, tail_offsets[node] - 1, -1):
            cut = min(todo, flow[arc])
            if cut > 0:
                flow[arc] -= cut
                todo -= cut
                head = arc_head[arc]
                if head >= nodes:
                    money_left[head - nodes] += cut
                else:
                    excess[head] += cut
                if todo == 0:
                    break
        excess[node] = 0


@compiled
def distances(
    label: Integers,
    part: Integers,
    lacking: Integers,
    money_left: Integers,
    tail_offsets: Integers,
    arc_head: Integers,
    head_offsets: Integers,
    head_arc: Integers,
    arc_tail: Integers,
    flow: Integers,
    nodes: int,
    queue: Integers,
) -> bool:
    """Fill `label` with each vertex's residual distance to money that is left; tell whether a lacking node has one."""
    total = len(label)
    unseen = np.int32(1 << 30)
    for vertex in range(total):
        label[vertex] = unseen
    last = 0
    for pool in range(total - nodes):
        if money_left[pool] > 0:
            label[nodes + pool] = 0
            queue[last] = nodes + pool
            last += 1
    first = 0
    found = False
    while first < last:
        vertex = queue[first]
        first += 1
        step = label[vertex] + 1
        for place in range(head_offsets[vertex], head_offsets[vertex + 1]):
            tail = arc_tail[head_arc[place]]
            if label[tail] == unseen and part[tail] == part[vertex]:
                label[tail] = step
                if lacking[tail] > 0:
                    found = True
                queue[last] = tail
                last += 1
        if vertex < nodes:
            for arc in range(tail_offsets[vertex], tail_offsets[vertex + 1]):
                head = arc_head[arc]
                if flow[arc] > 0 and label[head] == unseen and part[head] == part[vertex]:
                    label[head] = step
                    if head < nodes and lacking[head] > 0:
                        found = True
                    queue[last] = head
                    last += 1
    return found


@compiled
def augment(
    label: Integers,
    part: Integers,
    lacking: Integers,
    money_left: Integers,
    tail_offsets: Integers,
    arc_head: Integers,
    head_offsets: Integers,
    head_arc: Integers,
    arc_tail: Integers,
    flow: Integers,
    nodes: int,
    pointer: Integers,
    path: Integers,
    way: Integers,
) -> None:
    """Send a blocking flow along the labels: depth-first from every lacking node, each dead end visited once."""
    total = len(label)
    unseen = np.int32(1 << 30)
    for vertex in range(total):
        pointer[vertex] = 0
    for source in range(nodes):
        while lacking[source] > 0 and label[source] < unseen:
            depth = 0
            vertex = source
            reached = False
            while True:
                if vertex >= nodes and label[vertex] == 0 and money_left[vertex - nodes] > 0:
                    reached = True
                    break
                moved = False
                outs = tail_offsets[vertex + 1] - tail_offsets[vertex] if vertex < nodes else 0
                ins = head_offsets[vertex + 1] - head_offsets[vertex]
                while pointer[vertex] < outs + ins:
                    place = pointer[vertex]
                    if place < outs:
                        arc = tail_offsets[vertex] + place
                        other = arc_head[arc]
                        usable = True
                        direction = arc + 1
                    else:
                        arc = head_arc[head_offsets[vertex] + place - outs]
                        other = arc_tail[arc]
                        usable = flow[arc] > 0
                        direction = -arc - 1
                    if usable and label[other] == label[vertex] - 1 and part[other] == part[vertex]:
                        path[depth] = vertex
                        way[depth] = direction
                        depth += 1
                        vertex = other
                        moved = True
                        break
                    pointer[vertex] += 1
                if moved:
                    continue
                label[vertex] = unseen
                if depth == 0:
                    break
                depth -= 1
                vertex = path[depth]
                pointer[vertex] += 1
            if not reached:
                break
            amount = min(lacking[source], money_left[vertex - nodes])
            for step in range(depth):
                if way[step] < 0:
                    amount = min(amount, flow[-way[step] - 1])
            for step in range(depth):
                if way[step] > 0:
                    flow[way[step] - 1] += amount
                else:
                    flow[-way[step] - 1] -= amount
            lacking[source] -= amount
            money_left[vertex - nodes] -= amount


@compiled
def reachable(
    seen: Bool,
    part: Integers,
    lacking: Integers,
    tail_offsets: Integers,
    arc_head: Integers,
    head_offsets: Integers,
    head_arc: Integers,
    arc_tail: Integers,
    flow: Integers,
    nodes: int,
    queue: Integers,
) -> None:
    """Mark every vertex that a lacking node reaches in the residual network: the short side of the minimum cut."""
    last = 0
    for vertex in range(len(seen)):
        seen[vertex] = False
        if vertex < nodes and lacking[vertex] > 0:
            seen[vertex] = True
            queue[last] = vertex
            last += 1
    first = 0
    while first < last:
        vertex = queue[first]
        first += 1
        if vertex < nodes:
            for arc in range(tail_offsets[vertex], tail_offsets[vertex + 1]):
                head = arc_head[arc]
                if not seen[head] and part[head] == part[vertex]:
                    seen[head] = True
                    queue[last] = head
                    last += 1
        for place in range(head_offsets[vertex], head_offsets[vertex + 1]):
            arc = head_arc[place]
            tail = arc_tail[arc]
            if flow[arc] > 0 and not seen[tail] and part[tail] == part[vertex]:
                seen[tail] = True
                queue[last] = tail
                last += 1


@compiled
def demand_up_to(
    limit: Integers, node_offsets: Integers, need_level: Integers, need_sum: Integers, out: Integers
) -> None:
    """Fill out[v] with the gaps of node v's needs of level at most limit[v]; `need_sum` are running sums per node."""
    for node in range(len(out)):
        low, high = node_offsets[node], node_offsets[node + 1]
        start = low
        while low < high:
            middle = (low + high) // 2
            if need_level[middle] <= limit[node]:
                low = middle + 1
            else:
                high = middle
        out[node] = need_sum[low - 1] if low > start else 0
