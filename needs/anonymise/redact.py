"""
Mask what leads to a person in free text, and block the text where masking is not enough.

    python -m needs.anonymise.redact < lines.jsonl

Reads JSON lines `{"text": …, "known": […]}` (`known` may be left out) and writes, in the same order, one
line `{"text": …, "spans": [[start, end, kind], …], "blocked": bool}` for each. Spans are half-open and count
code points (Python's `str`) of the *given* text as it came, before any folding: full-width, invisible or
composed characters count as they were written. Each character of a span is replaced by one `＊` and nothing
else changes, so the spans fit the written text too. Spans are in order and don't overlap.

A line that is no such object is answered blocked, with an empty text and an `error` that names the line; the
error is said on standard error as well, and the lines after it are answered. Empty lines are passed over. The
exit status stays 0: a line that could not be read is `blocked`, like any other that may not be published.
Two people see what was masked before anything is published.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from needs.anonymise.hidden import find_encoded, find_invisible, runs_backwards
from needs.anonymise.known import find_known
from needs.anonymise.names import Suspicion, find_names
from needs.anonymise.numbers import find_numbers
from needs.anonymise.place_names import find_places
from needs.anonymise.places import find_addresses, find_exact_dates, find_exact_sums, find_unique
from needs.anonymise.spans import Kind, Span, merge

MASK = "＊"
RULES_VERSION = (
    4  # raise it when lists or rules change: texts confirmed under older ones are not told any more
)
BLOCKING_KINDS = frozenset({Kind.UNIQUE, Kind.ENCODED})
LONGEST_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with its finds masked; `blocked` when it must not be published even so."""

    text: str
    spans: tuple[Span, ...]
    blocked: bool


def redact(text: str, known: Iterable[str] = ()) -> Redacted:
    """
    Return the text masked; blocked where somebody may still be found.

    Blocked are texts with encoded pieces, letters that run backwards, a claim to be the only one, an
    exact sum beside an exact date, or a doubt about a name; and texts over 5,000
    characters, which are masked whole.
    """
    if len(text) > LONGEST_TEXT:
        return Redacted(MASK * len(text), (Span(0, len(text), Kind.HIDDEN),), blocked=True)
    names = list(find_names(text))
    found = [
        *find_known(text, known),
        *find_numbers(text),
        *find_addresses(text),
        *find_places(text),
        *find_exact_sums(text),
        *find_exact_dates(text),
        *find_unique(text),
        *find_encoded(text),
        *find_invisible(text),
        *(suspicion.span for suspicion in names if suspicion.is_masked),
    ]
    spans = tuple(merge(found))
    return Redacted(_mask(text, spans), spans, blocked=_is_blocked(text, found, names))


def _is_blocked(text: str, found: Sequence[Span], names: Sequence[Suspicion]) -> bool:
    kinds = {span.kind for span in found}
    return (
        bool(kinds & BLOCKING_KINDS)
        or {Kind.AMOUNT, Kind.DATE} <= kinds
        or runs_backwards(text)
        or any(suspicion.blocks for suspicion in names)
    )


def _mask(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    done = 0
    for span in spans:
        pieces.extend((text[done : span.start], MASK * (span.end - span.start)))
        done = span.end
    return "".join([*pieces, text[done:]])


class BadLine(ValueError):
    """A line that asks nothing; the message says why."""


def answer(line: str, number: int = 1) -> dict[str, object]:
    """Return the answer to one line of JSON; `number` is that of the line, for its error."""
    try:
        text, known = _question(line)
    except BadLine as wrong:
        return {"text": "", "spans": [], "blocked": True, "error": f"line {number}: {wrong}"}
    redacted = redact(text, known)
    return {
        "text": redacted.text,
        "spans": [[span.start, span.end, span.kind.value] for span in redacted.spans],
        "blocked": redacted.blocked,
    }


def _question(line: str) -> tuple[str, list[str]]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise BadLine(f"not JSON ({wrong})") from wrong
    if not isinstance(asked, dict):
        raise BadLine("not an object with a text")
    text, known = asked.get("text"), asked.get("known", [])
    if not isinstance(text, str):
        raise BadLine("text is missing or no string")
    if not isinstance(known, list) or not all(isinstance(value, str) for value in known):
        raise BadLine("known is no list of strings")
    return text, known


def main() -> None:
    """Answer each line of standard input on standard output."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            answered = answer(line.decode("utf-8-sig" if number == 1 else "utf-8"), number)
        except UnicodeDecodeError:
            answered = {"text": "", "spans": [], "blocked": True, "error": f"line {number}: not UTF-8"}
        if "error" in answered:
            sys.stderr.write(f"{answered['error']}\n")
        written = json.dumps(answered, ensure_ascii=False)
        sys.stdout.buffer.write(written.encode("utf-8", errors="replace") + b"\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
