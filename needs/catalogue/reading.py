"""How a text is read: as it stands first, then more and more freely until something answers (pure)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from jiujinan.text import Term, read_query
from needs.catalogue.question import Note

MOST_DROPPED = 4
STRONG_PREFIX = "zt"  # before a term that stands in a project's title, labels or region
Alternatives = tuple[str, ...]
Terms = tuple[Alternatives, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a project must hold (one alternative of each in `hard`) and what only ranks it (`soft`)."""

    hard: Terms
    soft: Terms = ()
    note: Note = Note.AS_ASKED
    read_as: str = ""

    @property
    def strong(self) -> Terms:
        """The hard terms as they stand in titles and labels."""
        return tuple(tuple(STRONG_PREFIX + word for word in words) for words in self.hard)


def readings(text: str, correct: Callable[[str], str | None]) -> Iterator[Reading]:
    """Yield the readings of a text in the order in which they are tried; none when it holds no word at all.

    `correct` returns the text with its slips mended, or None where it sees none.
    """
    terms = read_query(text)
    if not terms:
        return
    yield _reading(terms)
    mended = correct(text)
    if mended is not None:
        yield replace(_reading(read_query(mended)), note=Note.CORRECTED, read_as=mended)
    yield from _broader(terms)
    if mended is not None:
        yield from (replace(wide, read_as=mended) for wide in _broader(read_query(mended)))
    yield from _fewer(terms)
    if mended is not None:
        yield from (replace(some, read_as=mended) for some in _fewer(read_query(mended)))
    if all(term.soft for term in terms):  # 捐款, charity: words of somebody who wants to help with anything
        yield Reading((), note=Note.EVERYTHING)


def _reading(terms: tuple[Term, ...]) -> Reading:
    hard = tuple(term.alternatives for term in terms if not term.soft)
    soft = tuple(term.alternatives for term in terms if term.soft)
    return Reading(hard, soft) if hard else Reading(soft)


def _broader(terms: tuple[Term, ...]) -> Iterator[Reading]:
    if any(term.broader for term in terms):
        wide = tuple(
            replace(term, alternatives=term.alternatives + term.broader, broader=()) for term in terms
        )
        yield replace(_reading(wide), note=Note.BROADER)


def _fewer(terms: tuple[Term, ...]) -> Iterator[Reading]:
    """Yield what is left when one word is passed over, then what holds any of the words."""
    hard = [term for term in terms if not term.soft] or list(terms)
    wide = [term.alternatives + term.broader for term in hard]
    if 2 < len(wide) <= MOST_DROPPED + 1:
        for left_out in range(len(wide)):
            yield Reading(tuple(wide[:left_out] + wide[left_out + 1 :]), note=Note.SOME_WORDS)
    if len(wide) > 1:
        every = tuple(dict.fromkeys(word for words in wide for word in words))
        yield Reading((every,), soft=tuple(wide), note=Note.SOME_WORDS)
    soft = [term.alternatives for term in terms if term.soft]
    if soft and len(soft) < len(terms):
        yield Reading((tuple(dict.fromkeys(word for words in soft for word in words)),), note=Note.SOME_WORDS)
