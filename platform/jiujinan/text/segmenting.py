"""Third step of the chain: words of a Chinese text, with overlapping pairs of characters."""

import re

from jiujinan.text.normalising import normalise
from jiujinan.text.simplifying import to_simplified

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
RUN_PATTERN = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+)")
MAX_WORD_LENGTH = 64


def fold(text: str) -> str:
    """Return the text as search compares it: normalised, simplified, without case."""
    return to_simplified(normalise(text)).casefold()


def cut_words(run: str, *, for_search: bool) -> list[str]:
    """Return the words of a run of Chinese characters; with `for_search` also words in words."""
    import rjieba

    words: list[str] = rjieba.cut_for_search(run) if for_search else rjieba.cut(run)
    return words


def bigrams(run: str) -> list[str]:
    """Return the overlapping pairs of characters of a run."""
    return [run[start : start + 2] for start in range(len(run) - 1)]


def segment(text: str) -> list[str]:
    """
    Return the tokens of a text for search, in order and with repetitions.

    A Chinese run gives its words and its overlapping pairs of characters (a pair that is also a
    word comes once); any other run of letters and digits gives itself in small letters, cut at 64
    characters. Punctuation, symbols and emoji give nothing.
    """
    return segment_folded(fold(text))


def segment_folded(folded: str) -> list[str]:
    """Return the tokens of a text that is folded already; see `segment`."""
    tokens: list[str] = []
    for han, other in RUN_PATTERN.findall(folded):
        if other:
            tokens.append(other[:MAX_WORD_LENGTH])
            continue
        words = cut_words(han, for_search=True)
        known = set(words)
        tokens.extend(words)
        tokens.extend(pair for pair in bigrams(han) if pair not in known)
    return tokens
