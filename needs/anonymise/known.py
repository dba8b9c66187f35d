"""Find the known values of a case in a text, however they are spelt."""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from jiujinan.text import Aligned, to_simplified
from needs.anonymise.lexicon import COMPOUND_SURNAMES, FORMS_OF_ADDRESS, GENERAL_PLACES, SURNAMES
from needs.anonymise.romanising import romanised
from needs.anonymise.skeleton import skeleton, skeleton_of, with_letters_for_digits_repaired
from needs.anonymise.spans import Kind, Span

DIGITS = frozenset("0123456789")
FULL_NAME_LENGTHS = range(2, 5)
SHORTEST_NUMBER = 6
LONGEST_SPREAD = 80
NEAR = 6
FIGURES = "零一二三四五六七八九"
SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
LONG_NUMBER = 10
ID_LENGTH = 18
BEFORE_SURNAME = ("老", "小", "大", "阿", "姓")
BEFORE_GIVEN = ("小", "阿", "老", "大")
PLACE_SUFFIX = re.compile(
    r"(自治县|自治区|自治州|街道办事处|街道|社区|居委会|村委会|自然村|行政村|村民小组|小组|[省市县区镇乡村屯组寨庄坪湾队])$"
)
PLACE_PREFIX = re.compile(r"^.{2,8}?(?:自治区|自治州|自治县|省|市|县|区|镇|乡|街道)(?=.{2})")
COMPANY_SUFFIX = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|公司|集团|工厂|厂|合作社|商店|店|工程队)$"
)
PLACE_PIECE = re.compile(
    r"[^省市县区镇乡村屯组寨庄路街巷]{2,8}?(?:自治县|街道|社区|小区|[市县区镇乡村屯寨庄路街巷])"
)
SCHOOL = re.compile(r"第?(\d{1,2}|[一二三四五六七八九十]{1,3})(中学|小学|人民医院|医院|高中|初中)$")
TELLS_NOTHING = re.compile(
    r"第?[\d一二三四五六七八九十]+|人民|中心|中医|妇幼|妇幼保健|实验|希望|城关|高级|初级|职业|民族|中心小|县|市"
)
SCHOOL_SUFFIX = re.compile(
    r"(中心小学|实验小学|小学|高级中学|初级中学|中学|职业学校|学校|学院|大学|幼儿园|医院|卫生院)$"
)


def find_known(text: str, known: Iterable[str]) -> Iterator[Span]:
    """Yield the spans of every known value and of what people make of it."""
    bones = skeleton(text)
    for value in known:
        for variant in variants(value):
            yield from _occurrences(bones, variant)
        digits = _digits(skeleton_of(value))
        if len(digits) >= SHORTEST_NUMBER and len(digits) >= len(skeleton_of(value)) - 1:
            yield from _scattered(bones, digits, ends_in_x=skeleton_of(value).endswith("x"))


@lru_cache(maxsize=4096)
def variants(value: str) -> frozenset[str]:
    """Return the skeletons to look for when this value is known; the empty set for an empty value."""
    bones = skeleton_of(value)
    found = {bones, *_numbers_in_words(value)}
    if len(bones) > 2:
        found.add(bones[::-1])
    found.update(_shortened_numbers(bones))
    is_name, is_place = _is_name(value), _has_suffix(value)
    if is_name:
        found.update(map(skeleton_of, _name_variants(_han(value))))
        found.update(romanised(_han(value)))
    found.update(map(skeleton_of, _encoded(value)))
    if is_place or not is_name:
        found.update(map(skeleton_of, _place_and_work_variants(_han_and_digits(value))))
    return frozenset(variant for variant in found if variant)


def _occurrences(bones: Aligned, variant: str) -> Iterator[Span]:
    start = bones.text.find(variant)
    while start >= 0:
        yield Span(*bones.original_span(start, start + len(variant)), Kind.KNOWN)
        start = bones.text.find(variant, start + 1)


def _scattered(bones: Aligned, digits: str, *, ends_in_x: bool) -> Iterator[Span]:
    """Yield spans of the digits with other characters strewn in, within a short stretch of text.

    The X that ends an identity number is looked for a little behind its last digit.
    """
    repaired = with_letters_for_digits_repaired(bones.text)
    places = [place for place, character in enumerate(repaired) if character in DIGITS]
    only_digits = "".join(repaired[place] for place in places)
    start = only_digits.find(digits)
    while start >= 0:
        first, last = places[start], places[start + len(digits) - 1]
        if ends_in_x:
            last = max(last, repaired.find("x", last, last + NEAR))
        if last - first < LONGEST_SPREAD:
            yield Span(*bones.original_span(first, last + 1), Kind.KNOWN)
        start = only_digits.find(digits, start + 1)


def _digits(bones: str) -> str:
    return "".join(character for character in bones if character in DIGITS)


def _han(value: str) -> str:
    return "".join(character for character in value if "\u3400" <= character <= "\u9fff")


def _han_and_digits(value: str) -> str:
    return "".join(character for character in value if character.isalnum())


