"""Difficulty score (困难指数) 0–100 from published indicators and weights, after Feicheng (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from jiujinan.codes import ReliefCircle, Tier
from needs.assessment.score_table import FULL, Indicator, ScoreTable, parse_table, shipped_table

VERSION = 1
SHIPPED = parse_table(shipped_table())


@dataclass(frozen=True)
class Facts:
    """What the score looks at: money in fen, income and expenses over 12 months, the share that is unmet."""

    circle: ReliefCircle
    tier: Tier
    groups: frozenset[str]
    yearly_income_fen: int
    expenses_fen: int
    cause: str = "other"
    size: int = 1
    standard_fen: int = 1
    unmet_permille: int = FULL


@dataclass(frozen=True)
class Score:
    """The total (0–100) and the points of each indicator."""

    total: int
    parts: Mapping[str, int]


def score(facts: Facts, table: ScoreTable = SHIPPED) -> Score:
    """Return the difficulty score; each part is rounded down, so that the parts add up to the total."""
    parts = {
        name: line.points * max(0, min(FULL, _share(name, line, facts))) // FULL
        for name, line in table.indicators.items()
    }
    return Score(sum(parts.values()), parts)


def _share(name: str, line: Indicator, facts: Facts) -> int:
    """Return the indicator's share of its points, in permille; may lie outside 0–1000."""
    match name:
        case "circle":
            return line.values[facts.circle]
        case "urgency":
            return line.values[facts.tier]
        case "cause":
            return line.values.get(facts.cause, 0)
        case "vulnerable":
            return line.each * len(line.groups & facts.groups)
        case "burden":
            return facts.expenses_fen * FULL * FULL // max(1, line.threshold * facts.yearly_income_fen)
        case "income":
            per_head = facts.yearly_income_fen // (12 * facts.size)
            return FULL - per_head * FULL * FULL // (line.threshold * max(1, facts.standard_fen))
        case "dependants":
            return facts.size * FULL // line.threshold
        case _:
            return facts.unmet_permille * FULL // line.threshold
