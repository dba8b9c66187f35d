"""Second step of the chain: traditional to simplified characters."""

from collections.abc import Callable
from functools import cache
from importlib import import_module, resources


@cache
def _converter() -> Callable[[str], str]:
    convert: Callable[[str], str] = import_module("opencc").OpenCC("t2s").convert
    return convert


def _dictionary_pairs(name: str) -> list[tuple[str, str]]:
    """Return `(traditional, simplified)` pairs of a dictionary that OpenCC ships."""
    source = resources.files("opencc").joinpath("dictionary", name)
    pairs = []
    for line in source.read_text(encoding="utf-8").splitlines():
        if "\t" in line:
            traditional, candidates = line.split("\t", 1)
            pairs.append((traditional, candidates.split()[0]))
    return pairs


@cache
def character_table() -> dict[int, str]:
    """Return a table for `str.translate`: one traditional character to one simplified one."""
    pairs = _dictionary_pairs("TSCharacters.txt")
    return {ord(old): new for old, new in pairs if old != new and len(old) == len(new) == 1}


@cache
def _telltale_characters() -> frozenset[str]:
    """Return every character whose presence can make the conversion change a text."""
    phrases = _dictionary_pairs("TSPhrases.txt")
    changed = (
        before for old, new in phrases for before, after in zip(old, new, strict=True) if before != after
    )
    return frozenset(map(chr, character_table())) | frozenset(changed)


def to_simplified(text: str) -> str:
    """
    Return the text in simplified characters (OpenCC's t2s: phrases first, then characters).

    A text that is simplified already takes a short way, so bulk indexing stays fast.
    """
    if _telltale_characters().isdisjoint(text):
        return text
    return _converter()(text)
