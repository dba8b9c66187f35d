"""
What a division code says by itself (GB/T 2260: two digits each for province, prefecture, county).

Pure. Codes are always six digits here; `370000` is a province, `370100` a prefecture, `370116` a
county. Code `99____` is no real division: the demonstration's invented province uses it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

CODE_LENGTH = 6
FICTITIOUS_PREFIX = "99"
MUNICIPALITY_PREFIXES = frozenset({"11", "12", "31", "50"})  # 北京、天津、上海、重庆
DIRECT_COUNTY_MARK = "90"  # 419001: a county that stands directly under its province


class Level(StrEnum):
    """The three levels that carry a six-digit code."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


LEVEL_LABELS: Mapping[Level, str] = MappingProxyType(
    {Level.PROVINCE: "Province", Level.PREFECTURE: "Prefecture", Level.COUNTY: "County"}
)


def is_well_formed(code: str) -> bool:
    """Return whether the text is six ASCII digits and does not begin with `00`."""
    return len(code) == CODE_LENGTH and code.isascii() and code.isdigit() and code[:2] != "00"


def level(code: str) -> Level:
    """Return the level of a well-formed code; raise ValueError for any other text."""
    if not is_well_formed(code):
        raise ValueError(f"not a six-digit division code: {code!r}")
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.PREFECTURE if code.endswith("00") else Level.COUNTY


def prefix(code: str) -> str:
    """Return the digits that every code within this division begins with."""
    return {
        Level.PROVINCE: code[:2],
        Level.PREFECTURE: code[:4],
        Level.COUNTY: code,
    }[level(code)]


def is_within(code: str, ancestor: str) -> bool:
    """Return whether the first division is the second or lies inside it."""
    return is_well_formed(code) and code.startswith(prefix(ancestor))


def parent_code(code: str) -> str | None:
    """Return the code of the division above, None for a province; municipalities have no prefecture."""
    found = level(code)
    if found is Level.PROVINCE:
        return None
    stands_directly = code[:2] in MUNICIPALITY_PREFIXES or code[2:4] == DIRECT_COUNTY_MARK
    if found is Level.PREFECTURE or stands_directly:
        return code[:2] + "0000"
    return code[:4] + "00"


def is_fictitious(code: str) -> bool:
    """Return whether the code belongs to the invented province of the demonstration."""
    return code.startswith(FICTITIOUS_PREFIX)
