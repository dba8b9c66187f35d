"""Grants in blocks of at least twenty, so that no amount or day leads to a household (pure).

Microaggregation in the order of time (after Domingo-Ferrer and Mateo-Sanz, 2002, with blocks fixed by arrival): every
grant of a block is told with the block's mean and its last month. A block is final when it is full; the rest waits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from needs.anonymise.public_counts import LARGEST_PART, SMALLEST_COUNT

STEP_FEN = 10_00


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
        if len(waiting) >= SMALLEST_COUNT and not _is_dominated(waiting):
            yield Block(tuple(waiting))
            waiting = []


def _is_dominated(grants: list[Grant]) -> bool:
    """Return whether one grant makes so much of the sum that the mean would tell it."""
    return max(grant.amount_fen for grant in grants) > LARGEST_PART * sum(
        grant.amount_fen for grant in grants
    )
