"""Who comes first: versioned weights, a guard for those who wait too long, and a quota for the forgotten.

The engine serves needs by tier, then by `priority`. This module makes that priority, in three steps that a board can
read, each exact because the order is all that the engine's optimality depends on:

1. **Claim.** difficulty · weight + the weights of the vulnerable groups that the household belongs to. Claims are cut
   into bands; two needs of one tier and one band are *equals*.
2. **Guard.** Among equals, needs that have waited past their tier's limit come first, the longest waiting in front. So
   nobody waits past the limit while a younger equal is served by money that could have reached both.
3. **Quota.** The *forgotten* have waited past a second limit, whatever their claim. In each tier they are woven into
   the order so that of every prefix of it at least the quota (in fen of gap) is theirs, as long as there are any; never
   behind the place that they have anyway.

Needs whose tier, band, overdue days, claim and waiting time are the same stay equal and share (see docs/matching.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.columns import Bool, Int64, check
from matching.engine.compiled import compiled
from matching.engine.model import CashNeeds

TIERS = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """One published version of what counts how much. Whole numbers; a change is a new version."""

    version: str = "1"
    difficulty: int = 1000
    """Per point of the difficulty score (0–100)."""
    waiting_day: int = 100
    """Per day waited, up to `most_days`; it orders within a band, and never lifts a need into a higher one."""
    most_days: int = 365
    groups: tuple[tuple[int, int], ...] = ()
    """(bit number, weight) of groups that weigh more; several add up."""
    band: int = 10_000
    """So much claim makes a band of equals: ten points of difficulty."""
    wait_limit_days: tuple[int, ...] = (3, 15, 30)
    """By tier, from critical on; later tiers take the last."""
    forgotten_after_days: tuple[int, ...] = (7, 45, 90)
    forgotten_permille: int = 100
    """The quota; 0 turns it off."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Needs with the priority that the rules make, and what it was made of. Arrays have shape (n,)."""

    needs: CashNeeds
    difficulty: Int64
    claim: Int64
    band: Int64
    overdue: Bool
    forgotten: Bool
    quota_permille: int
    version: str


def order_by_fairness(
    needs: CashNeeds, *, difficulty: Int64, waiting_days: Int64, weights: Weights | None = None
) -> Ordered:
    """Return the needs with their priority set by the rules; equals by the rules get equal priority.

    `difficulty` is 0–100 and `waiting_days` not negative, shape (n,). Raises InstanceError.
    """
    rules = weights or Weights()
    size = len(needs)
    check(difficulty.shape == (size,) and waiting_days.shape == (size,), "one value per need")
    check((difficulty >= 0).all() and (waiting_days >= 0).all(), "negative difficulty or waiting time")
    claim = difficulty * rules.difficulty
    for bit, weight in rules.groups:
        claim = claim + np.where((needs.groups >> bit) & 1 == 1, weight, 0)
    band = claim // rules.band
    overdue = waiting_days > _by_tier(rules.wait_limit_days, needs.tier)
    forgotten = waiting_days > _by_tier(rules.forgotten_after_days, needs.tier)
    points = claim + np.minimum(waiting_days, rules.most_days) * rules.waiting_day
    late = np.where(overdue, waiting_days, 0)
    place = _dense(np.stack([needs.tier, -band, -late, -points], axis=1))
    if rules.forgotten_permille and forgotten.any():
        place = _woven(needs, place, forgotten, waiting_days, rules.forgotten_permille)
    return Ordered(
        replace(needs, priority=-place),
        difficulty,
        claim,
        band,
        overdue,
        forgotten,
        rules.forgotten_permille,
        rules.version,
    )


def _by_tier(values: tuple[int, ...], tier: Int64) -> Int64:
    padded = (*values, *[values[-1]] * TIERS)[:TIERS]
    return np.array(padded, dtype=np.int64)[tier]


def _dense(keys: Int64) -> Int64:
    """Return the place of each row among the distinct rows, in ascending order."""
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _woven(needs: CashNeeds, place: Int64, forgotten: Bool, waiting_days: Int64, permille: int) -> Int64:
    """Return new places: in each tier a forgotten need comes at its own place, or earlier as soon as the quota asks."""
    woven = place.copy()
    for tier in np.unique(needs.tier).tolist():
        rows = np.flatnonzero(needs.tier == tier)
        others, lost = rows[~forgotten[rows]], rows[forgotten[rows]]
        others = others[np.lexsort((needs.id[others], place[others]))]
        lost = lost[np.lexsort((needs.id[lost], place[lost], -waiting_days[lost]))]
        before, turn = np.zeros(len(others), dtype=np.int64), np.zeros(len(lost), dtype=np.int64)
        by_place = np.lexsort((np.arange(len(lost)), place[lost]))
        weave(
            place[others],
            needs.gap_fen[others],
            place[lost],
            needs.gap_fen[lost],
            by_place,
            permille,
            before,
            turn,
        )
        keys = np.zeros((len(rows), 3), dtype=np.int64)
        keys[: len(others)] = np.stack([before, np.ones(len(others), dtype=np.int64), place[others]], axis=1)
        keys[len(others) :, 0] = turn
        woven[np.concatenate([others, lost])] = _dense(keys)
    return woven


@compiled
def weave(
    other_place: Int64,
    other_gap: Int64,
    lost_place: Int64,
    lost_gap: Int64,
    by_place: Int64,
    permille: int,
    before: Int64,
    turn: Int64,
) -> None:
    """Write how many forgotten needs come before each other, and each forgotten one's turn, from 1.

    Others come by place, forgotten ones by waiting time; `by_place` lists the latter by place.
    """
    others = 0
    served = 0
    other_fen = 0
    lost_fen = 0
    longest = 0
    nearest = 0
    while others < len(other_place) or served < len(lost_place):
        while longest < len(turn) and turn[longest] > 0:
            longest += 1
        while nearest < len(turn) and turn[by_place[nearest]] > 0:
            nearest += 1
        chosen = -1
        if served < len(turn):
            if others == len(other_place) or lost_place[by_place[nearest]] <= other_place[others]:
                chosen = by_place[nearest]
            elif (other_fen + other_gap[others]) * permille > lost_fen * (1000 - permille):
                chosen = longest
        if chosen >= 0:
            served += 1
            turn[chosen] = served
            lost_fen += lost_gap[chosen]
        else:
            before[others] = served
            other_fen += other_gap[others]
            others += 1
