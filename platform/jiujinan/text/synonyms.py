"""Words of the field that mean the same, read from `synonyms.txt`."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources

from jiujinan.text.segmenting import fold

# Letters only: every tokenizer keeps such a token whole, and no one types it.
MARKER_PREFIX = "zsyn"


@cache
def synonym_groups() -> dict[str, tuple[str, ...]]:
    """Return the words of each group by its name; raises ValueError on a malformed line."""
    groups: dict[str, tuple[str, ...]] = {}
    source = resources.files("jiujinan.text").joinpath("synonyms.txt")
    for line in source.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, separator, words = line.partition(":")
        if not separator or not (name.isascii() and name.isalpha()) or name in groups:
            message = f"synonyms.txt: malformed line {line!r}"
            raise ValueError(message)
        groups[name] = tuple(fold(word.strip()) for word in words.split(","))
    return groups


@cache
def _words_by_first_character() -> dict[str, list[tuple[str, str]]]:
    """Return `(word, marker)` pairs by first character, the longest word first."""
    index: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, words in synonym_groups().items():
        for word in words:
            index[word[0]].append((word, MARKER_PREFIX + name))
    for pairs in index.values():
        pairs.sort(key=lambda pair: (-len(pair[0]), pair))
    return dict(index)


def _is_whole_word(text: str, start: int, end: int) -> bool:
    """Return whether an alphabetic word at this place is not part of a longer one."""
    if not text[start].isascii():
        return True
    before = start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()
    after = end < len(text) and text[end].isascii() and text[end].isalnum()
    return not before and not after


def find_synonyms(folded: str) -> Iterator[tuple[int, int, str]]:
    """Yield `(start, end, marker)` for every word of a group in a folded text, overlaps too."""
    index = _words_by_first_character()
    for start, character in enumerate(folded):
        for word, marker in index.get(character, ()):
            end = start + len(word)
            if folded.startswith(word, start) and _is_whole_word(folded, start, end):
                yield start, end, marker


def words_of(marker: str) -> tuple[str, ...]:
    """Return the words of the group that a marker stands for."""
    return synonym_groups()[marker.removeprefix(MARKER_PREFIX)]
