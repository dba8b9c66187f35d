"""Mending slips: pinyin for characters, a sound-alike for the right word, one wrong letter (pure but for its words)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from jiujinan.text.segmenting import HAN, fold
from jiujinan.text.synonyms import synonym_groups

_HAN_RUN = re.compile(f"[{HAN}]+")
_LETTERS = re.compile(r"[a-z]+")
_PIECE = re.compile(rf"[{HAN}]+|[a-z' ]+|[^a-z{HAN}]+")
LONGEST_WORD = 6
SHORTEST_INITIALS = 3
SHORTEST_SLIP = 4
LONG_WORD = 8
LONG_PINYIN = 6


def syllables(word: str) -> tuple[str, ...]:
    """Return the pinyin of a word of Chinese characters, one syllable each, without tones."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word, v_to_u=False))


@dataclass(frozen=True)
class Lexicon:
    """Words that can be meant, by how they sound and how they are written."""

    words: frozenset[str]
    by_sound: Mapping[tuple[str, ...], str]
    by_letters: Mapping[str, str]
    by_initials: Mapping[str, str]
    english: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Lexicon":
        """Return the lexicon of the field's words and of these names; of two that sound alike the field's word wins."""
        field_words = [word for words in synonym_groups().values() for word in words]
        by_sound: dict[tuple[str, ...], str] = {}
        by_letters: dict[str, str] = {}
        initials: dict[str, str] = defaultdict(str)
        divisions = list(names)
        divisions += [name[:-1] for name in divisions if len(name) > 2]  # 青禾县 is called 青禾 too
        han = [fold(word) for word in [*field_words, *divisions] if _HAN_RUN.fullmatch(fold(word))]
        for word in dict.fromkeys(han):
            sound = syllables(word)
            by_sound.setdefault(sound, word)
            by_letters.setdefault("".join(sound), word)
            if len(sound) >= SHORTEST_INITIALS:
                initials.setdefault("".join(one[0] for one in sound), word)
        english = {letters for word in field_words if word.isascii() for letters in word.split()}
        return cls(frozenset(han), by_sound, by_letters, dict(initials), frozenset(english))

    def correct(self, text: str) -> str | None:
        """Return the text with what is not known replaced by what was probably meant; None if nothing is."""
        folded = fold(text)
        mended = "".join(self._mend(piece) for piece in _PIECE.findall(folded))
        return mended if mended != folded else None

    def _mend(self, piece: str) -> str:
        if _HAN_RUN.fullmatch(piece):
            return self._mend_characters(piece)
        if _LETTERS.search(piece):
            return self._mend_letters(piece)
        return piece

    def _mend_letters(self, piece: str) -> str:
        """Read letters as pinyin (whole or initials), else as an English word with a slip."""
        words = _LETTERS.findall(piece)
        joined = "".join(words)
        whole = self.by_letters.get(joined) or self._cut_pinyin(joined)
        if whole:
            return whole
        mended = _LETTERS.sub(lambda match: self._mend_word(match[0]), piece)
        return (mended if mended != piece else self._near_in_sound(joined)) or piece

    def _mend_word(self, word: str) -> str:
        if word in self.english or len(word) < 2:
            return word
        known = self.by_letters.get(word) or self._cut_pinyin(word) or self.by_initials.get(word)
        if known or len(word) < SHORTEST_SLIP:
            return known or word
        most = 2 if len(word) >= LONG_WORD else 1
        near = process.extractOne(word, sorted(self.english), scorer=OSA.distance, score_cutoff=most)
        if near is not None:
            return str(near[0])
        return self._near_in_sound(word) or word

    def _near_in_sound(self, letters: str) -> str | None:
        """Return the word whose pinyin is one slip away from the letters."""
        if len(letters) < LONG_PINYIN:
            return None
        near = process.extractOne(letters, list(self.by_letters), scorer=OSA.distance, score_cutoff=1)
        return self.by_letters[near[0]] if near is not None else None

    def _cut_pinyin(self, letters: str) -> str | None:
        """Return words whose pinyin make up the letters, the longest first; None if some letters are left."""
        longest = max(map(len, self.by_letters), default=0)
        words: list[str] = []
        start = 0
        while start < len(letters):
            ends = range(min(len(letters), start + longest), start + 2, -1)
            end = next((end for end in ends if letters[start:end] in self.by_letters), None)
            if end is None:
                return None
            words.append(self.by_letters[letters[start:end]])
            start = end
        return " ".join(words)

    def _mend_characters(self, run: str) -> str:
        """Replace a stretch that sounds like a known word, or differs from a longer one in one character."""
        sounds = syllables(run)
        if len(sounds) != len(run):
            return run
        done: list[str] = []
        start = 0
        while start < len(run):
            length, word = self._word_at(run, sounds, start)
            done.append(word)
            start += length
        return "".join(done)

    def _word_at(self, run: str, sounds: tuple[str, ...], start: int) -> tuple[int, str]:
        for length in range(min(LONGEST_WORD, len(run) - start), 1, -1):
            stretch = run[start : start + length]
            if stretch in self.words:
                return length, stretch
            if self._cuts_a_word(run, start, length):
                continue
            alike = self.by_sound.get(sounds[start : start + length])
            if alike:
                return length, alike
            near = self._nearly(stretch) if length >= SHORTEST_SLIP - 1 else None
            if near:
                return length, near
        return 1, run[start]

    def _cuts_a_word(self, run: str, start: int, length: int) -> bool:
        """Return whether a word that is written rightly begins within the stretch: 旧衣服 holds 衣服, not 就医."""
        return any(
            run[inner : inner + size] in self.words
            for inner in range(start + 1, start + length)
            for size in range(2, min(LONGEST_WORD, len(run) - inner) + 1)
        )

    def _nearly(self, stretch: str) -> str | None:
        for word in self._of_length().get(len(stretch), ()):
            if sum(a != b for a, b in zip(word, stretch, strict=True)) == 1:
                return word
        return None

    def _of_length(self) -> dict[int, list[str]]:
        return _by_length(self.words)


@cache
def _by_length(words: frozenset[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for word in sorted(words):
        found[len(word)].append(word)
    return dict(found)
