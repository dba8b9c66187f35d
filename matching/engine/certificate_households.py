"""The certificate's cut within each household: what open funds may give to it at most, by weak duality.

For a household with needs I, any set S of them, and the open funds j with caps c[i, j] on pairs and h[j] on the
household, no allocation gives the household more than

    sum of gaps outside S  +  sum over j of min(h[j], sum over i in S of c[i, j]).

Any set gives a bound. All are tried for up to `TRIED` needs that lack funds; for more, needs are put into the set and
taken out one by one as long as the cut falls. More than `MOST` needs are cut into groups, each with the whole cap of
every fund. Both can only raise the bound.
"""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Int64
from matching.engine.compiled import Integers, compiled, inlined

MOST = 60
"""Needs of a household that are looked at together: bits of a whole number."""
TRIED = 10
"""Needs of which all sets are tried."""


@inlined
def most_of_pair(
    need: int,
    fund: int,
    gap: Integers,
    required: Integers,
    case_cap: Integers,
    share_cap: Integers,
    household_cap: Integers,
) -> int:
    """Return what an eligible fund may give to a need at most: its gap, or the least of the fund's caps."""
    most = int(gap[need])
    if case_cap[fund] > 0:
        most = min(most, case_cap[fund])
    if share_cap[fund] > 0:
        most = min(most, required[need] * share_cap[fund] // 1000)
    if household_cap[fund] > 0:
        most = min(most, household_cap[fund])
    return most


@compiled
def open_households(
    needs: Integers,
    household: Integers,
    node_of: Integers,
    gap: Integers,
    required: Integers,
    parent: Integers,
    arc_offsets: Integers,
    arc_pool: Integers,
    pool_offsets: Integers,
    fund_of: Integers,
    case_cap: Integers,
    share_cap: Integers,
    household_cap: Integers,
) -> int:
    """Return the sum over households of the least cut; `needs` come sorted by household, all funds here are open."""
    total = 0
    row_of = np.zeros(len(case_cap), dtype=np.int64)
    funds = np.zeros(len(case_cap), dtype=np.int64)
    cap = np.zeros((len(case_cap), _largest(household)), dtype=np.int64)
    first = 0
    while first < len(needs):
        end = first
        wanted = 0
        while end < len(needs) and end < first + cap.shape[1] and household[end] == household[first]:
            wanted += gap[needs[end]]
            end += 1
        rows = 0
        poor = 0
        for member in range(end - first):
            need = needs[first + member]
            found = 0
            node = node_of[need]
            while node >= 0 and found < wanted:
                for arc in range(arc_offsets[node], arc_offsets[node + 1]):
                    pool = arc_pool[arc]
                    for slot in range(pool_offsets[pool], pool_offsets[pool + 1]):
                        fund = fund_of[slot]
                        own = most_of_pair(need, fund, gap, required, case_cap, share_cap, household_cap)
                        row = row_of[fund]
                        if row >= rows or funds[row] != fund:
                            row = rows
                            row_of[fund] = row
                            funds[row] = fund
                            cap[row, :] = 0
                            rows += 1
                        cap[row, member] = own
                        found += own
                        if found >= wanted:
                            break
                    if found >= wanted:
                        break
                node = parent[node]
            if found < wanted:
                poor |= 1 << member
        total += _least_cut(needs[first:end], gap, funds[:rows], cap, household_cap, poor, wanted)
        first = end
    return total


@compiled
def _largest(household: Integers) -> int:
    """Return how many needs the largest household has, at most `MOST`."""
    largest = 1
    first = 0
    for end in range(len(household)):
        if household[end] != household[first]:
            first = end
        largest = max(largest, end + 1 - first)
    return min(largest, MOST)


@compiled
def _least_cut(
    needs: Integers, gap: Integers, funds: Int64, cap: Int64, household_cap: Integers, poor: int, wanted: int
) -> int:
    """Return the least cut over sets of poor needs: a set with a need whose funds exceed all gaps cuts nothing."""
    least = wanted
    several = 0
    for member in range(len(needs)):
        several += poor >> member & 1
    if several > TRIED:
        none = _fallen(needs, gap, funds, cap, household_cap, poor, wanted, 0)
        return min(none, _fallen(needs, gap, funds, cap, household_cap, poor, wanted, poor), wanted)
    chosen = poor
    while chosen > 0:
        least = min(least, _cut(needs, gap, funds, cap, household_cap, chosen, wanted, least))
        chosen = (chosen - 1) & poor
    return least


@compiled
def _cut(
    needs: Integers,
    gap: Integers,
    funds: Int64,
    cap: Int64,
    household_cap: Integers,
    chosen: int,
    wanted: int,
    least: int,
) -> int:
    """Return the cut of a set of needs, or anything from `least` on if it is not below it."""
    cut = wanted
    for member in range(len(needs)):
        if chosen >> member & 1:
            cut -= gap[needs[member]]
    for row in range(len(funds)):
        given = 0
        for member in range(len(needs)):
            if chosen >> member & 1:
                given += cap[row, member]
        if household_cap[funds[row]] > 0:
            given = min(given, household_cap[funds[row]])
        cut += given
        if cut >= least:
            break
    return cut


@compiled
def _fallen(
    needs: Integers,
    gap: Integers,
    funds: Int64,
    cap: Int64,
    household_cap: Integers,
    poor: int,
    wanted: int,
    chosen: int,
) -> int:
    """Return the cut at which no need put in or taken out makes it less, from a set on."""
    least = _cut(needs, gap, funds, cap, household_cap, chosen, wanted, 1 << 60)
    falls = True
    while falls:
        falls = False
        for member in range(len(needs)):
            if poor >> member & 1:
                other = _cut(needs, gap, funds, cap, household_cap, chosen ^ (1 << member), wanted, least)
                if other < least:
                    least = other
                    chosen ^= 1 << member
                    falls = True
    return least
