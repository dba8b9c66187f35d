"""
A text reduced to what matters for finding values in it, with the way back to the original.

Whoever hides a number or a name writes it full-width, traditional, in Chinese numerals, with look-alike
letters, spaces, emoji or invisible marks. In the skeleton all of these are the same: only letters and
digits stay, each in one spelling.
"""

import re
import unicodedata
from functools import lru_cache

from jiujinan.text import Aligned, align, normalise
from jiujinan.text.aligning import fold_character

NUMERALS = {
    old: new
    for new, group in {
        "0": "〇零○Ｏ",
        "1": "一壹幺壱弌",
        "2": "二贰两弐弍",
        "3": "三叁参叄弎",
        "4": "四肆",
        "5": "五伍",
        "6": "六陆",
        "7": "七柒漆",
        "8": "八捌",
        "9": "九玖",
    }.items()
    for old in group
}
LOOK_ALIKES = dict(
    zip(
        "абеһіјкмнорсԛтухѕԁɡαβεηικμνορτυχνω",
        "abehijkmhopcqtyxsdgabehikmvoptyxvw",
        strict=True,
    )
) | dict.fromkeys("×✕✖╳⨯", "x")

SINGLE_DIGITS = frozenset(range(10))

_DIGITS_WITH_LETTERS = re.compile(r"(?=(?:[oli ]{0,8}[0-9]){3})[0-9oli](?: {0,2}[0-9oli]){6,}")
_LETTERS_AS_DIGITS = str.maketrans("oli", "011")


@lru_cache(maxsize=65_536)
def skeleton_character(character: str) -> str:
    """Return the character as the skeleton has it: "" for all but letters and digits."""
    if unicodedata.category(character) in {"Nl", "No"}:
        value = unicodedata.numeric(character)
        if value in SINGLE_DIGITS:  # Ⅰ, 〡, ❶, ㊀: digits that Unicode counts as numbers
            return str(int(value))
    folded = "".join(_same_spelling(part) for part in fold_character(character))
    return "".join(part for part in folded if part.isalnum())


@lru_cache(maxsize=65_536)
def spaced_character(character: str) -> str:
    """Return the character as the skeleton has it, or one blank for what the skeleton leaves out."""
    return skeleton_character(character) or ("" if not normalise(character) else " ")


def skeleton(text: str) -> Aligned:
    """Return the letters and digits of the text in one spelling each, with their origins."""
    return align(text, skeleton_character)


def spaced_skeleton(text: str) -> Aligned:
    """Return the skeleton with a blank for each visible character that it leaves out."""
    return align(text, spaced_character)


def with_letters_for_digits_repaired(bones: str) -> str:
    """Return the text with o, l and i as 0 and 1 where they stand among digits; the length stays."""
    return _DIGITS_WITH_LETTERS.sub(lambda match: match.group().translate(_LETTERS_AS_DIGITS), bones)


def skeleton_of(value: str) -> str:
    """Return the skeleton without the way back, for values that are searched for."""
    return "".join(map(skeleton_character, value))


def _same_spelling(character: str) -> str:
    if character in NUMERALS:
        return NUMERALS[character]
    if character in LOOK_ALIKES:
        return LOOK_ALIKES[character]
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    # A letter with a tone mark is the letter: Wáng is Wang.
    return unicodedata.normalize("NFD", character)[0] if "\u00c0" <= character <= "\u024f" else character
