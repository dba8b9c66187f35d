"""Names by the forms that they are written and addressed in: patterns, no dictionary of words."""

import re
from collections.abc import Iterator

from needs.anonymise import lexicon
from needs.anonymise.name_latin import from_latin
from needs.anonymise.name_scores import HAN, Candidate
from needs.anonymise.tokens import is_in_dictionary, is_usual

DOTS = "·•・‧⋅∙●"
NAMED = re.compile(
    r"(?:名叫|叫做|名为|取名|小名|乳名|绰号|外号|诨名|原名|本名|化名|曾用名|姓名|人称|自称|名字(?:是|叫|为)?)"
    r"[为是叫：:“\"'「 ]{0,2}([\u3400-\u9fff]{1,4}?)(?=[，。、；,.;”\"'」！!？?（() ]|的|是|今|现|家|住|因|患|在|$)"
)
KNOWN_AS = re.compile(
    r"(?:人称|绰号|外号|诨名|小名|乳名|又名|笔名|艺名|网名|昵称)[为是叫:“\"'「 ]{0,2}([\u3400-\u9fff]{2,3})"
)
CALLED = re.compile(r"(?<![^\W\d_][喊呼])叫[“\"「]?([\u3400-\u9fff]{2,3})(?=[，。、；,.;”\"」 ]|的|$)")
DASHED = re.compile(r"(?<=[\u3400-\u9fff])[—–-](?=[\u3400-\u9fff])")
TWO_OF_THEM = re.compile(
    r"(?:[、和与，]|^)([\u3400-\u9fff])(?:二人|两人|等人|夫妇|夫妻|父子|母女|母子|父女|姐妹|兄弟)"
)
NAMED_AFTER = re.compile(r"([\u3400-\u9fff])(?=[\u3400-\u9fff]?[杯奖])")
TITLED = re.compile("|".join(sorted(lexicon.PERSON_TITLES, key=len, reverse=True)))
WITH_SEX = re.compile(
    r"(?:^|(?<=[。；：，\s]))([\u3400-\u9fff]{2,4})[，,、：:（( ]\s?[男女](?![\u3400-\u9fff])"
)
BEGINS_WITH_TITLED = re.compile(r"(?:^|(?<=[。；：，\s]))([\u3400-\u9fff]{2,4}?)(?=先生|女士|小姐)")
DOTTED = re.compile(rf"[\u3400-\u9fffA-Z]{{1,7}}(?:[{DOTS}][\u3400-\u9fff]{{1,7}})+")
HIDDEN_PARTS = re.compile(
    r"([\u3400-\u9fff])(?:某{1,3}|[*＊×xX○〇□■?？]{1,3}|氏)[\u3400-\u9fff]?(?![\u3400-\u9fff]?[*＊×])"
)
JAPANESE = re.compile(
    "(?:" + "|".join(sorted(word for word in lexicon.FOREIGN_SURNAMES if len(word) > 1)) + ")"
    "[\u3400-\u9fff]{0,2}[郎子美介助夫雄太斗辅男代惠香奈绪弦纪希]"
)
INITIAL = re.compile(
    r"[A-Za-z]\s*某|[A-Z]\s*(?=先生|女士|同学|家|大爷|奶奶)|(?<![\u3400-\u9fff])[老小大阿][A-Z](?![A-Za-z0-9])"
)
KIN = (
    "先生|女士|小姐|太太|夫人|大爷|大娘|大妈|大叔|大伯|大哥|大姐|大嫂|奶奶|爷爷|叔叔|阿姨|婆婆|伯伯|师傅|老师|医生|大夫|"
    "同学|老汉|老太|老人|阿婆|阿公|婶|嫂|叔|伯|哥|姐|妹|爷|奶|婆|总|工|老|氏|家"
)
_ADDRESSED = re.compile(rf"([老小阿大]?)([\u3400-\u9fff])({KIN})")
BY_ORDER = re.compile(
    r"[大二三四五六七八九十老小幺胖瘦矮聋哑瞎瘸](?:娘|婶|嫂|叔|伯|哥|姐|姑|姨|舅|爷|奶|妹|弟|妞|丫|娃|毛|狗|牛|虎|柱|蛋|宝|妮|囡)"
)
CALLED_BY_KIN = re.compile(
    r"(?:^|(?<=[^\u3400-\u9fff]))[\u3400-\u9fff](?:总|哥|姐|叔|婶|爷|嫂|姨|伯|姑|舅)(?=[^\u3400-\u9fff]|[说讲的是在也都又把给和跟家病住来去就还]|$)"
)
COMMON_SURNAMES = frozenset("高马黄于任曾方石段钱江万常金白安文向易康")
BEFORE_NICKNAMES = frozenset("老小阿大")
_NICKNAMED = re.compile(r"(?=([老小阿大])([\u3400-\u9fff]))")


