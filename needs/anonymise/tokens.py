"""Words of a folded text, with their tags and places, for finding names."""

import re
from functools import lru_cache
from typing import NamedTuple

from jiujinan.text import Aligned, align
from jiujinan.text.aligning import fold_character

USUAL = 100
HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


class Token(NamedTuple):
    """A word of the folded text, with its tag and place."""

    word: str
    tag: str
    start: int

    @property
    def end(self) -> int:
        """The place after the word."""
        return self.start + len(self.word)


def fold(text: str) -> Aligned:
    """Return the text normalised and simplified, without blanks between Chinese characters."""
    aligned = align(text, _fold_keeping_case)
    kept = [
        place
        for place, character in enumerate(aligned.text)
        if not (
            character in " \t" and _is_han_at(aligned.text, place - 1) and _is_han_at(aligned.text, place + 1)
        )
    ]
    return Aligned(
        "".join(aligned.text[place] for place in kept), tuple(aligned.origins[place] for place in kept)
    )


def tokenise(folded: str, *, guess: bool) -> list[Token]:
    """Return the words of a folded text; with `guess` also words that no dictionary has."""
    import rjieba

    tokens, place = [], 0
    for word, tag in rjieba.tag(folded, guess):
        tokens.append(Token(word, tag, place))
        place += len(word)
    return tokens


def frequency(word: str) -> int:
    """Return how often the dictionary has seen the word, at least 1; 0 for a word that it lacks."""
    import rjieba

    return int(rjieba.suggest_freq(word)) if is_in_dictionary(word) else 0


def is_in_dictionary(word: str) -> bool:
    """Return whether the dictionary has the word."""
    import rjieba

    known: bool = rjieba.has_word(word)
    return known


@lru_cache(maxsize=65_536)
def is_usual(word: str) -> bool:
    """Return whether the dictionary knows the word well and calls it no name."""
    if not is_in_dictionary(word) or frequency(word) < USUAL:
        return False
    tokens = tokenise(word, guess=False)
    return len(tokens) == 1 and not tokens[0].tag.startswith("nr")


def _fold_keeping_case(character: str) -> str:
    return character if character.isascii() else fold_character(character)


def _is_han_at(text: str, place: int) -> bool:
    return 0 <= place < len(text) and "\u3400" <= text[place] <= "\u9fff"
