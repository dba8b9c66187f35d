"""Find places and organisations that nobody told us, by the dictionary's tags and by their last words."""

import re
from collections.abc import Iterator

from needs.anonymise import lexicon
from needs.anonymise.spans import Kind, Span
from needs.anonymise.tokens import HAN_RUN, fold, tokenise

PLACE_END = re.compile("自治县|自治州|街道|社区|小区|家园|花园|新村|大厦|水库|[村屯寨镇乡县旗弄巷]|胡同")
ORGANISATION_END = re.compile(
    "医院|卫生院|卫生室|诊所|学校|小学|中学|大学|学院|幼儿园|公司|工厂|集团|合作社|养老院|敬老院|福利院"
)


def find_places(text: str) -> Iterator[Span]:
    """Yield the spans of places and organisations, but for the widest and the most general."""
    folded = fold(text)
    tokens = tokenise(folded.text, guess=True)
    for token in tokens:
        if token.tag in {"ns", "nt"} and len(token.word) > 1 and token.word not in lexicon.GENERAL_PLACES:
            kind = Kind.PLACE if token.tag == "ns" else Kind.ORGANISATION
            yield Span(*folded.original_span(token.start, token.end), kind)
    starts = {token.start for token in tokens}
    for pattern, kind in ((PLACE_END, Kind.PLACE), (ORGANISATION_END, Kind.ORGANISATION)):
        for match in pattern.finditer(folded.text):
            start = _first_word(folded.text, starts, match.start())
            if start is not None and folded.text[start : match.start()] not in lexicon.GENERAL_PLACES:
                yield Span(*folded.original_span(start, match.end()), kind)


def _first_word(text: str, starts: set[int], end: int) -> int | None:
    """Return where the name before the last word begins; None when nothing tells which one it is."""
    for start in sorted(starts.intersection(range(end - 6, end)), reverse=True):
        if not HAN_RUN.fullmatch(text[start:end]):
            return None
        if end - start > 1 and text[start:end] not in lexicon.GENERAL_PLACES:
            return start
        if text[start:end] in lexicon.GENERAL_PLACES:
            return None
    return None
