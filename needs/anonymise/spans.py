"""What was found where in a text."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a masked span is."""

    KNOWN = "known"  # a value of this very case
    ID_NUMBER = "id_number"
    PHONE = "phone"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    ACCOUNT = "account"
    EMAIL = "email"
    LINK = "link"
    NUMBER = "number"  # any other long number or code
    ADDRESS = "address"
    AMOUNT = "amount"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    ORGANISATION = "organisation"
    UNIQUE = "unique"  # says that there is only one such person
    ENCODED = "encoded"
    HIDDEN = "hidden"  # marks that hide or reorder text


class Span(NamedTuple):
    """A half-open span of the original text, in code points."""

    start: int
    end: int
    kind: Kind


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order without overlaps; of overlapping kinds the one that begins first stays."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            merged.append(span)
    return merged
