"""Difficulty score (困难指数) 0–100 from published indicators and weights, after Feicheng (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from jiujinan.codes import Group, ReliefCircle, Tier

VERSION = 1
# Points at most by indicator; together 100. A new version is a new table, never an edit.
WEIGHTS: Mapping[str, int] = {"circle": 30, "burden": 30, "vulnerable": 20, "urgency": 20}

_CIRCLE_PERMILLE = {
    ReliefCircle.BASIC: 1000,
    ReliefCircle.EDGE: 800,
    ReliefCircle.RING_150: 500,
    ReliefCircle.RING_200: 250,
    ReliefCircle.OTHER: 0,
}
_URGENCY_PERMILLE = {Tier.CRITICAL: 1000, Tier.JOINT: 500, Tier.DEPARTMENTAL: 150}
VULNERABLE_GROUPS = frozenset(
    {
        Group.CHILD,
        Group.ORPHAN,
        Group.ELDER,
        Group.DISABLED,
        Group.SEVERE_ILLNESS,
        Group.SINGLE_PARENT,
        Group.LIVING_ALONE,
        Group.EXTREME_HARDSHIP,
    }
)


@dataclass(frozen=True)
class Facts:
    """What the score looks at: money in fen, income and expenses over 12 months."""

    circle: ReliefCircle
    tier: Tier
    groups: frozenset[str]
    yearly_income_fen: int
    expenses_fen: int


@dataclass(frozen=True)
class Score:
    """The total (0–100) and the points of each indicator."""

    total: int
    parts: Mapping[str, int]


def score(facts: Facts) -> Score:
    """Return the difficulty score; each part is rounded down, so that the parts add up to the total."""
    burden = min(1000, facts.expenses_fen * 1000 // max(1, 2 * facts.yearly_income_fen))
    vulnerable = min(1000, 400 * len(VULNERABLE_GROUPS & facts.groups))
    permille = {
        "circle": _CIRCLE_PERMILLE[facts.circle],
        "burden": burden,
        "vulnerable": vulnerable,
        "urgency": _URGENCY_PERMILLE[facts.tier],
    }
    parts = {name: WEIGHTS[name] * share // 1000 for name, share in permille.items()}
    return Score(sum(parts.values()), parts)
