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
from typing import NamedTuple

from needs.anonymise import lexicon
from needs.anonymise.spans import Kind, Span
from needs.anonymise.tokens import Token, fold, frequency, is_in_dictionary, tokenise

MASK_FROM = 0.5
BLOCK_FROM = 1.5
RARE = ((5, 0.5), (100, 0.45))  # a word seen at most so often is suspected so much
COMMON_WORD = 1000
DOTS = "·•・‧⋅∙●"
HAN = re.compile(r"[\u3400-\u9fff]+")
FUNCTION_CHARACTERS = frozenset(
    "的了在是和与及或有也就都而把被对于不这那其之以为因所从向到让给等将并但却很更最又还再才刚已曾会能可要应该须没无非未"
    "个位名只条件次年月日时分元万亿千百十一二三四五六七八九零两几多少来去上下里外前后内中间说看听想做用吃住患得病"
    "我你您他她它们咱谁某啊吗呢吧呀哦嗯着过地"
)
NAMED = re.compile(
    r"(?:名叫|叫做|名为|取名|小名|乳名|绰号|外号|诨名|原名|本名|化名|曾用名|姓名|人称|自称|名字(?:是|叫|为)?)"
    r"[为是叫：:“\"'「 ]{0,2}([\u3400-\u9fff]{1,4}?)(?=[，。、；,.;”\"'」！!？?（() ]|的|是|今|现|家|住|因|患|在|$)"
)
CALLED = re.compile(r"(?<![^\W\d_][喊呼])叫[“\"「]?([\u3400-\u9fff]{2,3})(?=[，。、；,.;”\"」 ]|的|$)")
DASHED = re.compile(r"(?<=[\u3400-\u9fff])[—–-](?=[\u3400-\u9fff])")
TWO_OF_THEM = re.compile(
    r"(?:[、和与，]|^)([\u3400-\u9fff])(?:二人|两人|等人|夫妇|夫妻|父子|母女|母子|父女|姐妹|兄弟)"
)
NAMED_AFTER = re.compile(r"([\u3400-\u9fff])(?=[\u3400-\u9fff]?[杯奖])")
TITLED = re.compile("|".join(sorted(lexicon.PERSON_TITLES, key=len, reverse=True)))
WITH_SEX = re.compile(r"(?:^|(?<=[。；：，\s]))([\u3400-\u9fff]{2,4})[，,、（( ]\s?[男女](?![\u3400-\u9fff])")
BEGINS_WITH_TITLED = re.compile(r"(?:^|(?<=[。；：，\s]))([\u3400-\u9fff]{2,4}?)(?=先生|女士|小姐)")
LISTED = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4}(?:[、，][\u3400-\u9fff]{2,4})+(?![\u3400-\u9fff])"
)
LIKELY = 1.2
CAPITALISED = re.compile(r"(?<![A-Za-z])[A-Z][a-z]+(?:[ .·-]{1,2}[A-Z][a-z]+)+")
LONG_PINYIN = 8
LONGEST_PINYIN = 24  # beyond that the pattern could take long to fail
GIVEN_AND_SURNAME = 3
DOTTED = re.compile(rf"[\u3400-\u9fffA-Z]{{1,7}}(?:[{DOTS}][\u3400-\u9fff]{{1,7}})+")
HIDDEN_PARTS = re.compile(
    r"([\u3400-\u9fff])(?:某{1,3}|[*＊×xX○〇□■?？]{1,3}|氏)[\u3400-\u9fff]?(?![\u3400-\u9fff]?[*＊×])"
)
LATIN_WORDS = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?(?:[ .·-]{1,2}[A-Za-z]+)*")
INITIAL = re.compile(r"[A-Za-z]\s*某|[A-Z]\s*(?=先生|女士|同学|家|大爷|奶奶)")
KIN = (
    "先生|女士|小姐|太太|夫人|大爷|大娘|大妈|大叔|大伯|大哥|大姐|大嫂|奶奶|爷爷|叔叔|阿姨|婆婆|伯伯|师傅|老师|医生|大夫|"
    "同学|老汉|老太|老人|阿婆|阿公|婶|嫂|叔|伯|哥|姐|妹|爷|奶|婆|总|工|老|氏|家"
)
PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in"
    r"|iu|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)(?:ng?)?)+",
    re.IGNORECASE,
)


