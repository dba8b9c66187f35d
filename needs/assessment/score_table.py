"""A version of the difficulty score as data (pure): which indicators count, for how many points, and how.

A table maps an indicator to its points (together 100) and its parameters, all integers, shares in permille:
`circle`, `urgency`, `cause`: `values`, a share for each code · `vulnerable`: `groups` that count, `each` their share ·
`burden`: expenses to yearly income, full points from `full_at` ‰ on · `income`: income a head to the local standard, no
points from `none_at` ‰ on · `dependants`: people of the household, full points from `full_at` people on ·
`unmet`: what still lacks of what is required, full points at `full_at` ‰.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jiujinan.codes import Cause, Group, ReliefCircle, Tier, gettext_noop

WHOLE = 100
FULL = 1000
INDICATOR_LABELS: Mapping[str, str] = {
    "circle": gettext_noop("Relief circle"),
    "burden": gettext_noop("Unavoidable expenses against income"),
    "vulnerable": gettext_noop("Vulnerable groups in the household"),
    "urgency": gettext_noop("Urgency"),
    "cause": gettext_noop("Cause of the difficulty"),
    "income": gettext_noop("Income a head against the local standard"),
    "dependants": gettext_noop("Size of the household"),
    "unmet": gettext_noop("What is still lacking of what is required"),
}
CHOICES: Mapping[str, frozenset[str]] = {
    "circle": frozenset(ReliefCircle),
    "urgency": frozenset(Tier),
    "cause": frozenset(Cause),
}
THRESHOLDS: Mapping[str, str] = {
    "burden": "full_at",
    "income": "none_at",
    "dependants": "full_at",
    "unmet": "full_at",
}
_HIGHEST_THRESHOLD = 1_000_000


class TableWrong(ValueError):
    """The table is no score; `problems` are codes: `points_not_100`, `unknown:<indicator>`, `wrong:<indicator>`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Indicator:
    """One line of a table; which parameters it has depends on the indicator."""

    points: int
    values: Mapping[str, int]
    groups: frozenset[str]
    each: int
    threshold: int


@dataclass(frozen=True)
class ScoreTable:
    """A whole, valid version."""

    indicators: Mapping[str, Indicator]

    def looks_at(self, name: str) -> bool:
        """Return whether the indicator can change a score."""
        return name in self.indicators and self.indicators[name].points > 0


def parse_table(data: object) -> ScoreTable:
    """Return the table that the data describe; raise TableWrong with everything that is wrong."""
    if not isinstance(data, dict):
        raise TableWrong(["wrong:table"])
    problems, indicators = [], {}
    for name, raw in data.items():
        if name not in INDICATOR_LABELS:
            problems.append(f"unknown:{name}")
        elif (indicator := _indicator(name, raw)) is None:
            problems.append(f"wrong:{name}")
        else:
            indicators[name] = indicator
    if not problems and sum(one.points for one in indicators.values()) != WHOLE:
        problems.append("points_not_100")
    if problems:
        raise TableWrong(problems)
    return ScoreTable(indicators)


def _indicator(name: str, raw: object) -> Indicator | None:
    if not isinstance(raw, dict) or not _is_within(raw.get("points"), 0, WHOLE):
        return None
    values: Any = {}
    each: Any = 0
    threshold: Any = 0
    groups = frozenset[str]()
    if name in CHOICES:
        values = raw.get("values")
        if not isinstance(values, dict) or set(values) != CHOICES[name]:
            return None
        if not all(_is_within(share, 0, FULL) for share in values.values()):
            return None
    elif name == "vulnerable":
        each = raw.get("each")
        listed = raw.get("groups")
        if not _is_within(each, 1, FULL) or not isinstance(listed, list) or not set(listed) <= set(Group):
            return None
        groups = frozenset(listed)
    else:
        threshold = raw.get(THRESHOLDS[name])
        if not _is_within(threshold, 1, _HIGHEST_THRESHOLD):
            return None
    return Indicator(raw["points"], values, groups, each, threshold)


def _is_within(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


@cache
def shipped_table() -> Mapping[str, object]:
    """Return version 1, which is in force until staff publish another (after Feicheng)."""
    path = Path(__file__).parent / "data" / "score-1.json"
    found: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found
