"""
Measure what redaction overlooks, as JSON on standard output.

    python -m bench.redaction texts [--texts N]         seeded texts with planted values
    python -m bench.redaction people [--texts N]        invented people in sentences of five genres, by kind of name
    python -m bench.redaction names --corpus PATH …     annotated corpora (one character and tag a line), and the curve
    python -m bench.redaction strangers --corpus PATH … the same sentences with every name replaced by a drawn one

Corpora (BIO or BMES) are read where they lie and never copied. Shares come with Wilson's 95 % interval.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

from bench.anonymise import wilson
from bench.anonymise_people import GENRES, NAME_FREE, NAMES, draw_sentence
from bench.anonymise_texts import draw_text
from needs.anonymise import names
from needs.anonymise.redact import redact

PERSON_TAGS = frozenset({"PER", "NAME"})
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5)
STRANGERS = (
    "usual",
    "rare_surname",
    "unheard_given",
    "compound_surname",
    "two_surnames",
    "minority",
    "foreign",
)
REPLACEMENTS = 5


class Sentence(NamedTuple):
    """A sentence of a corpus and the spans of the names in it."""

    text: str
    names: tuple[tuple[int, int], ...]


def measure_texts(texts: int) -> dict[str, Any]:
    """Return how many planted values stay readable in seeded texts; the bar is none."""
    dice, missed, planted, milliseconds = random.Random(99), 0, 0, []
    for _ in range(texts):
        drawn = draw_text(dice)
        began = time.perf_counter()
        redacted = redact(drawn.text, drawn.known)
        milliseconds.append(1000 * (time.perf_counter() - began))
        covered = {place for span in redacted.spans for place in range(span.start, span.end)}
        for start, end in drawn.secrets:
            planted += 1
            missed += any(drawn.text[place].isalnum() and place not in covered for place in range(start, end))
    return {
        "texts": texts,
        "planted": planted,
        "missed": wilson(missed, planted),
        "milliseconds_p95": round(quantiles(milliseconds, n=20)[-1], 2),
    }


def measure_people(texts: int) -> dict[str, Any]:
    """Return for each kind of name, and each genre, how many invented sentences hide everybody in them."""
    dice = random.Random(31)
    hits: dict[str, list[bool]] = {key: [] for key in (*NAMES, *GENRES)}
    for number in range(texts):
        drawn = draw_sentence(dice, list(NAMES)[number % len(NAMES)])
        hidden = is_hidden(drawn.text, drawn.names)
        hits[drawn.kind].append(hidden)
        hits[drawn.genre].append(hidden)
    free = [redact(text) for text in NAME_FREE]
    masked = sum(span.end - span.start for each in free for span in each.spans)
    return {
        "all": wilson(*_counted([hit for kind in NAMES for hit in hits[kind]])),
        "by_kind": {kind: wilson(*_counted(hits[kind])) for kind in NAMES},
        "by_genre": {genre: wilson(*_counted(hits[genre])) for genre in GENRES},
        "name_free_blocked": wilson(sum(each.blocked for each in free), len(free)),
        "name_free_characters_masked": round(masked / sum(map(len, NAME_FREE)), 4),
    }


def measure_names(path: Path) -> dict[str, Any]:
    """Return how the redaction does on an annotated corpus, and the curve over the threshold of masking."""
    sentences = list(read_corpus(path))
    curve = {}
    for threshold in THRESHOLDS:
        names.MASK_FROM, standard = threshold, names.MASK_FROM
        curve[str(threshold)] = _measure_sentences(sentences)
        names.MASK_FROM = standard
    return {"corpus": path.name, "at_standard": curve[str(names.MASK_FROM)], "mask_from": curve}


def measure_strangers(path: Path, rounds: int = REPLACEMENTS) -> dict[str, Any]:
    """Return the share hidden when names that nobody could have learned stand in a corpus's sentences."""
    dice = random.Random(3)
    named = [sentence for sentence in read_corpus(path) if sentence.names]
    hits = [is_hidden(*_with_strangers(sentence, dice)) for _ in range(rounds) for sentence in named]
    return {"corpus": path.name, "hidden": wilson(*_counted(hits))}


def is_hidden(text: str, people: Sequence[tuple[int, int]]) -> bool:
    """Return whether the text is blocked or every character of every name in it is masked."""
    redacted = redact(text)
    covered = {place for span in redacted.spans for place in range(span.start, span.end)}
    return redacted.blocked or all(covered.issuperset(range(*span)) for span in people)


def read_corpus(path: Path) -> Iterable[Sentence]:
    """Yield the sentences of a corpus in BIO or BMES notation, with the spans of person names."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        pairs = [line.split() for line in block.splitlines() if len(line.split()) > 1]
        text = "".join(character for character, *_ in pairs)
        spans: list[tuple[int, int]] = []
        place = 0
        for character, *_, tag in pairs:
            mark, _, kind = tag.partition("-")
            if kind in PERSON_TAGS and mark in {"B", "S"}:
                spans.append((place, place + len(character)))
            elif kind in PERSON_TAGS and spans:
                spans[-1] = (spans[-1][0], place + len(character))
            place += len(character)
        if text:
            yield Sentence(text, tuple(spans))


def _with_strangers(sentence: Sentence, dice: random.Random) -> Sentence:
    text, spans, done = "", [], 0
    for start, end in sentence.names:
        text += sentence.text[done:start]
        name = NAMES[dice.choice(STRANGERS)](dice)
        spans.append((len(text), len(text) + len(name)))
        text, done = text + name, end
    return Sentence(text + sentence.text[done:], tuple(spans))


def _measure_sentences(sentences: list[Sentence]) -> dict[str, Any]:
    hidden = [is_hidden(sentence.text, sentence.names) for sentence in sentences if sentence.names]
    free = [redact(sentence.text) for sentence in sentences if not sentence.names]
    masked = sum(span.end - span.start for each in free for span in each.spans)
    return {
        "named_blocked_or_masked": wilson(*_counted(hidden)),
        "name_free_blocked": wilson(*_counted([each.blocked for each in free])),
        "name_free_characters_masked": round(masked / max(1, sum(len(each.text) for each in free)), 4),
    }


def _counted(hits: Sequence[bool]) -> tuple[int, int]:
    return sum(hits), len(hits)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["texts", "people", "names", "strangers"])
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    asked = parser.parse_args()
    answers: dict[str, Callable[[], Any]] = {
        "texts": lambda: measure_texts(asked.texts),
        "people": lambda: measure_people(asked.texts),
        "names": lambda: [measure_names(path) for path in asked.corpus],
        "strangers": lambda: [measure_strangers(path) for path in asked.corpus],
    }
    json.dump(answers[asked.what](), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
