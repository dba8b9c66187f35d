"""The evaluation scorecard: 3 indicators, 12 contents, 16 standards, all of it data (pure)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "scorecard.json"


@dataclass(frozen=True)
class Standard:
    """One standard: which measure, where its points begin and where they are full (either way round)."""

    indicator: str
    content: str
    code: str
    name_zh: str
    name_en: str
    measure: str
    none_at: float
    full_at: float
    points: int
    source: str

    def points_for(self, value: float | None) -> float | None:
        """Return the points between 0 and `points`, on the straight line between the marks; None unmeasured."""
        if value is None:
            return None
        share = (value - self.none_at) / (self.full_at - self.none_at)
        return round(self.points * min(max(share, 0.0), 1.0), 1)


@dataclass(frozen=True)
class Rated:
    """A standard with what was measured and the points for it."""

    standard: Standard
    value: float | None
    points: float | None


@dataclass(frozen=True)
class Scorecard:
    """All standards of one division; `score` is the percentage of the points that could be measured."""

    rated: tuple[Rated, ...]

    @property
    def score(self) -> float | None:
        """The share of the measured standards' points, 0–100; None where nothing was measured."""
        known = [one for one in self.rated if one.points is not None]
        most = sum(one.standard.points for one in known)
        return round(100 * sum(one.points or 0 for one in known) / most, 1) if most else None


def rate(measures: Mapping[str, float | None]) -> Scorecard:
    """Return the scorecard of the measures, by name; what is missing is not rated, neither for nor against."""
    rated = []
    for standard in standards():
        value = measures.get(standard.measure)
        rated.append(Rated(standard, value, standard.points_for(value)))
    return Scorecard(tuple(rated))


@cache
def standards() -> tuple[Standard, ...]:
    """Return the standards in their order."""
    table = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(
        Standard(indicator["code"], content["code"], **standard)
        for indicator in table["indicators"]
        for content in indicator["contents"]
        for standard in content["standards"]
    )


@cache
def headings() -> Mapping[str, tuple[str, str]]:
    """Return the Chinese and the English name of each indicator and content, by code."""
    table = json.loads(_DATA.read_text(encoding="utf-8"))
    named = [*table["indicators"], *(content for one in table["indicators"] for content in one["contents"])]
    return {part["code"]: (part["name_zh"], part["name_en"]) for part in named}
