"""Small random instances, and an independent oracle: plain maximum flow over all pairs, level by level."""

import re
from collections import deque
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from matching.engine import CashInstance, CashNeeds, Funds, Promises

REGIONS = [990101, 990102, 990201, 980101]
CHARTER_REGIONS = [*REGIONS, 990100, 990200, 990000, 980000, 0]
TODAY = 739_000


@st.composite
def cash_instances(draw: st.DrawFn, *, caps: bool = True, minimums: bool = False) -> CashInstance:
    """Return up to nine needs and five funds whose charters often overlap."""
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 5))

    def column(size: int, strategy: st.SearchStrategy[int]) -> list[int]:
        return draw(st.lists(strategy, min_size=size, max_size=size))

    rare = st.sampled_from([0, 0, 0])
    needs = CashNeeds.of(
        ids=draw(st.permutations(range(10, 10 + n))),
        gap_fen=column(n, st.integers(0, 60)),
        region=column(n, st.sampled_from(REGIONS)),
        category=column(n, st.integers(0, 2)),
        tier=column(n, st.integers(0, 2)),
        groups=column(n, st.integers(0, 3)),
        priority=column(n, st.integers(0, 2)),
        government_done=column(n, st.integers(0, 1)),
        required_fen=column(n, st.integers(0, 90)),
    )
    lists = [draw(st.lists(st.sampled_from(CHARTER_REGIONS), max_size=2)) for _ in range(m)]
    funds = Funds.of(
        ids=draw(st.permutations(range(70, 70 + m))),
        available_fen=column(m, st.integers(0, 90)),
        regions=lists,
        categories=column(m, st.sampled_from([0, 0, 1, 3, 6])),
        tiers=column(m, st.sampled_from([0, 0, 1, 3, 6])),
        groups=column(m, st.sampled_from([0, 0, 1, 2])),
        government_first=column(m, st.sampled_from([0, 0, 1])),
        per_case_cap_fen=column(m, st.sampled_from([0, 0, 7, 25]) if caps else rare),
        share_cap_permille=column(m, st.sampled_from([0, 0, 300, 800]) if caps else rare),
        minimum_grant_fen=column(m, st.sampled_from([0, 5, 20]) if minimums else rare),
        expires_on=column(m, st.sampled_from([0, TODAY - 1, TODAY, TODAY + 9])),
    )
    return CashInstance(needs, funds, today=TODAY)


@st.composite
def crowded_instances(draw: st.DrawFn) -> CashInstance:
    """Return an instance with every rule there is: households, promises, periods, minimums, places of any height."""
    base = draw(cash_instances(minimums=draw(st.booleans())))
    n, m = len(base.needs), len(base.funds)

    def column(size: int, values: list[int]) -> np.ndarray:
        return np.array(draw(st.lists(st.sampled_from(values), min_size=size, max_size=size)), dtype=np.int64)

    household = column(n, [0, 0, 1, 2])
    needs = replace(base.needs, household=household, region=column(n, [*REGIONS, 990100, 0]))
    funds = replace(
        base.funds,
        per_household_cap_fen=column(m, [0, 9, 30]),
        opens_on=column(m, [0, TODAY, TODAY, TODAY + 1]),
    )
    rows = draw(st.lists(st.integers(0, n), max_size=4))  # row n has left the instance
    promises = Promises(
        need_id=np.array([needs.id[row] if row < n else 5 for row in rows], dtype=np.int64),
        household=np.array([household[row] if row < n else 2 for row in rows], dtype=np.int64),
        fund_id=column(len(rows), [*funds.id.tolist(), 6]),
        amount_fen=column(len(rows), [1, 8, 40]),
    )
    return CashInstance(needs, funds, promises, draw(st.sampled_from([0, TODAY])))


def admits(instance: CashInstance, need: int, fund: int) -> bool:
    """Return whether the charter admits the pair, written out plainly a second time."""
    needs, funds = instance.needs, instance.funds
    region = f"{int(needs.region[need]):06d}"
    prefixes = [f"{code:06d}" for code in funds.regions_of(fund).tolist()]
    trimmed = [re.sub("^(?:000000|(..)0000|(....)00)$", r"\1\2", code) for code in prefixes]
    common = int(needs.groups[need]) & int(funds.groups[fund])
    expires = int(funds.expires_on[fund])
    return (
        (not trimmed or any(region.startswith(prefix) for prefix in trimmed))
        and (
            not funds.categories[fund] or bool(int(funds.categories[fund]) & (1 << int(needs.category[need])))
        )
        and (not funds.tiers[fund] or bool(int(funds.tiers[fund]) & (1 << int(needs.tier[need]))))
        and (not funds.groups[fund] or common != 0)
        and (not funds.government_first[fund] or bool(needs.government_done[need]))
        and (expires == 0 or expires >= instance.today)
    )


def pair_cap(instance: CashInstance, need: int, fund: int) -> int:
    """Return what the fund may give to the need by charter and caps."""
    if not admits(instance, need, fund):
        return 0
    funds = instance.funds
    cap = int(instance.needs.gap_fen[need])
    if funds.per_case_cap_fen[fund]:
        cap = min(cap, int(funds.per_case_cap_fen[fund]))
    if funds.share_cap_permille[fund]:
        cap = min(cap, int(instance.needs.required_fen[need]) * int(funds.share_cap_permille[fund]) // 1000)
    return cap


def most_money(instance: CashInstance, among: list[int]) -> int:
    """Return the maximum flow from all funds to these needs (Edmonds and Karp)."""
    sink = "sink"
    capacity: dict[object, dict[object, int]] = {"source": {}, sink: {}}
    for fund in range(len(instance.funds)):
        capacity["source"]["f", fund] = int(instance.funds.available_fen[fund])
        capacity.setdefault(("f", fund), {})
        for need in among:
            capacity["f", fund]["n", need] = pair_cap(instance, need, fund)
    for need in among:
        capacity["n", need] = {sink: int(instance.needs.gap_fen[need])}
    total = 0
    while True:
        came: dict[object, object] = {"source": "source"}
        queue: deque[object] = deque(["source"])
        while queue and sink not in came:
            here = queue.popleft()
            for there, room in capacity[here].items():
                if room > 0 and there not in came:
                    came[there] = here
                    queue.append(there)
        if sink not in came:
            return total
        path: list[tuple[object, object]] = []
        at: object = sink
        while at != "source":
            path.append((came[at], at))
            at = came[at]
        amount = min(capacity[a][b] for a, b in path)
        for a, b in path:
            capacity[a][b] -= amount
            capacity[b][a] = capacity[b].get(a, 0) + amount
        total += amount