class Candidate(NamedTuple):
    """A stretch of the folded text that may be a name."""

    start: int
    end: int
    score: float


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
    for start, end, score in _candidates(folded.text):
        best[start, end] = max(score, best.get((start, end), 0.0))
    for (start, end), score in best.items():
        yield Suspicion(Span(*folded.original_span(start, end), Kind.NAME), score)


def _candidates(text: str) -> Iterator[Candidate]:
    words, guessed = tokenise(text, guess=False), tokenise(text, guess=True)
    found = [
        *_from_patterns(text),
        *_from_tags(text, guessed),
        *_from_tags(text, words),
        *_from_surnames(text, words),
        *_from_surnames(text, guessed),
        *_from_sounds(words),
        *_from_lone_characters(text, words),
    ]
    yield from found
    yield from _in_a_list_with(text, found)
    yield from _said_again(text, found)


def _from_patterns(text: str) -> Iterator[Candidate]:
    for match in NAMED.finditer(text):
        yield Candidate(match.start(1), match.end(1), 2.5)
    for match in CALLED.finditer(text):
        yield Candidate(match.start(1), match.end(1), 1.6)
    for match in DOTTED.finditer(text):
        yield Candidate(*_trim_dotted(text, match), 3.0)
    for match in DASHED.finditer(text):
        start, end = _sounds_around(text, match.start())
        if match.start() - start > 1 and end - match.end() > 1:
            yield Candidate(start, end, 0.8)
    for match in NAMED_AFTER.finditer(text):
        if match.group(1) in lexicon.CLEAR_SURNAMES:
            yield Candidate(match.start(), match.start() + 1, 0.7)
    for match in TWO_OF_THEM.finditer(text):
        yield Candidate(match.start(1), match.end(1), 0.8)
    for match in HIDDEN_PARTS.finditer(text):
        if match.group(1) in lexicon.SURNAMES:
            yield Candidate(match.start(), match.end(), 3.0)
    for match in INITIAL.finditer(text):
        yield Candidate(match.start(), match.end(), 2.0)
    for match in WITH_SEX.finditer(text):
        yield Candidate(match.start(1), match.end(1), 2.0)
    for match in BEGINS_WITH_TITLED.finditer(text):
        yield Candidate(match.start(1), match.end(1), 0.9)
    for match in TITLED.finditer(text):
        yield from _before_title(text, match.start())
    yield from _from_address(text)
    yield from _from_latin(text)
    yield from _from_capitals(text)


def _sounds_around(text: str, place: int) -> tuple[int, int]:
    """Return the bounds of the characters of foreign names on both sides of a dash."""
    start, end = place, place + 1
    while start > 0 and text[start - 1] in lexicon.SOUND_CHARACTERS:
        start -= 1
    while end < len(text) and text[end] in lexicon.SOUND_CHARACTERS:
        end += 1
    return start, end


