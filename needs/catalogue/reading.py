"""How a text is read: as it stands first, then more and more freely until something answers (pure).

What a project must hold, and what each further word is worth, is said here alone: both engines only add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jiujinan.text import Term, read_query
from needs.catalogue.lexicon import Lexicon
from needs.catalogue.mending import corrections
from needs.catalogue.question import Note

MOST_DROPPED = 4
MOST_RANKING = 4
STRONG_PREFIX = "zt"  # before a term that stands in a project's title, labels or region
Alternatives = tuple[str, ...]
Terms = tuple[Alternatives, ...]
# What an answer's place in the order is made of; the sum stays below a hundred (`keys`).
STRONG, HELD, NAMED, BESIDE = 8, 4, 5, 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a project must hold (one alternative of each in `hard`), and what it is worth to hold further words."""

    hard: Terms
    ranks: tuple[tuple[Terms, int], ...] = ()
    note: Note = Note.AS_ASKED
    read_as: str = ""


def readings(text: str, lexicon: Lexicon) -> Iterator[Reading]:
    """Yield the readings of a text in the order in which they are tried; none when it holds no word at all."""
    terms = read_query(text, lexicon.known_names)
    if not terms:
        return
    yield _whole(terms)
    mended = {variant: read_query(variant, lexicon.known_names) for variant in corrections(text, lexicon)}
    for variant, its in mended.items():
        yield replace(_whole(its), note=Note.CORRECTED, read_as=variant)
    for way in (_broader, _core, _fewer):
        yield from way(terms)
        for variant, its in mended.items():
            yield from (replace(reading, read_as=variant) for reading in way(its))
    if all(term.soft for term in terms):  # 捐款, charity: words of somebody who wants to help with anything
        yield Reading((), note=Note.EVERYTHING)


def _whole(terms: tuple[Term, ...]) -> Reading:
    """Read every word as asked for; soft ones only rank, unless there are no others."""
    hard = [term for term in terms if not term.soft] or list(terms)
    return _reading(hard, [term for term in terms if term not in hard])


def _reading(hard: list[Term], beside: list[Term], note: Note = Note.AS_ASKED) -> Reading:
    wanted = _alternatives(hard)
    strong = tuple(_strong(words) for words in wanted)
    ranks: list[tuple[Terms, int]] = [(strong, STRONG)]
    if len(strong) > 1:
        ranks.append(((_any_of(strong),), STRONG))
    ranks += [((words,), BESIDE) for words in _alternatives(beside)[:MOST_RANKING]]
    return Reading(wanted, tuple(ranks), note)


def _alternatives(terms: list[Term]) -> Terms:
    return tuple(dict.fromkeys(term.alternatives for term in terms))


def _strong(words: Alternatives) -> Alternatives:
    return tuple(STRONG_PREFIX + word for word in words)


def _any_of(terms: Terms) -> Alternatives:
    return tuple(dict.fromkeys(word for words in terms for word in words))


def _widened(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(replace(term, alternatives=term.alternatives + term.broader, broader=()) for term in terms)


def _broader(terms: tuple[Term, ...]) -> Iterator[Reading]:
    if any(term.broader for term in terms):
        yield replace(_whole(_widened(terms)), note=Note.BROADER)


def _core_of(terms: tuple[Term, ...]) -> list[Term]:
    """Return what is lacking and where: the field's words and the names; without any, all but soft words."""
    hard = [term for term in terms if not term.soft]
    return [term for term in hard if term.known] or hard or list(terms)


def _core(terms: tuple[Term, ...]) -> Iterator[Reading]:
    """Yield what asks for the field's words and names alone: in a sentence the others only rank."""
    core = _core_of(terms)
    beside = [term for term in terms if term not in core]
    if any(not term.soft for term in beside):
        yield _reading(core, beside, Note.SOME_WORDS)
        wide = _widened(tuple(core))
        if wide != tuple(core):
            yield _reading(list(wide), beside, Note.SOME_WORDS)


def _fewer(terms: tuple[Term, ...]) -> Iterator[Reading]:
    """Yield what is left when one word is passed over, then what holds any of the words, those with most first."""
    core = list(_widened(tuple(_core_of(terms))))
    beside = [term for term in terms if not term.known or term.soft]
    names = [term for term in core if term.name]
    others = [term for term in core if not term.name]
    if 1 < len(others) <= MOST_DROPPED + 1 and len(core) > 2:
        for left_out in range(len(others)):
            kept = [*others[:left_out], *others[left_out + 1 :], *names]
            yield _reading(kept, [others[left_out], *beside], Note.SOME_WORDS)
    if len(core) > 1:
        yield _any(core, beside)
    soft = [term for term in terms if term.soft]
    if soft and len(soft) < len(terms):
        yield Reading((_any_of(_alternatives(soft)),), note=Note.SOME_WORDS)


def _any(core: list[Term], beside: list[Term]) -> Reading:
    wanted = _alternatives(core)
    ranks = [((term.alternatives,), NAMED if term.name else HELD) for term in core[:MOST_RANKING]]
    ranks += [((words,), BESIDE) for words in _alternatives(beside)[:MOST_RANKING]]
    ranks.append(((_strong(_any_of(wanted)),), BESIDE))
    return Reading((_any_of(wanted),), tuple(ranks), Note.SOME_WORDS)
