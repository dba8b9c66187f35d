"""
Find names of people that nobody told us, by what they are made of and what stands around them.

No model is trained: candidates come from the dictionary's tags, from surnames that the segmentation left
alone, from characters that foreign names are written with, and from forms of address. Each candidate has
a score: from `MASK_FROM` on it is masked; from `BLOCK_FROM` on the text is blocked, for somebody is named
in it, and then the rest speaks of a person whom readers can look up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from needs.anonymise import lexicon
from needs.anonymise.name_doubts import doubted
from needs.anonymise.name_forms import from_forms
from needs.anonymise.name_parts import from_parts, stretched, with_marks
from needs.anonymise.name_scores import GIVEN_AND_SURNAME, HAN, Candidate
from needs.anonymise.name_slots import from_slots
from needs.anonymise.name_words import from_words
from needs.anonymise.spans import Kind, Span
from needs.anonymise.tokens import fold, tokenise

MASK_FROM = 0.4
BLOCK_FROM = 1.5
LIKELY_IN_LIST = 0.9
LISTED = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4}(?:[、，][\u3400-\u9fff]{2,4})+(?![\u3400-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A stretch of the original text that may be a name, and how likely."""

    span: Span
    score: float

    @property
    def is_masked(self) -> bool:
        """Whether it is masked."""
        return self.score >= MASK_FROM

    @property
    def blocks(self) -> bool:
        """Whether somebody is named so clearly that the rest of the text speaks of a known person."""
        return self.score >= BLOCK_FROM


def find_names(text: str) -> Iterator[Suspicion]:
    """Yield every stretch that may be a person's name, overlapping ones too."""
    folded = fold(text)
    best: dict[tuple[int, int], float] = {}
    gaps = frozenset(
        place for place, (one, next_one) in enumerate(pairwise(folded.origins), 1) if next_one - one > 1
    )
    for start, end, score in _candidates(folded.text, gaps):
        best[start, end] = max(score, best.get((start, end), 0.0))
    for (start, end), score in best.items():
        yield Suspicion(Span(*folded.original_span(start, end), Kind.NAME), score)


def _candidates(text: str, gaps: frozenset[int]) -> Iterator[Candidate]:
    words, guessed = tokenise(text, guess=False), tokenise(text, guess=True)
    found = [*from_forms(text), *from_words(text, words, guessed), *from_slots(text, gaps), *from_parts(text)]
    found.extend(stretched(text, found, words))
    found = list(doubted(text, found, words))
    yield from (with_marks(text, each) if each.score >= MASK_FROM else each for each in found)
    yield from _in_a_list_with(text, found)
    yield from _said_again(text, found)


def _in_a_list_with(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Yield what stands in a list (甲、乙、丙) beside a likely name and looks like one."""
    likely = {(start, end) for start, end, score in found if score >= LIKELY_IN_LIST}
    for match in LISTED.finditer(text):
        parts = [(part.start(), part.end()) for part in HAN.finditer(text, match.start(), match.end())]
        if not likely.isdisjoint(parts):
            for start, end in parts:
                if lexicon.NEVER_IN_NAMES.isdisjoint(text[start:end]):
                    yield Candidate(start, end, 0.7)


def _said_again(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Yield other places of a given name or surname that stood in a likely name."""
    said = {text[start:end]: score for start, end, score in found if score >= MASK_FROM}
    said |= {
        name[1:]: score
        for name, score in said.items()
        if len(name) == GIVEN_AND_SURNAME and score >= BLOCK_FROM
    }
    for name, score in said.items():
        place = text.find(name) if len(name) > 1 else -1
        while place >= 0:
            yield Candidate(place, place + len(name), score)
            place = text.find(name, place + 1)
