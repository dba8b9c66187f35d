"""
Names by the place they stand at: before what only people do, say or suffer, after what is done to people.

A name made of everyday words (曾团结, 石头) is in every dictionary; what gives it away is that somebody stands there
whom no ordinary word for people names. A slot is a short run of Chinese characters between two bounds: a sign, or a
word of the lists `before_people` and `after_people`.
"""

from collections.abc import Iterator
from functools import lru_cache

from needs.anonymise import lexicon
from needs.anonymise.name_scores import HAN, Candidate
from needs.anonymise.tokens import USUAL, frequency, is_in_dictionary, is_usual, tokenise

LONGEST_CUE = 4
LONGEST_TITLE = 5
SHORTEST, LONGEST = 2, 4
SPEAKING = frozenset("的了在是和与及或有也就都而把被我你您他她它们没不这那着过")
NO_NAME_TAGS = frozenset({"t", "s", "f", "m", "q", "r", "p", "c", "u", "y", "d", "x", "ul", "uj", "uz", "zg"})


def from_slots(text: str, gaps: frozenset[int] = frozenset()) -> Iterator[Candidate]:
    """Yield what stands where people are named and is no ordinary word for them; `gaps` are bounds that signs left."""
    ends = {end: _opens_after(text, end) or int(end in gaps) for end in range(1, len(text) + 1)}
    titled = {start for start in range(1, len(text)) if _follows_title(text, start)}
    starts = {
        start: _opens_before(text, start) or int(start in gaps or start in titled)
        for start in range(len(text))
    }
    for end, after in ends.items():
        for length in range(SHORTEST, LONGEST + 1):
            start = end - length
            if not after or not starts.get(start) or not HAN.fullmatch(text, start, end):
                continue
            slot = text[start:end]
            score = _score(slot, is_strong=max(after, starts[start]) == 2)
            if not score and _is_alone_with_title(text, start, end, titled):
                score = _score_unexplained(slot)
            if score:
                yield Candidate(start, end, score)


def _opens_after(text: str, end: int) -> int:
    """Return 2 where something follows that only people do or have, 1 for a sign or a weaker word, 0 for nothing."""
    following = text[end : end + 1]
    if not following or not HAN.match(following):
        return 1
    if any(text[end : end + length] in lexicon.TITLES_BEFORE for length in (2, 3)):
        return 1
    words = [text[end : end + length] for length in range(1, LONGEST_CUE + 1)]
    if any(word in lexicon.ONLY_AFTER_PEOPLE for word in words):
        return 2
    return int(any(word in lexicon.AFTER_PEOPLE for word in words))


def _opens_before(text: str, start: int) -> int:
    """Return 2 after a word that only people follow, 1 after a sign or a weaker word, 0 for nothing."""
    if not start or not HAN.match(text[start - 1]):
        return 1
    words = [text[start - length : start] for length in range(1, LONGEST_CUE) if length <= start]
    if any(word in lexicon.ONLY_BEFORE_PEOPLE for word in words):
        return 2
    return int(any(word in lexicon.BEFORE_PEOPLE for word in words))


@lru_cache(maxsize=65_536)
def _score(slot: str, *, is_strong: bool) -> float:
    """Return how likely a slot's words name somebody; 0 for what is an ordinary word or no noun at all."""
    if any(slot.endswith(word) or slot.startswith(word) for word in _people_in(slot)):
        return 0.0
    surname = _surname(slot)
    if surname and _is_surname_and_given(slot, surname):
        return 1.0 if is_strong else 0.7
    if slot in lexicon.EVERYDAY_GIVEN_NAMES:
        return 0.6 if is_strong else 0.41
    if is_strong and (len(surname) > 1 or (len(slot) <= 3 and _could_be_given(slot))):
        return 0.6
    return 0.0


def _follows_title(text: str, start: int) -> bool:
    """Return whether words that say who somebody is stand right before (记者, 主编, 户主), a colon between or not."""
    end = start - (text[start - 1] in ": ")
    return any(
        text[max(0, end - length) : end] in lexicon.TITLES_BEFORE for length in range(2, LONGEST_TITLE + 1)
    )


def _is_alone_with_title(text: str, start: int, end: int, titled: set[int]) -> bool:
    """Return whether nothing but a name is left between a title and a sign, or between a sign and a colon."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if HAN.match(after) and not any(text[end : end + length] in lexicon.TITLES_BEFORE for length in (2, 3)):
        return False
    return start in titled or (after == ":" and not HAN.match(before))


@lru_cache(maxsize=65_536)
def _score_unexplained(slot: str) -> float:
    """Return how likely a name fills a place where little else stands: whatever is no usual phrase."""
    if (
        any(slot.endswith(word) or slot.startswith(word) for word in _people_in(slot))
        or slot in lexicon.NOT_NAMES
    ):
        return 0.0
    if len(slot) > 3 or slot[-2:] in lexicon.PERSON_TITLES:
        return 0.0
    if slot[0] in lexicon.CLEAR_SURNAMES:
        return 0.45
    first, *rest = tokenise(slot, guess=False)
    if len(first.word) == 1 and _surname(slot) and len(slot) == 3:
        return 0.45
    is_phrase = any(len(token.word) > 1 and is_usual(token.word) for token in (first, *rest))
    strange = sum(character in lexicon.NEVER_IN_NAMES for character in slot)
    return 0.0 if is_phrase or strange > 1 else 0.5


def _people_in(slot: str) -> list[str]:
    pieces = [slot[first:last] for first in range(len(slot)) for last in range(first + 1, len(slot) + 1)]
    return [piece for piece in pieces if piece in lexicon.PEOPLE]


def _surname(slot: str) -> str:
    if slot[:2] in lexicon.COMPOUND_SURNAMES and len(slot) > 2:
        return slot[:2]
    is_surname = slot[:1] in lexicon.SURNAMES or slot[:1] in lexicon.SURNAMES_IN_SLOTS
    return slot[:1] if is_surname else ""


def _is_surname_and_given(slot: str, surname: str) -> bool:
    """Return whether the slot falls into a surname and what may follow it, rather than into ordinary words."""
    given = slot[len(surname) :]
    if given[:1] in lexicon.SURNAMES and len(given) == 3:
        given = given[1:]
    if (
        not 1 <= len(given) <= 2
        or not SPEAKING.isdisjoint(given)
        or slot in lexicon.NOT_NAMES
        or is_usual(slot)
    ):
        return False
    if is_in_dictionary(slot) or given in lexicon.GIVEN_NAMES:
        return True
    first = tokenise(slot, guess=False)[0]
    return first.word == surname or first.tag.startswith("nr") or lexicon.GIVEN_CHARACTERS.issuperset(given)


def _could_be_given(slot: str) -> bool:
    tokens = tokenise(slot, guess=False)
    if any(token.tag in NO_NAME_TAGS and token.word not in lexicon.GIVEN_CHARACTERS for token in tokens):
        return False
    if lexicon.NAME_CHARACTERS.issuperset(slot):
        return slot not in lexicon.NOT_NAMES
    return len(slot) == 2 and frequency(slot) < USUAL and lexicon.NEVER_IN_NAMES.isdisjoint(slot)
