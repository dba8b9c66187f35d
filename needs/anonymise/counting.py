"""
Counts of every class of the lattice over many rows, each computed once and then looked up.

Rows are held as columns of small integers. A class at given levels is one 64-bit key; `numpy.unique`
counts all classes of a level at once, so that many decisions share one pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from jiujinan.codes import (
    CATEGORY_KINDS,
    CAUSE_GROUPS,
    WIDE_AGE_BANDS,
    WIDE_AMOUNT_BANDS,
    AgeBand,
    AmountBand,
    Cause,
    CauseGroup,
    Group,
    ItemCategory,
    ItemKind,
    Tier,
    WideAgeBand,
    WideAmountBand,
)
from needs.anonymise.lattice import Levels, Subject, steps_of

Integers = npt.NDArray[np.int64]
Code = TypeVar("Code")

NOT_SAID = 0
_CAUSES = {cause: place for place, cause in enumerate(Cause, start=1)}
_CAUSE_GROUPS = {group: place for place, group in enumerate(CauseGroup, start=1)}
_AGES = {band: place for place, band in enumerate(AgeBand, start=1)}
_WIDE_AGES = {band: place for place, band in enumerate(WideAgeBand, start=1)}
_TRAITS = {group: place for place, group in enumerate(Group, start=1)}
_AMOUNTS = {band: place for place, band in enumerate(AmountBand, start=1)}
_WIDE_AMOUNTS = {band: place for place, band in enumerate(WideAmountBand, start=1)}
_TIERS = {tier: place for place, tier in enumerate(Tier, start=1)}
_CATEGORY_BITS = {category: 1 << place for place, category in enumerate(ItemCategory)}
_KIND_BITS = {kind: 1 << place for place, kind in enumerate(ItemKind)}

# Column of each attribute in a row, and the number of values it is given room for in a key.
REGION, CAUSE, AGE, TRAIT, AMOUNT, CATEGORY, TIER = range(7)
_ROOM = (1_000_000, 16, 16, 32, 16, 1 << len(_CATEGORY_BITS), 4)  # 62 bits: the sign's is left alone

Row = tuple[int, int, int, int, int, int, int]
_STEPS: dict[int, tuple[tuple[int, ...], ...]] = {
    CAUSE: (
        tuple(range(16)),
        (NOT_SAID, *(_CAUSE_GROUPS[CAUSE_GROUPS[cause]] for cause in Cause)),
        (NOT_SAID,) * 16,
    ),
    AGE: (
        tuple(range(16)),
        (NOT_SAID, *(_WIDE_AGES[WIDE_AGE_BANDS[band]] for band in AgeBand)),
        (NOT_SAID,) * 16,
    ),
    TRAIT: (tuple(range(32)), (NOT_SAID,) * 32),
    AMOUNT: (
        tuple(range(16)),
        (NOT_SAID, *(_WIDE_AMOUNTS[WIDE_AMOUNT_BANDS[band]] for band in AmountBand)),
        (NOT_SAID,) * 16,
    ),
    TIER: (tuple(range(4)), (NOT_SAID,) * 4),
}
_REGION_STEPS = (1, 100, 10_000)


def _kinds_of(bits: int) -> int:
    kinds = 0
    for category, bit in _CATEGORY_BITS.items():
        if bits & bit:
            kinds |= _KIND_BITS[CATEGORY_KINDS[category]]
    return kinds


def row_of(subject: Subject) -> Row:
    """Return the subject's attributes as small integers."""
    return (
        int(subject.county),
        _CAUSES[subject.cause],
        _AGES[subject.age_band] if subject.age_band else NOT_SAID,
        _TRAITS[subject.trait] if subject.trait else NOT_SAID,
        _AMOUNTS[subject.amount_band] if subject.amount_band else NOT_SAID,
        sum(_CATEGORY_BITS[category] for category in subject.categories),
        _TIERS[subject.tier] if subject.tier else NOT_SAID,
    )


def subject_of_row(row: Row, *, month: int) -> Subject:
    """Return the subject whose row this is; nothing in a row tells a sensitive kind."""
    return Subject(
        county=county_of(row),
        cause=_at(_CAUSES, row[CAUSE]) or Cause.OTHER,
        month=month,
        age_band=_at(_AGES, row[AGE]),
        trait=_at(_TRAITS, row[TRAIT]),
        amount_band=_at(_AMOUNTS, row[AMOUNT]),
        categories=frozenset(category for category, bit in _CATEGORY_BITS.items() if row[CATEGORY] & bit),
        tier=_at(_TIERS, row[TIER]),
    )


def _at(places: Mapping[Code, int], place: int) -> Code | None:
    return next((code for code, own in places.items() if own == place), None)


def county_of(row: Row) -> str:
    """Return the six-digit region code of a row."""
    return f"{row[REGION]:06d}"


