"""Compiled inner loops for referrals in weeks."""

from __future__ import annotations

from matching.engine.capped_tables import (
    ARCS,
    FIRST_ARC,
    FIRST_SLOT,
    GAP,
    NODE,
    PARENT,
    SLOTS,
    State,
    pair_cap,
)
from matching.engine.columns import Int64
from matching.engine.compiled import compiled


@compiled
def earliest_weeks(
    places: Int64, offer: int, first: int, last: int, sessions: int, pace: int, pause: int
) -> int:
    """Return as bits the earliest weeks with a place, `pace` sessions each, that begin in the window; 0 for none.

    Between two sessions at most `pause` weeks stay empty.
    """
    weeks = places.shape[1]
    for begin in range(first, min(weeks, last + 1)):
        bits = 0
        count = 0
        before = begin
        for week in range(begin, weeks):
            if count > 0 and week - before > pause + 1:
                break
            if places[offer, week] > 0:
                bits |= 1 << week
                count += min(places[offer, week], pace)
                before = week
                if count >= sessions:
                    return bits
            elif count == 0:
                break  # it has to begin in the week that it begins in
    return 0


@compiled
def least_loaded(
    state: State,
    need: int,
    pool: int,
    places: Int64,
    total: Int64,
    used: Int64,
    first: int,
    last: int,
    pace: int,
    least: int,
    pause: int,
) -> tuple[int, int, int]:
    """Return the pool's offer with the least load (in permille) below `least` that fits, its load and the weeks."""
    sessions = state.needs[need, GAP]
    chosen = -1
    chosen_weeks = 0
    start = state.pools[pool, FIRST_SLOT]
    for slot in range(start, start + state.pools[pool, SLOTS]):
        offer = state.lists[slot]
        load = used[offer] * 1000 // max(total[offer], 1)
        if (
            load >= least
            or used[offer] + sessions > total[offer]
            or pair_cap(state, need, offer, 0) < sessions
        ):
            continue
        weeks = earliest_weeks(places, offer, first, last, sessions, pace, pause)
        if weeks != 0:
            chosen = offer
            least = load
            chosen_weeks = weeks
    return chosen, least, chosen_weeks


@compiled
def is_hopeless(state: State, pool: int, places: Int64, sessions: int, pause: int) -> bool:
    """Return whether no offer of the pool has weeks left for so many sessions, however fast, whenever they begin."""
    start = state.pools[pool, FIRST_SLOT]
    for slot in range(start, start + state.pools[pool, SLOTS]):
        if earliest_weeks(places, state.lists[slot], 0, places.shape[1], sessions, sessions, pause) != 0:
            return False
    return True


@compiled
def place_in_weeks(
    state: State,
    order: Int64,
    choice: Int64,
    places: Int64,
    total: Int64,
    used: Int64,
    first_week: Int64,
    last_week: Int64,
    a_week: Int64,
    hopeless: Int64,
    pause: int,
    placed: Int64,
    taken: Int64,
) -> None:
    """Place needs in this order, each with the pool of its choice or else wherever the load is least.

    `used` is what each offer has on its hands, of `total`. `hopeless` holds for each pool the fewest sessions for which
    no offer of it has weeks left; places only shrink.
    """
    for position in range(len(order)):
        need = order[position]
        sessions = state.needs[need, GAP]
        node = state.needs[need, NODE]
        if sessions <= 0 or node < 0:
            continue
        first = first_week[need]
        last = last_week[need]
        pace = a_week[need]
        offer = -1
        weeks = 0
        if choice[need] >= 0:
            offer, _, weeks = least_loaded(
                state, need, choice[need], places, total, used, first, last, pace, 1 << 40, pause
            )
        least = 1 << 40
        while offer < 0 and node >= 0:
            for arc in range(
                state.nodes[node, FIRST_ARC], state.nodes[node, FIRST_ARC] + state.nodes[node, ARCS]
            ):
                pool = state.lists[arc]
                if sessions >= hopeless[pool]:
                    continue
                other, load, theirs = least_loaded(
                    state, need, pool, places, total, used, first, last, pace, least, pause
                )
                if other >= 0:
                    offer = other
                    least = load
                    weeks = theirs
                elif least == 1 << 40 and is_hopeless(state, pool, places, sessions, pause):
                    hopeless[pool] = sessions
            node = state.nodes[node, PARENT]
        if offer >= 0:
            placed[need] = offer
            taken[need] = weeks
            used[offer] += sessions
            for week in range(places.shape[1]):
                if (weeks >> week) & 1:
                    come = min(places[offer, week], pace, sessions)
                    places[offer, week] -= come
                    sessions -= come
