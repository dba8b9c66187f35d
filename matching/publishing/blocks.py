"""Grants in blocks of at least twenty, so that no amount or day leads to a household (pure).

Microaggregation in the order of time (after Domingo-Ferrer and Mateo-Sanz, 2002, with blocks fixed by arrival): every
grant of a block is told with the block's mean and its last month. A block is final when it is full; the rest waits.

Who gave knows its own grants and can take them off the sum. So the others in a block, seen by any one or two of its
funds together, are none or at least five.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from needs.anonymise.public_counts import LARGEST_PART, SMALLEST_COUNT

STEP_FEN = 10_00
FEWEST_OF_OTHERS = 5


@dataclass(frozen=True)
class Grant:
    """One grant: its key, the place in which it may be told (prefecture), its money in fen, its day."""

    key: str
    holder: int
    fund: str
    region: str
    category: str
    amount_fen: int
    on: date


@dataclass(frozen=True)
class Block:
    """Grants that are told alike. `fund` is empty where they came from several."""

    grants: tuple[Grant, ...]

    @property
    def amount_fen(self) -> int:
        """The mean, rounded to ten yuan and never nothing."""
        mean = sum(grant.amount_fen for grant in self.grants) / len(self.grants)
        return max(round(mean / STEP_FEN), 1) * STEP_FEN

    @property
    def month(self) -> date:
        """The first day of the month of its latest grant."""
        return max(grant.on for grant in self.grants).replace(day=1)

    @property
    def fund(self) -> str:
        """The fund, where all grants came from one."""
        funds = {grant.fund for grant in self.grants}
        return funds.pop() if len(funds) == 1 else ""


def full_blocks(grants: Iterable[Grant]) -> list[Block]:
    """Return the blocks that these grants fill, in the order of time; each grant stands in one block or waits."""
    classes: dict[tuple[int, str, str], list[Grant]] = {}
    for grant in sorted(grants, key=lambda grant: (grant.on, grant.key)):
        classes.setdefault((grant.holder, grant.region, grant.category), []).append(grant)
    return [block for some in classes.values() for block in _cut(some)]


def _cut(grants: list[Grant]) -> Iterator[Block]:
    waiting: list[Grant] = []
    for grant in grants:
        waiting.append(grant)
        full = next(filter(_may_be_told, (waiting, _of_larger_funds(waiting))), None)
        if full is not None:
            yield Block(tuple(full))
            told = {grant.key for grant in full}
            waiting = [grant for grant in waiting if grant.key not in told]


def _may_be_told(grants: list[Grant]) -> bool:
    return len(grants) >= SMALLEST_COUNT and not _is_dominated(grants) and not _leaves_few(grants)


def _of_larger_funds(grants: list[Grant]) -> list[Grant]:
    """Return the grants of the funds that gave five or more of these; what a small fund gave waits for its like."""
    of = Counter(grant.fund for grant in grants)
    return [grant for grant in grants if of[grant.fund] >= FEWEST_OF_OTHERS]


def _leaves_few(grants: list[Grant]) -> bool:
    """Return whether one or two givers, who know their own grants, would be left with one to four of others."""
    of = Counter(grant.fund for grant in grants).values()
    known = (*of, *(one + other for one, other in combinations(of, 2)))
    return any(0 < len(grants) - own < FEWEST_OF_OTHERS for own in known)


def _is_dominated(grants: list[Grant]) -> bool:
    """Return whether one grant makes so much of the sum that the mean would tell it."""
    return max(grant.amount_fen for grant in grants) > LARGEST_PART * sum(
        grant.amount_fen for grant in grants
    )