def _coarsen(row: Row, levels: Levels) -> list[int]:
    step = _REGION_STEPS[levels.region]
    return [
        row[REGION] // step * step,
        _STEPS[CAUSE][levels.cause][row[CAUSE]],
        _STEPS[AGE][levels.age][row[AGE]],
        _STEPS[TRAIT][levels.trait][row[TRAIT]],
        _STEPS[AMOUNT][levels.amount][row[AMOUNT]],
        _kinds_of(row[CATEGORY]) if levels.category else row[CATEGORY],
        _STEPS[TIER][levels.tier][row[TIER]],
    ]


def _join(parts: Sequence[Any], attributes: Sequence[int]) -> Any:
    key = parts[attributes[0]]
    for attribute in attributes[1:]:
        key = key * _ROOM[attribute] + parts[attribute]
    return key


def class_key(row: Row, levels: Levels, attributes: tuple[int, ...]) -> int:
    """Return the key of the row's class at these levels, by these attributes."""
    key: int = _join(_coarsen(row, levels), attributes)
    return key


@lru_cache(maxsize=4096)
def _relevant(levels: Levels, attributes: tuple[int, ...]) -> Levels:
    """Return the levels with 0 for every attribute that makes no class here."""
    steps = steps_of(levels)
    return Levels(*(step if place in attributes else 0 for place, step in enumerate(steps)))


@dataclass
class ClassCounts:
    """
    Weighted rows, counted by class.

    `attributes` are the columns that make a class (REGION first). Counts of a level are computed at the
    first question and kept; the rows never change.
    """

    columns: Integers
    weights: Integers
    attributes: tuple[int, ...]
    _counts: dict[Levels, dict[int, int]] = field(default_factory=dict, repr=False)
    _spreads: dict[Levels, dict[int, tuple[int, float]]] = field(default_factory=dict, repr=False)
    _kinds: Integers = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the kinds of the items, which no table can map."""
        different, inverse = np.unique(self.columns[:, CATEGORY], return_inverse=True)
        kinds = np.array([_kinds_of(int(bits)) for bits in different], dtype=np.int64)
        self._kinds = kinds[inverse.reshape(-1)] if len(kinds) else self.columns[:, CATEGORY]

    @classmethod
    def of(cls, rows: Iterable[tuple[Row, int]], attributes: tuple[int, ...]) -> "ClassCounts":
        """Return the counts over `(row, weight)` pairs."""
        pairs = list(rows)
        columns = np.array([row for row, _ in pairs], dtype=np.int64).reshape(-1, len(_ROOM))
        return cls(columns, np.array([weight for _, weight in pairs], dtype=np.int64), attributes)

    def count(self, row: Row, levels: Levels) -> int:
        """Return how many rows say the same as this one at these levels."""
        levels = _relevant(levels, self.attributes)
        if levels not in self._counts:
            keys, inverse = self.classes(levels)
            sums = np.bincount(inverse, weights=self.weights, minlength=len(keys)).astype(np.int64)
            self._counts[levels] = dict(zip(keys.tolist(), sums.tolist(), strict=True))
        return self._counts[levels].get(class_key(row, levels, self.attributes), 0)

    def spread(self, row: Row, levels: Levels) -> tuple[int, float]:
        """
        Return distinct l and t of the cause in the row's class: `(0, 1.0)` for an empty class.

        t is the distance of the class's distribution of causes from that of all rows, with equal ground
        distance (half the sum of absolute differences).
        """
        levels = _relevant(levels, self.attributes)
        if levels not in self._spreads:
            self._spreads[levels] = self._compute_spreads(levels)
        return self._spreads[levels].get(class_key(row, levels, self.attributes), (0, 1.0))

    def classes(self, levels: Levels) -> tuple[Integers, Integers]:
        """Return the different keys at these levels and the place of each row's key among them."""
        step = _REGION_STEPS[levels.region]
        parts = [
            self.columns[:, REGION] // step * step,
            self._stepped(CAUSE, levels.cause),
            self._stepped(AGE, levels.age),
            self._stepped(TRAIT, levels.trait),
            self._stepped(AMOUNT, levels.amount),
            self._kinds if levels.category else self.columns[:, CATEGORY],
            self._stepped(TIER, levels.tier),
        ]
        keys, inverse = np.unique(_join(parts, self.attributes), return_inverse=True)
        return keys, inverse.reshape(-1)

    def _stepped(self, attribute: int, level: int) -> Integers:
        table = np.array(_STEPS[attribute][level], dtype=np.int64)
        stepped: Integers = table[self.columns[:, attribute]]
        return stepped

    def _compute_spreads(self, levels: Levels) -> dict[int, tuple[int, float]]:
        keys, inverse = self.classes(levels)
        causes = self.columns[:, CAUSE]
        room = _ROOM[CAUSE]
        flat = np.bincount(inverse * room + causes, weights=self.weights, minlength=len(keys) * room)
        table = flat.reshape(len(keys), room)
        overall = table.sum(axis=0) / max(table.sum(), 1)
        distances = np.abs(table / table.sum(axis=1, keepdims=True) - overall).sum(axis=1) / 2
        distinct = (table > 0).sum(axis=1)
        return dict(zip(keys.tolist(), zip(distinct.tolist(), distances.tolist(), strict=True), strict=True))
