"""Find numbers and accounts that lead to a person, with their check digits where they have one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from jiujinan.text import Aligned, align, normalise
from needs.anonymise.skeleton import spaced_skeleton, with_letters_for_digits_repaired
from needs.anonymise.spans import Kind, Span

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10x98765432"
LONG_NUMBER = 7
# Blanks stand for whatever is no letter or digit: spaces, line ends, dashes, emoji, commas.
DIGIT_RUN = re.compile(r"[0-9](?: {0,8}[0-9x])*")
PHONE = re.compile(r"(?=((?:86)?1[3-9][0-9]{9}))")
LANDLINE = re.compile(r"(?=(0[1-9][0-9]{1,2}[2-9][0-9]{6,7}))")
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[a-hj-z] ?(?:[0-9a-z] ?){4}"
    r"[0-9a-z挂学警港澳][0-9a-z]?"
    r"|wj ?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]? ?(?:[0-9] ?){4}[0-9a-z]?"
    r"|使 ?(?:[0-9] ?){6}|(?:[0-9] ?){6}使(?![用得人])"
)
EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}\s{0,3}(?:@|[\[(（]?\b(?:at|AT)\b[\])）]?|#|艾特)\s{0,3}"
    r"[a-z0-9-]{1,63}(?:\s{0,3}[.。．]\s{0,3}[a-z0-9-]{1,63}){1,4}",
    re.IGNORECASE,
)
LINK = re.compile(
    r"(?:https?://|www\.)[^\s，。；、）]+|(?<![a-z0-9-])[a-z0-9-]{1,63}\.(?:com|cn|net|org|top|cc|vip|io)\b[^\s，。；、）]*",
    re.IGNORECASE,
)
ACCOUNT = re.compile(
    r"(?:微\s?信|薇信|威信|徽信|v信|v\s?x|w\s?x|加微|加v|加我|wechat|weixin|q\s?q|扣扣|企鹅|钉钉|陌陌|支付宝|抖音|快手|微博|小红书|账号|帐号|账户"
    r"|户头|公众号|群号|id)[\s号群码名：:是为叫—=-]{0,6}([a-z0-9](?:[a-z0-9_-]|\s{1,2}(?=[0-9])){4,}[a-z0-9_-]*)",
    re.IGNORECASE,
)
HANDLE = re.compile(r"[@＠][\w-]{2,}")
CODE = re.compile(r"(?<![a-z0-9-])[a-z0-9-]{6,40}", re.IGNORECASE)
DIGITS_IN_CODE = 4
STARRED = re.compile(r"[0-9]{2,6}\s?[*＊xX×●•]{2,12}\s?[0-9]{1,4}[xX]?")
TAIL = re.compile(r"(?:尾号|末四位|后四位|末尾)[\s是为：:]{0,3}([0-9xX*]{3,8})")


def is_id_number(digits: str) -> bool:
    """Return whether 18 characters are an identity number: a date of birth and a right check digit."""
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    check = sum(int(digit) * weight for digit, weight in zip(digits, ID_WEIGHTS, strict=False)) % 11
    return ID_CHECKS[check] == digits[17].lower()


def is_old_id_number(digits: str) -> bool:
    """Return whether 15 digits are an identity number of the first generation, by its date of birth."""
    return len(digits) == 15 and digits.isdigit() and _is_date(f"19{digits[6:12]}")


def passes_luhn(digits: str) -> bool:
    """Return whether a card number has a right check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_numbers(text: str) -> Iterator[Span]:
    """Yield the spans of identity numbers, phones, cards, plates, accounts, links and long numbers."""
    bones = spaced_skeleton(text)
    bones = replace(bones, text=with_letters_for_digits_repaired(bones.text))
    for run in DIGIT_RUN.finditer(bones.text):
        yield from _find_in_run(text, bones, run.start(), run.end())
    for match in PLATE.finditer(bones.text):
        yield Span(*bones.original_span(match.start(), match.end()), Kind.PLATE)
    plain = align(text, normalise)
    for pattern, kind in (
        (EMAIL, Kind.EMAIL),
        (LINK, Kind.LINK),
        (ACCOUNT, Kind.ACCOUNT),
        (HANDLE, Kind.ACCOUNT),
        (TAIL, Kind.NUMBER),
        (STARRED, Kind.NUMBER),
    ):
        for match in pattern.finditer(plain.text):
            yield Span(*plain.original_span(match.start(), match.end()), kind)
    for match in CODE.finditer(plain.text):
        digits = sum(character.isdigit() for character in match.group())
        if digits >= DIGITS_IN_CODE and any(character.isalpha() for character in match.group()):
            yield Span(*plain.original_span(match.start(), match.end()), Kind.NUMBER)


def _find_in_run(text: str, bones: Aligned, start: int, end: int) -> Iterator[Span]:
    places = [place for place in range(start, end) if bones.text[place] != " "]
    digits = "".join(bones.text[place] for place in places)
    for first, last, kind in _numbered(digits):
        begin, stop = bones.original_span(places[first], places[last - 1] + 1)
        if is_id_number(digits[first:last]) or not _is_list_of_numbers(text[begin:stop]):
            yield Span(begin, stop, kind)
    yield from _long_numbers(text, bones, start, end)


def _numbered(digits: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield `(start, end, kind)` of the checked numbers in a run of digits."""
    for start in range(len(digits)):
        if is_id_number(digits[start : start + 18]) or _looks_like_id(digits[start : start + 18]):
            yield start, start + 18, Kind.ID_NUMBER
        if is_old_id_number(digits[start : start + 15]):
            yield start, start + 15, Kind.ID_NUMBER
        for length in range(19, 15, -1):
            number = digits[start : start + length]
            if len(number) == length and number.isdigit() and number[0] != "0" and passes_luhn(number):
                yield start, start + length, Kind.BANK_CARD
    for pattern in (PHONE, LANDLINE):
        for match in pattern.finditer(digits):
            yield match.start(1), match.end(1), Kind.PHONE


def _looks_like_id(digits: str) -> bool:
    return len(digits) == 18 and digits[:17].isdigit() and _is_date(digits[6:14])


def _long_numbers(text: str, bones: Aligned, start: int, end: int) -> Iterator[Span]:
    """Yield runs of seven digits or more that are written as one number."""
    for match in re.finditer(r"[0-9](?: ?[0-9x])*", bones.text[start:end]):
        if sum(character != " " for character in match.group()) < LONG_NUMBER:
            continue
        first, last = bones.original_span(start + match.start(), start + match.end())
        if not _is_list_of_numbers(text[first:last]):
            yield Span(first, last, Kind.NUMBER)


def _is_list_of_numbers(written: str) -> bool:
    """Return whether the digits are separate numbers: a list, a date, a sum with its thousands."""
    groups = [len(group) for group in re.split(r"\D+", written) if group]
    if re.search(r"[、，；：。（）():～~—至]", written):
        return 2 < max(groups, default=0) < LONG_NUMBER
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written)
    plain = re.fullmatch(r"\d+\.\d+|(?:19|20)\d\d[-/. ]\d{1,2}(?:[-/. ]\d{1,2})?", written)
    years = re.fullmatch(r"(?:(?:19|20)\d\d\W*)+", written)
    return bool(thousands or plain or years)


def _is_date(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return day.year >= 1900
