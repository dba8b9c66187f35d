"""What is stored for a document and asked by a query: the same tokens for every engine."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from jiujinan.text.aligning import align
from jiujinan.text.segmenting import MAX_WORD_LENGTH, RUN_PATTERN, bigrams, cut_words, fold, segment_folded
from jiujinan.text.synonyms import broader_marker, find_synonyms, group_of, words_of

# Part of an index's name: raise it when tokens change, so that the index is built anew.
CHAIN_VERSION = 4
MAX_QUERY_LENGTH = 200
MAX_QUERY_TERMS = 24
_BREAK = re.compile(r"[。！？；：，、!?;,\n]+|\. ")
_REMEMBERED_SENTENCES = 20_000


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing in a query (`stop_words.txt`)."""
    source = resources.files("jiujinan.text").joinpath("stop_words.txt")
    return frozenset(source.read_text(encoding="utf-8").split())


def search_terms(text: str) -> str:
    """Return the tokens that an index stores for a text, each once, joined by single spaces; deterministic."""
    return " ".join(dict.fromkeys(token for tokens in sentence_tokens(text) for token in tokens))


def sentence_tokens(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of each sentence of a text; see `search_terms`."""
    return map(_tokens_of, _BREAK.split(text))


@lru_cache(maxsize=_REMEMBERED_SENTENCES)
def _tokens_of(sentence: str) -> tuple[str, ...]:
    """
    Return the tokens of one sentence, each once: published texts share most of theirs, so each is read once.

    After the words and pairs of `segment` come each single Chinese character (for queries of one character) and one
    marker for each group of synonyms in the sentence.
    """
    folded = fold(sentence)
    singles: frozenset[str] = frozenset().union(*(run for run, _ in RUN_PATTERN.findall(folded)))
    markers = {marker for _, _, marker in find_synonyms(folded)}
    return tuple(dict.fromkeys([*segment_folded(folded), *sorted(singles), *sorted(markers)]))


def query_terms(text: str) -> list[list[str]]:
    """
    Return what a document must hold: for each term its alternatives, the exact word first.

    A document answers when it holds at least one alternative of every term. Words of a group of
    synonyms become `[word, marker]`; a longer Chinese word becomes its overlapping pairs, one term
    each, which every document that holds the word has. Words that say nothing (的, 需要 …) are left
    out unless nothing else is asked. Only the first 200 characters and 24 terms count.
    """
    folded = fold(text)[:MAX_QUERY_LENGTH]
    terms = [list(term.alternatives) for term in _read(folded)]
    if not terms:
        terms = [[word] for word in _words(folded)]
    return _without_repetition(terms)[:MAX_QUERY_TERMS]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a query: what answers it, and what a broader question would ask instead.

    A soft term says who or how rather than what is lacking; beside others it ranks and does not exclude. A known
    one stands in a group of synonyms, or is (a pair of characters of) a name.
    """

    alternatives: tuple[str, ...]
    broader: tuple[str, ...] = ()
    soft: bool = False
    known: bool = False
    name: bool = False


NO_NAMES: frozenset[str] = frozenset()
LONGEST_NAME = 15


def read_query(text: str, names: Collection[str] = NO_NAMES) -> tuple[Term, ...]:
    """
    Return the terms of a query in its order, each once; like `query_terms`, with what is known of each.

    `names` are words, folded, that stand for themselves wherever they are written, whatever the dictionary says.
    """
    folded = fold(text)[:MAX_QUERY_LENGTH]
    terms = _read(folded, names) or [Term((word,)) for word in _words(folded)]
    return tuple(dict.fromkeys(terms))[:MAX_QUERY_TERMS]


def _read(folded: str, names: Collection[str] = NO_NAMES) -> list[Term]:
    terms: list[Term] = []
    for piece, marker in _split_by_synonyms(folded):
        if marker:
            broader = broader_marker(marker)
            # Words with a blank between are no token of any index; their marker is.
            alternatives = (marker,) if " " in piece else (piece, marker)
            terms.append(Term(alternatives, (broader,) if broader else (), group_of(marker).soft, known=True))
            continue
        for part, is_name in _split_by_names(piece, names):
            plain = [[pair] for pair in bigrams(part)] if is_name else _plain_terms(part)
            terms.extend(Term(tuple(words), known=is_name, name=is_name) for words in plain)
    return terms


def _split_by_names(piece: str, names: Collection[str]) -> list[tuple[str, bool]]:
    """Return the parts of a plain piece and whether each is a name, the longest name first."""
    parts: list[tuple[str, bool]] = []
    done = start = 0
    while names and start < len(piece) - 1:
        ends = range(min(len(piece), start + LONGEST_NAME), start + 1, -1)
        end = next((end for end in ends if piece[start:end] in names), None)
        if end is None:
            start += 1
            continue
        parts += [(piece[done:start], False), (piece[start:end], True)]
        done = start = end
    return [part for part in [*parts, (piece[done:], False)] if part[0]]


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """Return the half-open spans of the text that a query's words or synonyms stand at, merged."""
    aligned = align(text)
    places: set[int] = set()
    for word in _wanted_words(query):
        start = aligned.text.find(word)
        while start >= 0:
            first, last = aligned.original_span(start, start + len(word))
            places.update(range(first, last))
            start = aligned.text.find(word, start + 1)
    return _merge(sorted(places))


def _split_by_synonyms(folded: str) -> list[tuple[str, str]]:
    """Return the pieces of a query with the marker of each ("" for plain text), longest first."""
    pieces: list[tuple[str, str]] = []
    done = 0
    for start, end, marker in find_synonyms(folded):
        if start < done:
            continue
        if start > done:
            pieces.append((folded[done:start], ""))
        pieces.append((folded[start:end], marker))
        done = end
    if done < len(folded):
        pieces.append((folded[done:], ""))
    return pieces


def _words(folded: str) -> list[str]:
    words: list[str] = []
    for han, other in RUN_PATTERN.findall(folded):
        words.extend(cut_words(han, for_search=False) if han else [other[:MAX_WORD_LENGTH]])
    return words


def _plain_terms(piece: str) -> list[list[str]]:
    terms: list[list[str]] = []
    for word in _words(piece):
        if word in stop_words():
            continue
        pairs = bigrams(word) if _is_han(word) else []
        terms.extend([pair] for pair in pairs or [word])
    return terms


def _is_han(word: str) -> bool:
    match = RUN_PATTERN.fullmatch(word)
    return match is not None and match.group(1) is not None


def _without_repetition(terms: list[list[str]]) -> list[list[str]]:
    return [list(term) for term in dict.fromkeys(map(tuple, terms))]


@lru_cache(maxsize=256)
def _wanted_words(query: str) -> frozenset[str]:
    wanted: list[str] = []
    for piece, marker in _split_by_synonyms(fold(query)[:MAX_QUERY_LENGTH]):
        wanted.extend(words_of(marker) if marker else _words_that_say_something(piece))
    return frozenset(word for word in wanted if word)


def _words_that_say_something(piece: str) -> list[str]:
    return [word for word in _words(piece) if word not in stop_words()]


def _merge(places: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return spans
