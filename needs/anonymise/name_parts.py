"""Names by the parts that names of minorities are made of, and what still belongs to a name that was found."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from needs.anonymise import lexicon
from needs.anonymise.name_scores import FUNCTION_CHARACTERS, HAN, Candidate
from needs.anonymise.tokens import Token, is_usual

FOUND_FROM = 0.4
SURELY = 1.6
LONGEST_STRETCHED = 6
# What ends no name even after a surname: 李定中, 朱中一 and 余为群 are names.
SURELY_NO_NAMES = frozenset(
    "的了在是和与及或也就都而把被对于不这那说等从向到让给将并但却很更最又还再才刚已曾会能可要应该没我你他她它着过吗呢吧啊则即因所以"
)
BEFORE_NAMES = frozenset("老小阿大")
AFTER_NAMES = frozenset("某氏")


@cache
def _parts() -> re.Pattern[str]:
    longest_first = sorted(lexicon.MINORITY_PARTS, key=lambda part: (-len(part), part))
    return re.compile("(?:" + "|".join(longest_first) + ")+")


def from_parts(text: str) -> Iterator[Candidate]:
    """Yield runs of the parts that names of minorities are made of; long ones are names for sure."""
    for match in _parts().finditer(text):
        if len(match.group()) > 3:
            yield Candidate(match.start(), match.end(), SURELY)
        elif not is_usual(match.group()):
            yield Candidate(match.start(), match.end(), 0.7)


def stretched(text: str, found: Iterable[Candidate], words: Iterable[Token]) -> Iterator[Candidate]:
    """Yield found names with the characters beside them that no word explains: 大 + 吴, 师旬 + 卿, 乌云 + 其其格."""
    alone = {token.start for token in words if len(token.word) == 1 and HAN.match(token.word)}
    for start, end, score in found:
        if score < FOUND_FROM or end - start > LONGEST_STRETCHED:
            continue
        first, last = _to_the_left(text, start, alone), _to_the_right(text, start, end, alone)
        if (first, last) != (start, end):
            yield Candidate(first, last, min(score, 1.0))


BEFORE_MARKS = re.compile(r"(?:(?<![A-Za-z])[A-Za-z] ?[·•.]? ?)$")
AFTER_MARKS = re.compile(r"[·•-]+(?: ?[A-Z]\.?(?![A-Za-z]))?| ?[·•.]? ?[A-Z]\.")
AROUND = {"(": ")", "【": "】", "“": "”", '"': '"', "《": "》"}


def with_marks(text: str, candidate: Candidate) -> Candidate:
    """Return a find with the initials and dots that belong to it (D. 罗斯, c罗, 保罗·) and the marks around it."""
    start, end, score = candidate
    before = BEFORE_MARKS.search(text, max(0, start - 4), start)
    start = before.start() if before else start
    after = AFTER_MARKS.match(text, end)
    end = after.end() if after else end
    if start and end < len(text) and AROUND.get(text[start - 1]) == text[end]:
        start, end = start - 1, end + 1
    return Candidate(start, end, score)


def _to_the_left(text: str, start: int, alone: set[int]) -> int:
    before = text[start - 1 : start]
    is_surname = start - 1 in alone and before in lexicon.SURNAMES and before not in FUNCTION_CHARACTERS
    return start - 1 if start and (is_surname or before in BEFORE_NAMES) else start


def _to_the_right(text: str, start: int, end: int, alone: set[int]) -> int:
    sounding = sum(character in lexicon.SOUND_CHARACTERS for character in text[start:end])
    sounds = sounding == end - start or (sounding == end - start - 1 and sounding > 1)
    while end < len(text) and end - start < LONGEST_STRETCHED:
        following = text[end]
        never_ends = SURELY_NO_NAMES if text[start] in lexicon.CLEAR_SURNAMES else FUNCTION_CHARACTERS
        is_left_over = end in alone and following not in never_ends and end - start < 3
        is_sound = sounds and following in lexicon.SOUND_CHARACTERS
        if not (is_left_over or is_sound or following in AFTER_NAMES):
            break
        end += 1
    return end
