"""Crowds as bars on a logarithmic scale, with the line that must be reached: numbers for a template to draw."""

from dataclasses import dataclass
from math import log10

from django.utils.translation import gettext

from needs.anonymise.risk import Measures
from needs.services.previewing import Preview

WIDTH = 320
LARGEST = 100_000
ROW = 46
MARKS = (1, 10, 100, 1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Bar:
    """One crowd: how many are alike, how many must be, and where both stand in the drawing (user units)."""

    label: str
    count: int | None
    needed: int
    top: int
    length: float
    line: float

    @property
    def is_enough(self) -> bool:
        """Whether the crowd is large enough; one that is not counted never is."""
        return self.count is not None and self.count >= self.needed

    @property
    def bar_top(self) -> int:
        """Where the bar begins below its label."""
        return self.top + 18

    @property
    def text_top(self) -> int:
        """Where the label's baseline lies."""
        return self.top + 13


def place(count: int) -> float:
    """Return where a count stands on the scale, 0 (nobody, or one) to WIDTH."""
    return round(WIDTH * min(1.0, log10(max(1, count)) / log10(LARGEST)), 1)


def bars(measures: Measures, found: Preview) -> list[Bar]:
    """Return the four crowds of a record at some levels."""
    settings = found.plan.settings
    needed_cases = settings.k_case if measures.k_ref is not None else settings.k_case_without_register
    crowds = [
        (gettext("people of the register who fit"), measures.k_ref, found.needed_k_ref),
        (gettext("cases of the last 12 months that fit"), measures.k_case, needed_cases),
        (gettext("cases of recent village notices that fit"), measures.k_notice, settings.k_notice),
        (
            gettext("of these, alike to all the funds that it is offered to"),
            measures.k_offer,
            settings.k_offer,
        ),
    ]
    return [
        Bar(label, count, needed, ROW * row, place(count or 0), place(needed))
        for row, (label, count, needed) in enumerate(crowds)
    ]


def scale() -> list[tuple[float, str]]:
    """Return the marks of the scale: where, and which count."""
    return [(place(mark), f"{mark:,}") for mark in MARKS]
