"""What a search found, marked where it stands."""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jiujinan.text import highlight

REMEMBERED = 2048  # public words alone come here, and lists show the same ones again and again
BEFORE, AFTER = 18, 46


@lru_cache(maxsize=REMEMBERED)
def spans_of(text: str, wanted: str) -> tuple[tuple[int, int], ...]:
    """Return where in a public text the words of a question, or words that mean the same, stand."""
    return tuple(highlight(text, wanted))


def marked(text: str, wanted: str) -> SafeString:
    """Return the text with the words, or words that mean the same, of a question marked."""
    return _between(text, spans_of(text, wanted), 0, len(text))


def passage(text: str, wanted: str) -> SafeString | None:
    """Return the stretch of a text around the first words that answer a question, marked; None where none does."""
    spans = spans_of(text, wanted)
    if not spans:
        return None
    start, end = max(0, spans[0][0] - BEFORE), min(len(text), spans[0][1] + AFTER)
    return format_html(
        "{}{}{}", "…" if start else "", _between(text, spans, start, end), "…" if end < len(text) else ""
    )


def _between(text: str, spans: tuple[tuple[int, int], ...], start: int, end: int) -> SafeString:
    """Return `text[start:end]`, escaped, with the spans inside it marked."""
    inside = [(max(first, start), min(last, end)) for first, last in spans if first < end and last > start]
    edges = [start, *(last for _, last in inside)]
    parts = [(text[edge:first], text[first:last]) for edge, (first, last) in zip(edges, inside, strict=False)]
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[edges[-1] : end])