def _trim_dotted(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the bounds of a dotted name without the words that stand before and after it."""
    start, end = match.span()
    first_dot = next(place for place in range(start, end) if text[place] in DOTS)
    last_dot = next(place for place in range(end - 1, start, -1) if text[place] in DOTS)
    begin, stop = first_dot, last_dot + 1
    while begin > start and (text[begin - 1] in lexicon.SOUND_CHARACTERS or first_dot - begin < 2):
        begin -= 1
    while stop < end and (text[stop] in lexicon.SOUND_CHARACTERS or stop - last_dot <= 2):
        stop += 1
    return begin, stop


_IN_ORGANISATION = re.compile(
    r"[\u3400-\u9fff（）()]{0,12}?(?:公司|集团|股份|银行|大学|学院|中学|小学|医院|研究所|研究院|事务所|[工电药化纺酒钢]厂|委员会|协会)"
)
_ADDRESSED = re.compile(rf"([老小阿大]?)([\u3400-\u9fff])({KIN})")
_NICKNAMED = re.compile(r"(?<![\u3400-\u9fff][老小阿])([老小阿])([\u3400-\u9fff])")


def _from_address(text: str) -> Iterator[Candidate]:
    for match in _ADDRESSED.finditer(text):
        surname, kin = match.group(2), match.group(3)
        if surname in lexicon.CLEAR_SURNAMES:
            yield Candidate(match.start(), match.end(2), 2.0 if len(kin) > 1 else 1.0)
        elif surname in lexicon.DOUBTFUL_SURNAMES and len(kin) > 1:
            yield Candidate(match.start(), match.end(2), 1.2)
    for match in _NICKNAMED.finditer(text):
        if is_in_dictionary(text[match.start() : match.end() + 1]):
            continue
        if match.group(2) in lexicon.CLEAR_SURNAMES:
            yield Candidate(match.start(), match.end(), 1.6)
        elif match.group(2) in lexicon.DOUBTFUL_SURNAMES and match.group(1) != "小":
            yield Candidate(match.start(), match.end(), 0.7)


def _before_title(text: str, end: int) -> Iterator[Candidate]:
    """Yield what a title may belong to: a surname with one or two characters, or foreign sounds."""
    for length in (2, 3):
        start = end - length
        name = text[start:end] if start >= 0 else ""
        if (
            not HAN.fullmatch(name)
            or name in lexicon.NOT_NAMES
            or not lexicon.NEVER_IN_NAMES.isdisjoint(name)
        ):
            continue
        is_given = all(character in lexicon.GIVEN_CHARACTERS for character in name[1:])
        if name[0] in lexicon.CLEAR_SURNAMES or (name[0] in lexicon.DOUBTFUL_SURNAMES and is_given):
            yield Candidate(start, end, 0.9)
    start = end
    while start > 0 and text[start - 1] in lexicon.SOUND_CHARACTERS:
        start -= 1
    if end - start > 2:
        yield Candidate(start, end, 0.8)


def _from_latin(text: str) -> Iterator[Candidate]:
    for match in LATIN_WORDS.finditer(text):
        words = re.findall(r"[A-Za-z]+", match.group())
        long = [word for word in words if len(word) > 1]
        capital = all(word[0].isupper() for word in long)
        pinyin = all(len(word) <= LONGEST_PINYIN and PINYIN.fullmatch(word) for word in long)
        spelt = (
            pinyin and long and (len(long) > 1 or (len(long[0]) > 4 and capital and not long[0].isupper()))
        )
        spelt = spelt or (pinyin and any(len(word) >= LONG_PINYIN for word in long))
        western = capital and len(long) > 1 and not all(word.isupper() for word in long)
        if spelt or western:
            yield Candidate(match.start(), match.end(), 1.6)


def _from_capitals(text: str) -> Iterator[Candidate]:
    for match in CAPITALISED.finditer(text):
        yield Candidate(match.start(), match.end(), 1.6)


def _from_tags(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    for place, token in enumerate(tokens):
        if place:
            yield from _from_joined_sounds(text, tokens[place - 1], token)
        if len(token.word) < 2 or token.word in lexicon.NOT_NAMES or not HAN.fullmatch(token.word):
            continue
        if token.word[0] in lexicon.SURNAMES and token.word[1:] in lexicon.TITLES:
            yield Candidate(token.start, token.start + 1, 1.0)
        yield from _from_other_word(text, token)
        if not token.tag.startswith("nr"):
            continue
        score = _score_word(token.word, is_unknown=not is_in_dictionary(token.word))
        score += _score_around(text, token.start, token.end)
        yield Candidate(token.start, token.end, score)
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following and len(token.word) == 2 and _can_end_name(following):
            yield Candidate(token.start, following.end, score)


def _from_other_word(text: str, token: Token) -> Iterator[Candidate]:
    """Yield words that no tag calls a name: rare ones, and a surname with an office in one word."""
    word, seen = token.word, frequency(token.word)
    if word[:2] in lexicon.FOREIGN_SURNAMES and len(word) > 2:
        yield Candidate(token.start, token.end, 0.9)
    if not lexicon.NEVER_IN_NAMES.isdisjoint(word):
        return
    score = next((score for limit, score in RARE if seen <= limit), 0.0)
    if all(character in lexicon.SOUND_CHARACTERS for character in word):
        score += 0.3 * (len(word) - 1)
    if seen <= RARE[0][0] and all(character in lexicon.GIVEN_CHARACTERS for character in word):
        score += 0.15
    if len(word) > 2 and word[0] in lexicon.SURNAMES and seen < COMMON_WORD and token.tag not in {"ns", "nt"}:
        score += 0.6 if word[0] in lexicon.CLEAR_SURNAMES else 0.4
        score += 0.1 * sum(1 if character in lexicon.GIVEN_CHARACTERS else -1 for character in word[1:3])
    score += 0.2 * (token.tag == "nz")
    if word[0] == word[-1] and word[0] in lexicon.GIVEN_CHARACTERS:
        score += 0.3
    if score:
        yield Candidate(token.start, token.end, score + _score_cues(text, token.start, token.end))
    if len(word) > 3 and word.endswith("主义"):
        yield Candidate(token.start, token.end - 2, 0.9)


def _from_joined_sounds(text: str, before: Token, token: Token) -> Iterator[Candidate]:
    """Yield two neighbours that are written with the characters of foreign names, one of them rare."""
    both = before.word + token.word
    rare = min(frequency(before.word), frequency(token.word)) < RARE[-1][0]
    if 3 <= len(both) <= 6 and rare and all(character in lexicon.SOUND_CHARACTERS for character in both):
        yield Candidate(before.start, token.end, 0.7 + _score_around(text, before.start, token.end))


def _score_word(word: str, *, is_unknown: bool) -> float:
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


def _can_end_name(token: Token) -> bool:
    if token.word == "之":
        return True
    return (
        len(token.word) == 1
        and HAN.fullmatch(token.word) is not None
        and token.word not in FUNCTION_CHARACTERS
        and token.tag[0] not in "pcu"
    )


def _score_around(text: str, start: int, end: int) -> float:
    """Return what the neighbours add: cues and titles, and standing alone between signs."""
    before, after = text[start - 1 : start] or "。", text[end : end + 1] or "。"
    alone = not HAN.match(before) and not HAN.match(after)
    return _score_cues(text, start, end) + (0.4 if alone else 0.0)


def _score_cues(text: str, start: int, end: int) -> float:
    score = 0.0
    if any(text[max(0, start - length) : start] in lexicon.CUES for length in (1, 2, 3)):
        score += 0.8
    end += text[end : end + 1] in {"副", "前", "原", "老"}
    if any(text[end : end + length] in lexicon.TITLES for length in (1, 2, 3)):
        score += 0.8
    if _IN_ORGANISATION.match(text, end):
        score -= 0.6
    return score


def _from_surnames(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    for place, token in enumerate(tokens):
        is_compound = token.word in lexicon.COMPOUND_SURNAMES or token.word in lexicon.FOREIGN_SURNAMES
        if token.word in lexicon.CLEAR_SURNAMES or is_compound:
            base = 1.4
        elif token.word in lexicon.DOUBTFUL_SURNAMES:
            base = 0.4
        else:
            yield from _from_swallowed_surname(text, tokens, place)
            continue
        yield Candidate(token.start, token.end, base - 0.4 + _score_around(text, token.start, token.end))
        yield from _with_given_name(text, tokens, place, base)


def _with_given_name(text: str, tokens: list[Token], place: int, base: float) -> Iterator[Candidate]:
    first = tokens[place + 1] if place + 1 < len(tokens) else None
    second = tokens[place + 2] if place + 2 < len(tokens) else None
    start = tokens[place].start
    if first is None or not HAN.fullmatch(first.word) or len(first.word) > 3:
        return
    if (
        len(first.word) == 1
        and first.word in FUNCTION_CHARACTERS
        and first.word not in lexicon.GIVEN_CHARACTERS
    ):
        return
    score = base + _score_given(first) + _score_around(text, start, first.end)
    yield Candidate(start, first.end, score)
    if (
        len(first.word) == 1
        and second
        and len(second.word) <= 2
        and _can_end_name(Token(second.word[0], second.tag, 0))
    ):
        end = first.end + 1
        score = base + _score_given(first) + 0.5 * _score_given(Token(second.word[0], second.tag, 0))
        yield Candidate(start, end, score + _score_around(text, start, end))


def _score_given(token: Token) -> float:
    characters = [character in lexicon.GIVEN_CHARACTERS for character in token.word]
    score = 0.4 if all(characters) else 0.0 if any(characters) else -0.3
    if token.tag[0] in "vdpcu" and len(token.word) > 1:
        score -= 0.5
    return score


def _from_swallowed_surname(text: str, tokens: list[Token], place: int) -> Iterator[Candidate]:
    """Yield names whose surname the dictionary took for the beginning of a word (王国 + 强)."""
    token = tokens[place]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_three = len(token.word) == GIVEN_AND_SURNAME and token.word[0] in lexicon.SURNAMES
    is_place = token.tag in {"ns", "nt"}
    if (
        is_three
        and not is_place
        and all(character in lexicon.GIVEN_CHARACTERS for character in token.word[1:])
    ):
        yield Candidate(token.start, token.end, 1.0 + _score_around(text, token.start, token.end))
    if len(token.word) != 2 or token.word[0] not in lexicon.CLEAR_SURNAMES or token.word in lexicon.NOT_NAMES:
        return
    if following and _can_end_name(following) and following.word in lexicon.GIVEN_CHARACTERS:
        score = 0.8 + _score_around(text, token.start, following.end)
        yield Candidate(token.start, following.end, score)


def _from_sounds(tokens: list[Token]) -> Iterator[Candidate]:
    """Yield runs of characters that foreign names are written with and no dictionary knows."""
    run: list[Token] = []
    for token in [*tokens, Token("。", "x", 0)]:
        sounds = all(character in lexicon.SOUND_CHARACTERS for character in token.word)
        if sounds and (len(token.word) == 1 or token.tag.startswith("nr")) and token.tag[0] not in "puc":
            run.append(token)
            continue
        length = sum(len(each.word) for each in run)
        if length > 1 and any(len(each.word) == 1 for each in run):
            yield Candidate(run[0].start, run[-1].end, 0.5 + 0.5 * (length - 1))
        run = []


def _in_a_list_with(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Yield what stands in a list (甲、乙、丙) beside a likely name and looks like one."""
    likely = {(start, end) for start, end, score in found if score >= LIKELY}
    for match in LISTED.finditer(text):
        parts = [(part.start(), part.end()) for part in HAN.finditer(text, match.start(), match.end())]
        if not likely.isdisjoint(parts):
            for start, end in parts:
                if lexicon.NEVER_IN_NAMES.isdisjoint(text[start:end]):
                    yield Candidate(start, end, 0.7)


def _from_lone_characters(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    """Yield runs of two to four characters that no dictionary joins; Chinese prose has few of them."""
    run: list[Token] = []
    for token in [*tokens, Token("。", "x", 0)]:
        if len(token.word) == 1 and HAN.match(token.word) and token.word not in FUNCTION_CHARACTERS:
            run.append(token)
            continue
        if 2 <= len(run) <= 4:
            start, end = run[0].start, run[-1].end
            likely = 0.1 * sum(each.word in lexicon.GIVEN_CHARACTERS for each in run)
            if lexicon.NEVER_IN_NAMES.isdisjoint(text[start:end]):
                yield Candidate(start, end, 0.3 + likely + _score_around(text, start, end))
        run = []


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
