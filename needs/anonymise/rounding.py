"""Counts for the public: small ones withheld, others rounded, so that no difference singles out."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

SMALLEST_COUNT = 20
BASE = 10
# How many values a withheld count must still be able to have, for somebody who subtracts.
PROTECTED_VALUES = 5


def public_count(count: int) -> int | None:
    """Return the count rounded half up to tens; None (withheld) under 20, zero included."""
    if count < SMALLEST_COUNT:
        return None
    return (count + BASE // 2) // BASE * BASE


@dataclass(frozen=True, slots=True)
class PublicTable(Generic[Key]):
    """Counts as the public sees them; None means withheld."""

    cells: Mapping[Key, int | None]
    total: int | None


def public_table(counts: Mapping[Key, int]) -> PublicTable[Key]:
    """
    Return a table's cells and total for the public.

    The total is rounded from the true one, not the sum of rounded cells, so that it agrees with other
    tables; it is withheld too when subtracting the cells from it would leave a withheld cell fewer
    than five possible values.
    """
    cells = {key: public_count(count) for key, count in counts.items()}
    total = public_count(sum(counts.values()))
    if total is not None and _narrowest_range(cells, total) < PROTECTED_VALUES:
        total = None
    return PublicTable(cells, total)


def possible_range(published: int | None) -> range:
    """Return the true counts that a published value may stand for; a withheld one is under 20."""
    if published is None:
        return range(SMALLEST_COUNT)
    return range(max(SMALLEST_COUNT, published - BASE // 2), published + BASE // 2)


def _narrowest_range(cells: Mapping[Key, int | None], total: int) -> int:
    """Return how many values a withheld cell can have, given everything that is published."""
    withheld = sum(1 for value in cells.values() if value is None)
    if not withheld:
        return SMALLEST_COUNT
    shown = [possible_range(value) for value in cells.values() if value is not None]
    whole = possible_range(total)
    least = whole[0] - sum(values[-1] for values in shown)
    most = whole[-1] - sum(values[0] for values in shown)
    highest = SMALLEST_COUNT - 1
    low = max(0, least - (withheld - 1) * highest)
    high = min(highest, most)
    return high - low + 1
