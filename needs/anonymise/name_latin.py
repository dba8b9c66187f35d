"""Names in letters that are not Chinese: pinyin, Western names, any other script."""

import re
from collections.abc import Iterator

from needs.anonymise import lexicon
from needs.anonymise.name_scores import Candidate

PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in"
    r"|iu|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)(?:ng?)?)+",
    re.IGNORECASE,
)
LONG_PINYIN = 8
LONGEST_PINYIN = 24  # beyond that the pattern could take long to fail
LONGEST_ABBREVIATION = 3  # CT, ICU: in capitals these name nobody
LONGEST_UNIT = 2  # kg, mm
SURELY = 1.4  # hidden wholly, so the rest of the text may stay
LIKELY = 0.7
CAPITALISED = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][a-z]+(?:[ .·-]{1,2}[A-Z][a-z]+)+|(?:[A-Z][.·] ?){1,3}[A-Z][a-z]+)"
)
LATIN_WORDS = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?(?:[ .·-]{1,2}[A-Za-z]+)*")
WORD = re.compile(r"[A-Za-z]+")
# Letters of any script but ours and the Chinese: 김철수, Иван, བཀྲ་ཤིས.
FOREIGN_LETTERS = re.compile(
    r"(?![A-Za-z\u3400-\u9fff\U00020000-\U0003ffff])[^\W\d_][^\x00-\x7f\u2000-\u206f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+"
)


def from_latin(text: str) -> Iterator[Candidate]:
    """Yield names in pinyin, Western names, words in letters that no list knows, and other scripts."""
    for match in LATIN_WORDS.finditer(text):
        words = WORD.findall(match.group())
        long = [word for word in words if len(word) > 1]
        if _is_spelt(long) or _is_western(long):
            yield Candidate(match.start(), match.end(), SURELY)
        elif long and not any(word.lower() in lexicon.LATIN_WORDS or word.isupper() for word in long):
            yield Candidate(match.start(), match.end(), LIKELY if max(map(len, long)) > LONGEST_UNIT else 0)
        yield from _from_lone_words(match)
    for match in CAPITALISED.finditer(text):
        yield Candidate(match.start(), match.end(), SURELY)
    for match in FOREIGN_LETTERS.finditer(text):
        yield Candidate(match.start(), match.end(), LIKELY)


def _is_spelt(words: list[str]) -> bool:
    """Return whether the words are syllables of pinyin, enough of them for a name."""
    if not words or not all(len(word) <= LONGEST_PINYIN and PINYIN.fullmatch(word) for word in words):
        return False
    first = words[0]
    is_name = len(words) > 1 or (len(first) > 4 and first[0].isupper() and not first.isupper())
    return is_name or any(len(word) >= LONG_PINYIN for word in words)


def _is_western(words: list[str]) -> bool:
    capital = all(word[0].isupper() for word in words)
    return capital and len(words) > 1 and not all(word.isupper() for word in words)


def _from_lone_words(match: re.Match[str]) -> Iterator[Candidate]:
    """Yield single words that no list of ordinary ones has (David, filip, BenBell); not what is short as CT or kg."""
    for word in WORD.finditer(match.group()):
        said = word.group()
        if said.lower() in lexicon.LATIN_WORDS:
            continue
        longest = LONGEST_ABBREVIATION if said.isupper() else LONGEST_UNIT
        is_written_as_name = len(said) > 1 and said[0].isupper() and said[1:].islower()
        if len(said) > longest or is_written_as_name:
            yield Candidate(match.start() + word.start(), match.start() + word.end(), LIKELY)
