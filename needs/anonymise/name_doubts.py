"""
Which finds are ordinary words or parts of them: they stay masked, but don't block the text that they stand in.

Blocking is for texts in which somebody is named. A dictionary calls hundreds of ordinary words names (关怀, 熊猫),
and a piece of a place (莫斯科) or of an organisation (雷丁大学) is made of the same characters as a name.
"""

import re
from collections.abc import Iterable, Iterator

from needs.anonymise.name_scores import Candidate
from needs.anonymise.tokens import Token, frequency, is_in_dictionary

DOUBTED = 1.4  # masked for sure, below what blocks
LONG_PLACE = 3  # shorter ones are given names as well (建国)
SEEN_OFTEN = 100  # a word that the dictionary has seen so often is more than somebody's name
PLACE_OR_ORGANISATION = re.compile(
    r"(?:特别行政区|自治[区州县]|街道|社区|小区|公园|花园|广场|大厦|机场|车站|水库|海峡|半岛|群岛|草原|盆地|山脉|地区|"
    r"大学|学院|中学|小学|医院|公司|集团|银行|基金|证券|电视|报社|日报|晚报|新闻社|通讯社|出版社|研究[所院]|博物馆|图书馆|大赛|联赛|品牌|手机|汽车|"
    r"[县市省州镇乡村屯寨庄区路街巷桥山河湖江海岛湾港峰岭沟谷林寺庙塔城府国洲队杯奖军派族语教节菜酒茶药刊])"
)
DOT = re.compile("[·•・‧⋅∙●]")


def doubted(text: str, found: Iterable[Candidate], words: list[Token]) -> Iterator[Candidate]:
    """Yield the finds, those that may well be ordinary words with a score that masks and doesn't block."""
    within = {place: token for token in words for place in range(token.start, token.end)}
    for candidate in found:
        if candidate.score > DOUBTED and _is_doubtful(text, candidate, within):
            yield candidate._replace(score=DOUBTED)
        else:
            yield candidate


def _is_doubtful(text: str, candidate: Candidate, within: dict[int, Token]) -> bool:
    said = text[candidate.start : candidate.end]
    if DOT.search(said):
        return all(is_in_dictionary(part) or not part.isalpha() for part in DOT.split(said))
    around = within[candidate.start]
    is_inside = around.end >= candidate.end and len(around.word) > len(said)
    is_place = len(around.word) >= LONG_PLACE and around.tag in {"ns", "nt"}
    return (
        is_inside
        or is_place
        or (len(said) == 2 and frequency(said) >= SEEN_OFTEN)
        or PLACE_OR_ORGANISATION.match(text, candidate.end) is not None
        or (len(said) > 2 and PLACE_OR_ORGANISATION.fullmatch(said[-1]) is not None)
    )
