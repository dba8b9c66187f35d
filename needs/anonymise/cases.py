"""The crowd of cases that a published record is compared with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from needs.anonymise.counting import (
    AGE,
    AMOUNT,
    CATEGORY,
    CAUSE,
    REGION,
    TIER,
    TRAIT,
    ClassCounts,
    Row,
    row_of,
)
from needs.anonymise.lattice import Subject

EVERYTHING_SAID = (REGION, CAUSE, AGE, TRAIT, AMOUNT, CATEGORY, TIER)
# Classes for l and t: what is said beside the cause itself. The category is left out: it *is* the help
# that a notice announces, and follows from the cause.
BESIDE_THE_CAUSE = (REGION, AGE, TRAIT, AMOUNT, TIER)


def month_number(year: int, month: int) -> int:
    """Return the month as one number: year × 12 + month − 1."""
    return year * 12 + month - 1


@dataclass
class CaseClasses:
    """
    All cases of an area, indexed once and asked many times.

    Give every case of at least the last 12 months, published or not: the neighbour doesn't know which
    of them is public. Those that never can be (sensitive kinds, minors) are left out of the count, since a
    reader who knows the rule strikes them out. Cases of the same codes may come as one with a weight.
    """

    by_month: dict[int, Counter[Row]]
    _crowds: dict[tuple[int, int], ClassCounts] = field(default_factory=dict, repr=False)
    _spreads: dict[tuple[int, int], ClassCounts] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, cases: Iterable[Subject]) -> "CaseClasses":
        """Return the index over these cases."""
        return cls.of_counted((case, 1) for case in cases)

    @classmethod
    def of_counted(cls, cases: Iterable[tuple[Subject, int]]) -> "CaseClasses":
        """Return the index over `(case, how many such)` pairs, as a GROUP BY gives them."""
        by_month: dict[int, Counter[Row]] = {}
        for case, many in cases:
            if case.sensitive or case.is_minor:
                continue
            by_month.setdefault(case.month, Counter())[row_of(case)] += many
        return cls(by_month)

    def crowd(self, *, until: int, months: int) -> ClassCounts:
        """Return the counts by everything said, over the months that end with `until`."""
        return self._window(self._crowds, EVERYTHING_SAID, until, months)

    def spread(self, *, until: int, months: int) -> ClassCounts:
        """Return the counts by what is said beside the cause, over the months that end with `until`."""
        return self._window(self._spreads, BESIDE_THE_CAUSE, until, months)

    def _window(
        self,
        kept: dict[tuple[int, int], ClassCounts],
        attributes: tuple[int, ...],
        until: int,
        months: int,
    ) -> ClassCounts:
        if (until, months) not in kept:
            rows: Counter[Row] = Counter()
            for month in range(until - months + 1, until + 1):
                rows.update(self.by_month.get(month, {}))
            kept[until, months] = ClassCounts.of(rows.items(), attributes)
        return kept[until, months]
