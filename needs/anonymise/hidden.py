"""Find what a reader doesn't see: encoded pieces, invisible marks, text that runs backwards."""

import re
import unicodedata
from collections.abc import Iterator

from jiujinan.text.normalising import is_invisible
from needs.anonymise.spans import Kind, Span

ENCODED = (
    re.compile(
        r"(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z0-9])[A-Za-z0-9+/_-]{12,}={0,2}"
    ),
    re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{6,}={1,2}(?![A-Za-z0-9])"),
    re.compile(
        r"(?<![0-9A-Za-z])(?=[0-9a-fA-F]*[a-fA-F])(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{12,}(?![0-9A-Za-z])"
    ),
    re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}"),
    re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}){1,}"),
    re.compile(r"(?:&#x?[0-9A-Fa-f]{2,6};?)+"),
    re.compile(r"(?:U\+[0-9A-Fa-f]{4,5}\s*)+"),
    re.compile(r"(?<![0-9])[01]{8}(?:[ ]?[01]{8})*(?![0-9])"),
    re.compile(r"[.·-]{1,6}(?:[ /]{1,3}[.·-]{1,6}){7,}"),
)
# Words without blanks (NintendoPower, PC/Xbox): letters alone, each capital with small ones after it. Masked as names.
WRITTEN_TOGETHER = re.compile(r"(?:[A-Z]{0,4}[a-z]{2,}[A-Z]{0,2}|[A-Z]{2,5}(?=/)|/)+")
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
JOINERS_OF_EMOJI = frozenset("\u200d\ufe0e\ufe0f")


def find_encoded(text: str) -> Iterator[Span]:
    """Yield pieces that look like base64, hexadecimal, percent or other encodings."""
    for pattern in ENCODED:
        for match in pattern.finditer(text):
            if not WRITTEN_TOGETHER.fullmatch(match.group()):
                yield Span(match.start(), match.end(), Kind.ENCODED)


def find_invisible(text: str) -> Iterator[Span]:
    """Yield each character that shows nothing, but for those that hold an emoji together."""
    for place, character in enumerate(text):
        if not is_invisible(character) or character == "\r":
            continue
        before = text[place - 1] if place else ""
        if character in JOINERS_OF_EMOJI and before and unicodedata.category(before) in {"So", "Sk", "Mn"}:
            continue
        yield Span(place, place + 1, Kind.HIDDEN)


def runs_backwards(text: str) -> bool:
    """Return whether marks reorder the text, or letters in it run from right to left."""
    return any(
        character in BIDIRECTIONAL or unicodedata.bidirectional(character) in {"R", "AL", "RLO", "RLE", "RLI"}
        for character in text
    )
