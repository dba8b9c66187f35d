"""A folded text that remembers where each of its characters came from."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from jiujinan.text.normalising import normalise
from jiujinan.text.simplifying import character_table


@dataclass(frozen=True, slots=True)
class Aligned:
    """A folded text and, for each of its characters, the place in the original."""

    text: str
    origins: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the original that a non-empty folded span came from."""
        return self.origins[start], self.origins[end - 1] + 1

    def folded_index(self, origin: int) -> int:
        """Return the first folded place that came from the original place or a later one."""
        return bisect_left(self.origins, origin)


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """Return one character normalised, simplified and without case; may be empty or longer."""
    return normalise(character).translate(character_table()).casefold()


def align(text: str, fold: Callable[[str], str] = fold_character) -> Aligned:
    """Return the text folded character by character, with the origin of each result."""
    folded: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for result in fold(character):
            folded.append(result)
            origins.append(place)
    return Aligned("".join(folded), tuple(origins))
