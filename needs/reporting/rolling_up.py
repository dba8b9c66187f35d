"""From figures by county to figures by every level above it (pure)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jiujinan.regions.rules import Level, is_within, level

NATION = ""
_DEPTH = {Level.PROVINCE: 1, Level.PREFECTURE: 2, Level.COUNTY: 3}


@dataclass(frozen=True)
class Line:
    """One division's figures; `depth` counts the levels below the division that the table is for."""

    code: str
    name: str
    depth: int
    figures: Counter[str]


def roll_up(by_county: Mapping[str, Counter[str]], *, region: str, names: Mapping[str, str]) -> list[Line]:
    """
    Return a line for the division and one for each inside it that has figures, in the order of codes.

    `by_county` is keyed by six-digit codes, `names` holds the divisions that get a line. A sum over the lines of one
    level is the line above it, unless a county stands directly under a province.
    """
    own = _depth(region)
    inside = {code: name for code, name in names.items() if code != region and _inside(code, region)}
    lines = [Line(region, names.get(region, ""), 0, _sum(by_county, region))]
    for code in sorted(inside):
        figures = _sum(by_county, code)
        if figures:
            lines.append(Line(code, inside[code], _depth(code) - own, figures))
    return lines


def _sum(by_county: Mapping[str, Counter[str]], region: str) -> Counter[str]:
    return _added(figures for code, figures in by_county.items() if _inside(code, region))


def _added(parts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def _inside(code: str, region: str) -> bool:
    return region == NATION or is_within(code, region)


def _depth(region: str) -> int:
    return 0 if region == NATION else _DEPTH[level(region)]
