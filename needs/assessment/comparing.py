"""What a new version of the score would change (pure): who rises, who falls, and the picture of both."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

BINS = 10
SHOWN = 20


@dataclass(frozen=True)
class Change:
    """One case under both versions. `key` names the case to whoever asked."""

    key: str
    before: int
    after: int

    @property
    def by(self) -> int:
        """How far it rises (+) or falls (−), in points."""
        return self.after - self.before


@dataclass
class Comparison:
    """Counts of all cases, the ten-point histograms of both versions, and the largest changes either way."""

    rises: int = 0
    falls: int = 0
    stays: int = 0
    before: list[int] = field(default_factory=lambda: [0] * BINS)
    after: list[int] = field(default_factory=lambda: [0] * BINS)
    risers: Sequence[Change] = ()
    fallers: Sequence[Change] = ()

    @property
    def cases(self) -> int:
        """How many cases were compared."""
        return self.rises + self.falls + self.stays


def compare(changes: Iterable[Change], *, shown: int = SHOWN) -> Comparison:
    """Return the comparison of every case under the version in force and the draft; scores are 0–100."""
    found = Comparison()
    counts: Counter[int] = Counter()
    moved = []
    for change in changes:
        counts[(change.by > 0) - (change.by < 0)] += 1
        found.before[bin_of(change.before)] += 1
        found.after[bin_of(change.after)] += 1
        if change.by:
            moved.append(change)
    found.rises, found.falls, found.stays = counts[1], counts[-1], counts[0]
    found.risers = nsmallest(shown, (one for one in moved if one.by > 0), key=lambda one: (-one.by, one.key))
    found.fallers = nsmallest(shown, (one for one in moved if one.by < 0), key=lambda one: (one.by, one.key))
    return found


def bin_of(score: int) -> int:
    """Return the ten-point bin of a score: 0–9, 10–19 … 90–100."""
    return min(BINS - 1, score // BINS)
