"""How likely a stretch of text is somebody's name, by its characters and its neighbours."""

import re
from typing import NamedTuple

from needs.anonymise import lexicon
from needs.anonymise.tokens import Token

HAN = re.compile(r"[\u3400-\u9fff]+")
FUNCTION_CHARACTERS = frozenset(
    "的了在是和与及或有也就都而把被对于不这那其之以为因所从向到让给等将并但却很更最又还再才刚已曾会能可要应该须没无非未"
    "个位名只条件次年月日时分元万亿千百十一二三四五六七八九零两几多少来去上下里外前后内中间说看听想做用吃住患得病"
    "我你您他她它们咱谁某啊吗呢吧呀哦嗯着过地"
)
RARE = ((5, 0.5), (100, 0.45))  # a word seen at most so often is suspected so much
COMMON_WORD = 1000
GIVEN_AND_SURNAME = 3
_IN_ORGANISATION = re.compile(
    r"[\u3400-\u9fff（）()]{0,12}?(?:公司|集团|股份|银行|大学|学院|中学|小学|医院|研究所|研究院|事务所|[工电药化纺酒钢]厂|委员会|协会)"
)


class Candidate(NamedTuple):
    """A stretch of the folded text that may be a name."""

    start: int
    end: int
    score: float


def score_word(word: str, *, is_unknown: bool) -> float:
    """Return how likely a word that is tagged as a name is one."""
    surname = word[:2] if word[:2] in lexicon.COMPOUND_SURNAMES else word[0]
    score = 0.5
    if surname in lexicon.CLEAR_SURNAMES or surname in lexicon.COMPOUND_SURNAMES:
        score = 1.7
    elif surname in lexicon.DOUBTFUL_SURNAMES:
        score = 0.9
    if is_unknown:
        score += 0.6
    if all(character in lexicon.SOUND_CHARACTERS for character in word):
        return max(score, 1.0)
    given = word[len(surname) :]
    return score + 0.2 * sum(1 if character in lexicon.GIVEN_CHARACTERS else -1 for character in given[:2])


def can_end_name(token: Token) -> bool:
    """Return whether the word can be the last character of a name."""
    if token.word == "之":
        return True
    return (
        len(token.word) == 1
        and HAN.fullmatch(token.word) is not None
        and token.word not in FUNCTION_CHARACTERS
        and token.tag[0] not in "pcu"
    )


def score_around(text: str, start: int, end: int) -> float:
    """Return what the neighbours add: cues and titles, and standing alone between signs."""
    before, after = text[start - 1 : start] or "。", text[end : end + 1] or "。"
    alone = not HAN.match(before) and not HAN.match(after)
    return score_cues(text, start, end) + (0.4 if alone else 0.0)


def score_cues(text: str, start: int, end: int) -> float:
    """Return what cues before, titles after and an organisation around add or take."""
    score = 0.0
    if any(text[max(0, start - length) : start] in lexicon.CUES for length in (1, 2, 3)):
        score += 0.8
    end += text[end : end + 1] in {"副", "前", "原", "老"}
    if any(text[end : end + length] in lexicon.TITLES for length in (1, 2, 3)):
        score += 0.8
    if _IN_ORGANISATION.match(text, end):
        score -= 0.6
    return score


def score_given(token: Token) -> float:
    """Return what the characters of a given name add or take."""
    characters = [character in lexicon.GIVEN_CHARACTERS for character in token.word]
    score = 0.4 if all(characters) else 0.0 if any(characters) else -0.3
    if token.tag[0] in "vdpcu" and len(token.word) > 1:
        score -= 0.5
    return score
