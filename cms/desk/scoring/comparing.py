"""Two versions of the score side by side, and the picture of what a draft would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cms.desk.scoring.forms import CODES, THRESHOLD_WORDS
from cms.wording import listed
from jiujinan.codes import GROUP_LABELS, Group
from needs.assessment.comparing import BINS, Comparison
from needs.assessment.score_table import INDICATOR_LABELS, THRESHOLDS

WIDTH, HEIGHT, FOOT = 400, 120, 16


@dataclass(frozen=True)
class Line:
    """One figure of both tables."""

    label: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the versions say something else here."""
        return self.ours != self.theirs


@dataclass(frozen=True)
class Bars:
    """One bin of the histogram: both bars in the picture's units."""

    label: str
    x: int
    before: int
    after: int
    before_height: int
    after_height: int

    @property
    def before_y(self) -> int:
        """The top of the first bar."""
        return HEIGHT - self.before_height

    @property
    def after_x(self) -> int:
        """The left edge of the second bar."""
        return self.x + 16

    @property
    def after_y(self) -> int:
        """The top of the second bar."""
        return HEIGHT - self.after_height


def lines(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, list[Line]]]:
    """Return every indicator of either table with its figures in both."""
    return [
        (_(label), _of(name, ours.get(name, {}), theirs.get(name, {})))
        for name, label in INDICATOR_LABELS.items()
        if name in ours or name in theirs
    ]


def _of(name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Line]:
    found = [Line(_("Points"), str(ours.get("points", 0)), str(theirs.get("points", 0)))]
    if name in CODES:
        for code, label in CODES[name].items():
            pair = [str(table.get("values", {}).get(code, "—")) for table in (ours, theirs)]
            found.append(Line(f"{_(label)} (‰)", *pair))
    elif name == "vulnerable":
        pair = [str(table.get("each", "—")) for table in (ours, theirs)]
        found.append(Line(_("Each group counts (‰)"), *pair))
        found.append(Line(_("Groups that count"), _groups(ours), _groups(theirs)))
    else:
        pair = [str(table.get(THRESHOLDS[name], "—")) for table in (ours, theirs)]
        found.append(Line(str(THRESHOLD_WORDS[name]), *pair))
    return found


def _groups(table: Mapping[str, Any]) -> str:
    return listed(_(GROUP_LABELS[Group(code)]) for code in sorted(table.get("groups", []))) or "—"


def picture(found: Comparison) -> Sequence[Bars]:
    """Return the bars of both histograms on one scale."""
    most = max(1, *found.before, *found.after)
    step = WIDTH // BINS
    return [
        Bars(
            f"{low * 10}–{100 if low == BINS - 1 else low * 10 + 9}",
            low * step + 4,
            before,
            after,
            before * HEIGHT // most,
            after * HEIGHT // most,
        )
        for low, (before, after) in enumerate(zip(found.before, found.after, strict=True))
    ]
