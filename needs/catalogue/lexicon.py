"""The words that a visitor can mean: those of the field and the names of divisions, by how they sound (pure)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from jiujinan.text.segmenting import HAN, fold
from jiujinan.text.synonyms import synonym_groups

HAN_RUN = re.compile(f"[{HAN}]+")
SHORTEST_INITIALS = 3
SHORTEST_WITH_SUFFIX = 3
Sound = tuple[str, ...]
Key = TypeVar("Key", Sound, str, tuple[str, str])


def syllables(word: str) -> Sound:
    """Return the pinyin of a word of Chinese characters, one syllable each, without tones."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word, v_to_u=False))


@dataclass(frozen=True)
class Lexicon:
    """Words that can be meant. What sounds alike stands together, the field's words first.

    The tables of sounds are made at the first slip: most questions need none.
    """

    field: tuple[str, ...]
    names: tuple[str, ...]
    english: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Lexicon":
        """Return the lexicon of the field's words and of these names of divisions, in this order."""
        words = [fold(word) for its in synonym_groups().values() for word in its]
        whole = [fold(name) for name in names]
        short = [
            name[:-1] for name in whole if len(name) >= SHORTEST_WITH_SUFFIX
        ]  # 青禾县 is called 青禾 too
        return cls(
            field=tuple(dict.fromkeys(word for word in words if HAN_RUN.fullmatch(word))),
            names=tuple(dict.fromkeys(name for name in [*whole, *short] if HAN_RUN.fullmatch(name))),
            english=frozenset(letters for word in words if word.isascii() for letters in word.split()),
        )

    @cached_property
    def known_names(self) -> frozenset[str]:
        """The names, for asking whether something is one."""
        return frozenset(self.names)

    @cached_property
    def field_words(self) -> frozenset[str]:
        """The field's words, for asking whether something is one."""
        return frozenset(self.field)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word and name, for asking whether something is written rightly."""
        return self.field_words | self.known_names

    @cached_property
    def with_a_gap(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The field's words by what stands around each character; names differ too little among themselves."""
        pairs = ((word[:gap], word[gap + 1 :]) for word in self.field for gap in range(len(word)))
        words = (word for word in self.field for _ in word)
        return _gathered(zip(pairs, words, strict=True))

    @cached_property
    def by_sound(self) -> Mapping[Sound, tuple[str, ...]]:
        """The words by their syllables."""
        return _gathered((sound, word) for word, sound in self._sounds)

    @cached_property
    def by_letters(self) -> Mapping[str, tuple[str, ...]]:
        """The words by their pinyin in one run of letters."""
        return _gathered(("".join(sound), word) for word, sound in self._sounds)

    @cached_property
    def by_initials(self) -> Mapping[str, tuple[str, ...]]:
        """The longer words by the first letters of their syllables."""
        longer = ((word, sound) for word, sound in self._sounds if len(sound) >= SHORTEST_INITIALS)
        return _gathered(("".join(one[0] for one in sound), word) for word, sound in longer)

    @cached_property
    def _sounds(self) -> list[tuple[str, Sound]]:
        return [(word, syllables(word)) for word in dict.fromkeys([*self.field, *self.names])]


def _gathered(pairs: Iterable[tuple[Key, str]]) -> dict[Key, tuple[str, ...]]:
    found: dict[Key, list[str]] = defaultdict(list)
    for key, word in pairs:
        found[key].append(word)
    return {key: tuple(words) for key, words in found.items()}
