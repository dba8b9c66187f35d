"""Provinces as tiles of one size (pure): no borders are drawn, every place is as large as the other."""

from collections.abc import Mapping
from dataclasses import dataclass

# Column and row of each province in the grid, by the first two digits of its code (GB/T 2260).
PLACES: Mapping[str, tuple[int, int]] = {
    "23": (9, 0),
    "15": (6, 1), "22": (9, 1),
    "65": (1, 2), "62": (3, 2), "64": (4, 2), "14": (5, 2), "13": (6, 2), "11": (7, 2), "12": (8, 2), "21": (9, 2),
    "63": (2, 3), "61": (4, 3), "41": (6, 3), "37": (7, 3),
    "54": (1, 4), "51": (3, 4), "50": (4, 4), "42": (5, 4), "34": (6, 4), "32": (7, 4), "31": (8, 4),
    "52": (4, 5), "43": (5, 5), "36": (6, 5), "33": (7, 5),
    "53": (3, 6), "45": (4, 6), "44": (5, 6), "35": (6, 6), "71": (8, 6),
    "46": (4, 7), "82": (5, 7), "81": (6, 7),
    "99": (0, 0),
}  # fmt: skip
# Two letters for each province (ISO 3166-2:CN), for readers who read no Chinese.
LETTERS: Mapping[str, str] = {
    "11": "BJ", "12": "TJ", "13": "HE", "14": "SX", "15": "NM", "21": "LN", "22": "JL", "23": "HL", "31": "SH",
    "32": "JS", "33": "ZJ", "34": "AH", "35": "FJ", "36": "JX", "37": "SD", "41": "HA", "42": "HB", "43": "HN",
    "44": "GD", "45": "GX", "46": "HI", "50": "CQ", "51": "SC", "52": "GZ", "53": "YN", "54": "XZ", "61": "SN",
    "62": "GS", "63": "QH", "64": "NX", "65": "XJ", "71": "TW", "81": "HK", "82": "MO",
}  # fmt: skip
STEPS = 4  # shades above "none shown"
SIZE = 10  # units of the drawing


@dataclass(frozen=True)
class Tile:
    """One province: where it is drawn, what is written on it, how dark it is (0 withheld … 4)."""

    x: int
    y: int
    name: str
    count: int | None
    shade: int


def tiles(
    counts: Mapping[str, int | None], names: Mapping[str, str], *, in_letters: bool = False
) -> list[Tile]:
    """Return a tile for every named province; `counts` and `names` are keyed by six-digit codes.

    `in_letters` writes two letters on it where the province has them, instead of two or three characters.
    """
    most = max((count for count in counts.values() if count), default=0)
    drawn = []
    for code, name in sorted(names.items()):
        if code[:2] not in PLACES or (code[:2] == "99" and code not in counts):
            continue
        column, row = PLACES[code[:2]]
        count = counts.get(code)
        written = LETTERS.get(code[:2], short(name)) if in_letters else short(name)
        drawn.append(Tile(column * SIZE, row * SIZE, written, count, _shade(count, most)))
    return drawn


def short(name: str) -> str:
    """Return the province's name in two characters (three for 内蒙古 and 黑龙江)."""
    name = name.removesuffix("特别行政区")
    return name[:3] if name[:3] in {"内蒙古", "黑龙江"} else name[:2]


def _shade(count: int | None, most: int) -> int:
    return 0 if not count or not most else max(1, -(-STEPS * count // most))
