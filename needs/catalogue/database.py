"""The engine that is always there: terms in FTS5 or tsvector, facts in this process's columns."""

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from needs.catalogue import columns as shelf
from needs.catalogue import counting
from needs.catalogue.columns import Columns, Whole
from needs.catalogue.keys import read_cursor, write_cursor
from needs.catalogue.lexicon import Lexicon
from needs.catalogue.planes import Mask
from needs.catalogue.question import Answer, Note, Question, Sort
from needs.catalogue.reading import Reading, Terms, readings

Levels = NDArray[np.int16]  # below a hundred (`keys`); so narrow that sorting by them is a count


def find(question: Question, *, lexicon: Lexicon) -> Answer:
    """Answer the question from the database; the same contract as the other engine."""
    columns = shelf.fresh()
    if not columns.size:
        return Answer((), 0)
    found = counting.masks(columns, question)
    narrowed = _narrowed(columns, found)
    reading, matched = _read(columns, question.text, lexicon)
    base = columns.standing if matched is None else columns.standing & matched
    kept = narrowed if matched is None else narrowed & matched
    levels = _levels(columns, question, reading)
    page = _page(columns, question, kept, levels)
    return Answer(
        numbers=tuple(columns.names[place].decode() for place in page.places),
        count=_count(kept),
        facets=counting.facets(columns, question, base, found),
        without=counting.without(base, found) | ({} if matched is None else {"q": _count(narrowed)}),
        before=page.before,
        after=page.after,
        note=reading.note,
        read_as=reading.read_as,
    )


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _narrowed(columns: Columns, found: dict[str, Mask]) -> Mask:
    kept = columns.standing
    for mask in found.values():
        kept = kept & mask
    return kept


def _read(columns: Columns, text: str, lexicon: Lexicon) -> tuple[Reading, Mask | None]:
    """Return the first reading that any project answers, and what holds its hard terms; None without a text.

    Judged on every standing project, not on what the filters left: a filter must not change what a word means.
    """
    if not text.strip():
        return Reading(()), None
    for reading in readings(text, lexicon):
        matched = _holding(columns, reading.hard) if reading.hard else np.ones(columns.size, dtype=bool)
        if (matched & columns.standing).any():
            return reading, matched
    return Reading((), note=Note.NOTHING), np.zeros(columns.size, dtype=bool)


def _levels(columns: Columns, question: Question, reading: Reading) -> Levels | None:
    """Return how plainly each place answers: the sum of what the reading says that its words are worth."""
    if question.order is not Sort.BEST or not reading.ranks:
        return None
    levels: Levels = np.zeros(columns.size, dtype=np.int16)
    for terms, worth in reading.ranks:
        levels[_known_places(columns, terms)] += np.int16(worth)
    return levels


def _holding(columns: Columns, terms: Terms) -> Mask:
    mask = np.zeros(columns.size, dtype=bool)
    mask[_known_places(columns, terms)] = True
    return mask


def _known_places(columns: Columns, terms: Terms) -> Whole:
    """Return the places, each once, that hold the terms and that this process has read; none for no terms."""
    places = _places(terms) if terms else np.zeros(0, dtype=np.int64)
    return places[places < columns.size]


class _Page:
    """The places of one page, and the cursors of its edges."""

    def __init__(self, places: Whole, before: str, after: str) -> None:
        self.places, self.before, self.after = places, before, after


def _page(columns: Columns, question: Question, kept: Mask, levels: Levels | None) -> _Page:
    order, keys = columns.order(question.order)
    ranked = order[kept[order]]
    if levels is not None:
        ranked = ranked[np.argsort(-levels[ranked], kind="stable")]

    def place_of(cursor: str) -> int | None:
        read = read_cursor(cursor, question.order)
        return None if read is None else _position(ranked, keys, levels, *read)

    def cursor_at(index: int) -> str:
        place = ranked[index]
        return write_cursor(question.order, 0 if levels is None else int(levels[place]), int(keys[place]))

    at = place_of(question.cursor)
    if at is None:
        start, end = 0, question.size
    elif question.backwards:
        last = at - 1 if at and cursor_at(at - 1) == question.cursor else at
        start, end = max(0, last - question.size), last
    else:
        start, end = at, at + question.size
    shown = ranked[start:end]
    before = cursor_at(start) if start and len(shown) else ""
    after = cursor_at(end - 1) if end < len(ranked) and len(shown) else ""
    return _Page(shown, before, after)


def _position(ranked: Whole, keys: Whole, levels: Levels | None, level: int, key: int) -> int:
    """Return how many of the ranked places stand at or before the cursor."""
    if levels is None:
        return int(np.searchsorted(keys[ranked], key, side="right"))
    above = int(np.count_nonzero(levels[ranked] > level))
    same = ranked[levels[ranked] == level]
    return above + int(np.searchsorted(keys[same], key, side="right"))


def _places(terms: Terms) -> Whole:
    if connection.vendor == "sqlite":
        query = "SELECT group_concat(rowid) FROM needs_projectterms WHERE needs_projectterms MATCH %s"
        value = _fts5(terms)
    else:
        query = "SELECT string_agg(place::text, ',') FROM needs_projectterms WHERE terms @@ %s::tsquery"
        value = _tsquery(terms)
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        joined = cursor.fetchone()[0]
    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, dtype=np.int64)


def _fts5(terms: Terms) -> str:
    """Return an FTS5 query: every term quoted, so that no operator of the syntax can be typed in."""
    return " AND ".join(
        "(" + " OR ".join('"' + word.replace('"', '""') + '"' for word in words) + ")" for words in terms
    )


def _tsquery(terms: Terms) -> str:
    """Return a tsquery: every term quoted likewise."""
    return " & ".join(
        "(" + " | ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words) + ")"
        for words in terms
    )