def surname_of(name: str) -> str:
    """Return the surname that a Chinese name begins with, "" when it begins with none."""
    simplified = to_simplified(name)
    if simplified[:2] in COMPOUND_SURNAMES and len(simplified) > 2:
        return simplified[:2]
    return simplified[:1] if simplified[:1] in SURNAMES else ""


def _is_name(value: str) -> bool:
    """Return whether a known value may be somebody's name; one without a known surname too."""
    letters = [character for character in value if character.isalnum()]
    han = _han(value)
    if len(han) != len(letters) or len(han) not in FULL_NAME_LENGTHS:
        return False
    return surname_of(han) != "" or not _has_suffix(value)


def _encoded(value: str) -> Iterator[str]:
    """Yield what base64, hexadecimal and percent encoding make of the value (base64 without its end)."""
    for encoding in ("utf-8", "gb18030"):
        raw = value.encode(encoding, errors="replace")
        if len(raw) > SHORTEST_NUMBER - 3:
            yield raw.hex()
            yield "".join(f"%{byte:02X}" for byte in raw)
            yield base64.b64encode(raw[: len(raw) // 3 * 3]).decode()


def _has_suffix(value: str) -> bool:
    return any(suffix.search(value) for suffix in (PLACE_SUFFIX, COMPANY_SUFFIX, SCHOOL_SUFFIX))


def _name_variants(name: str) -> Iterator[str]:
    surname = surname_of(name) or name[0]
    given = name[len(surname) :]
    yield from (surname + form for form in FORMS_OF_ADDRESS)
    yield from (before + surname for before in BEFORE_SURNAME)
    if len(given) > 1:
        yield given
        yield surname + given[-1]
        yield surname + given[0]
        yield surname + "某" + given[-1]
        yield surname + given[0] + "某"
    if given:
        yield from (before + given[-1] for before in BEFORE_GIVEN)
        yield given[-1] * 2
        yield surname + "x" + given[-1]
        yield "某" + given
    yield surname + "xx"


def _place_and_work_variants(value: str) -> Iterator[str]:
    pieces = [piece for piece in PLACE_PIECE.findall(value) if len(piece) > 2 and not piece[0].isdigit()]
    if value.endswith("医院"):
        yield from (f"{level}医院" for level in "市县区镇乡" if level in value)
    for name in {value, PLACE_PREFIX.sub("", value), *pieces, *_rests(value)}:
        yield name
        for suffix in (PLACE_SUFFIX, COMPANY_SUFFIX, SCHOOL_SUFFIX):
            stem = suffix.sub("", name)
            if stem != name and len(stem) > 1 and not TELLS_NOTHING.fullmatch(stem):
                yield stem
                if suffix is COMPANY_SUFFIX and stem[:2] not in GENERAL_PLACES:
                    yield stem[:2]
        school = SCHOOL.search(name)
        if school:
            yield school.group(1) + school.group(2)[0]
            yield school.group(1) + school.group(2)


def _rests(value: str) -> Iterator[str]:
    """Yield what follows each division in an address, as long as it still tells something."""
    for match in PLACE_PIECE.finditer(value):
        rest = value[match.end() :]
        if len(rest) > 3:
            yield rest


def _shortened_numbers(bones: str) -> Iterator[str]:
    """Yield what is left of a long number with its middle starred out, and the birthday in an identity number."""
    if len(bones) < LONG_NUMBER or sum(character in DIGITS for character in bones) < len(bones) - 1:
        return
    yield bones[:3] + bones[-4:]
    yield bones[:6] + bones[-4:]
    yield bones[-6:]
    if len(bones) == ID_LENGTH:
        yield bones[6:14]


def _numbers_in_words(value: str) -> Iterator[str]:
    """Yield the value with its short numbers as words (12号 as 十二号, 2000号 as 两千号), as the skeleton has them."""
    if SHORT_NUMBER.search(value) and re.search(r"[^\W\d]", value):
        for two in "二两":
            pieces = re.split(r"(?<!\d)(\d{1,4})(?!\d)", value)
            yield skeleton_of(
                "".join(_in_words(int(piece), two) if piece.isdigit() else piece for piece in pieces)
            )
    words = re.search(r"[一二三四五六七八九]?十[一二三四五六七八九]?", value)
    if words:
        yield skeleton_of(value.replace(words.group(), str(_from_words(words.group()))))


def _in_words(number: int, two: str = "二") -> str:
    """Return a number below 10,000 as it is said; `two` is how a two before 百 and 千 is said."""
    said, gap = "", False
    for unit, digit in zip(("千", "百", "十", ""), f"{number:04d}", strict=True):
        if digit == "0":
            gap = bool(said)
            continue
        figure = two if digit == "2" and unit in {"千", "百"} else FIGURES[int(digit)]
        said += ("零" if gap else "") + ("" if unit == "十" and digit == "1" and not said else figure) + unit
        gap = False
    return said or FIGURES[0]


def _from_words(words: str) -> int:
    tens, _, ones = words.partition("十")
    return (FIGURES.index(tens) if tens else 1) * 10 + (FIGURES.index(ones) if ones else 0)
