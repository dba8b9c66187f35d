"""Words of the field that mean the same, read from `synonyms.txt`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jiujinan.text.segmenting import fold

# Letters only: every tokenizer keeps such a token whole, and no one types it.
MARKER_PREFIX = "zsyn"
_LINE = re.compile(r"(?P<soft>~?)(?P<name>[a-z]+)(?:<(?P<broader>[a-z]+))?: (?P<words>.+)")


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same; a soft group says who or how, not what is lacking."""

    words: tuple[str, ...]
    broader: str | None
    soft: bool


@cache
def groups() -> dict[str, Group]:
    """Return every group by its name; raises ValueError on a malformed line or an unknown broader group."""
    found: dict[str, Group] = {}
    source = resources.files("jiujinan.text").joinpath("synonyms.txt")
    for line in source.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match["name"] in found:
            message = f"synonyms.txt: malformed line {line!r}"
            raise ValueError(message)
        words = tuple(fold(word.strip()) for word in match["words"].split(","))
        found[match["name"]] = Group(words, match["broader"], bool(match["soft"]))
    unknown = {group.broader for group in found.values() if group.broader} - set(found)
    if unknown:
        message = f"synonyms.txt: no such groups {sorted(unknown)}"
        raise ValueError(message)
    return found


@cache
def synonym_groups() -> dict[str, tuple[str, ...]]:
    """Return the words of each group by its name."""
    return {name: group.words for name, group in groups().items()}


def group_of(marker: str) -> Group:
    """Return the group that a marker stands for."""
    return groups()[marker.removeprefix(MARKER_PREFIX)]


def broader_marker(marker: str) -> str | None:
    """Return the marker of the broader group, if there is one."""
    broader = group_of(marker).broader
    return MARKER_PREFIX + broader if broader else None


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


@cache
def _place_to_look() -> re.Pattern[str]:
    """Return a pattern for where a word of any group can begin: its first two characters stand there."""
    heads = {word[:2] for words in synonym_groups().values() for word in words}
    by_first: dict[str, set[str]] = defaultdict(set)
    for head in heads:
        by_first[head[0]].add(head[1:])
    choices = []
    for first, seconds in sorted(by_first.items()):
        rest = "" if "" in seconds else f"(?=[{re.escape(''.join(sorted(seconds)))}])"
        edge = r"(?<![a-z0-9])" if first.isascii() else ""
        choices.append(f"{edge}{re.escape(first)}{rest}")
    return re.compile("|".join(choices))


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
    for place in _place_to_look().finditer(folded):
        start = place.start()
        for word, marker in index[folded[start]]:
            end = start + len(word)
            if folded.startswith(word, start) and _is_whole_word(folded, start, end):
                yield start, end, marker


def words_of(marker: str) -> tuple[str, ...]:
    """Return the words of the group that a marker stands for."""
    return group_of(marker).words