def from_forms(text: str) -> Iterator[Candidate]:
    """Yield what is written as names are: named, dotted, hidden in part, addressed, in Latin letters."""
    for match in NAMED.finditer(text):
        yield Candidate(match.start(1), match.end(1), 2.5)
    for match in KNOWN_AS.finditer(text):
        yield Candidate(match.start(1), match.end(1), 0.7)
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
            # A question mark is more often one than a character that was lost.
            yield Candidate(match.start(), match.end(), 0.7 if "?" in match.group() else 3.0)
    for match in JAPANESE.finditer(text):
        yield Candidate(match.start(), match.end(), 0.9)
    for match in INITIAL.finditer(text):
        yield Candidate(match.start(), match.end(), 2.0)
    for match in WITH_SEX.finditer(text):
        yield Candidate(match.start(1), match.end(1), 2.0)
    for match in BEGINS_WITH_TITLED.finditer(text):
        yield Candidate(match.start(1), match.end(1), 0.9)
    for match in TITLED.finditer(text):
        yield from _before_title(text, match.start())
    for match in BY_ORDER.finditer(text):
        if not is_usual(match.group()):
            yield Candidate(match.start(), match.end(), 0.6)
    for match in CALLED_BY_KIN.finditer(text):
        if not is_usual(match.group()):
            yield Candidate(match.start(), match.end(), 0.6)
    yield from _from_address(text)
    yield from from_latin(text)


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


def _from_address(text: str) -> Iterator[Candidate]:
    for match in _ADDRESSED.finditer(text):
        surname, kin = match.group(2), match.group(3)
        if is_usual(text[match.start() - 1 : match.start() + 1]):
            continue
        if surname in lexicon.CLEAR_SURNAMES:
            yield Candidate(match.start(), match.end(2), 2.0 if len(kin) > 1 else 1.0)
        elif surname in lexicon.DOUBTFUL_SURNAMES and len(kin) > 1:
            yield Candidate(match.start(), match.end(2), 1.2)
        elif surname in lexicon.DOUBTFUL_SURNAMES and not is_usual(match.group()):
            yield Candidate(match.start(), match.end(2), 0.6)
    for match in _NICKNAMED.finditer(text):
        start, end = match.span(0)[0], match.end(2)
        said = text[start:end]
        is_name = match.group(1) == "阿" or match.group(2) in lexicon.NAME_CHARACTERS
        is_surname = match.group(2) in lexicon.CLEAR_SURNAMES or match.group(2) in COMMON_SURNAMES
        if (
            said not in lexicon.NOT_NAMES
            and is_name
            and (is_surname or said[0] == "阿" or not is_usual(said))
        ):
            yield Candidate(start, end, 0.6)
        if is_in_dictionary(text[start : end + 1]) or text[start - 1 : start] in BEFORE_NICKNAMES:
            continue
        if match.group(2) in lexicon.CLEAR_SURNAMES and match.group(1) != "大":
            yield Candidate(start, end, 1.6)


def _before_title(text: str, end: int) -> Iterator[Candidate]:
    """Yield what a title may belong to: a surname with one or two characters, or foreign sounds."""
    if _is_lone_surname(text, end):
        yield Candidate(end - 1, end, 0.6)
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


def _is_lone_surname(text: str, end: int) -> bool:
    """Return whether one character before a title is a surname and belongs to no word with its neighbours."""
    surname = text[end - 1 : end]
    return (
        end > 0
        and surname in lexicon.SURNAMES
        and not (end > 1 and is_usual(text[end - 2 : end]))
        and not any(is_usual(text[end - 1 : end + length]) for length in (1, 2))
    )
