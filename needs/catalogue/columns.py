"""Every entry as columns of small numbers in this process, brought up to date before each answer.

Counting a facet over 100,000 projects is then a tenth of a millisecond instead of a scan; a change costs the
reading of the rows that changed. What is shown is read from the database all the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from jiujinan.codes import Cause, CauseGroup, ItemCategory, ItemKind, Tier, WideAmountBand
from needs.catalogue import entries
from needs.catalogue.entries import Row
from needs.catalogue.keys import month_index, number_key, sort_key
from needs.catalogue.planes import WORD, Mask, Planes
from needs.catalogue.question import Sort

Whole = NDArray[np.int64]

TIERS = {code.value: place for place, code in enumerate(Tier, start=1)}
CAUSES = {code.value: place for place, code in enumerate([*Cause, *CauseGroup], start=1)}
BANDS = {code.value: place for place, code in enumerate(WideAmountBand, start=1)}
KINDS = {code.value: place for place, code in enumerate(ItemKind)}
CATEGORIES = {code.value: place for place, code in enumerate(ItemCategory)}
_NUMBERS = ("region", "tier", "urgency", "cause", "group", "band", "published", "wanted", "covered")
_SMALL = frozenset({"tier", "urgency", "cause", "group", "band", "covered"})
_GROWTH = 4096


@dataclass
class Columns:
    """The columns, indexed by an entry's place; a place that nobody has stands as withdrawn."""

    mark: str = ""
    standing: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    facts: dict[str, NDArray[np.integer]] = field(default_factory=dict)
    kinds: Mask = field(default_factory=lambda: np.zeros((len(KINDS), 0), dtype=bool))
    categories: Mask = field(default_factory=lambda: np.zeros((len(CATEGORIES), 0), dtype=bool))
    numbers: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    names: NDArray[np.bytes_] = field(default_factory=lambda: np.zeros(0, dtype="S12"))
    versions: dict[int, int] = field(default_factory=dict)
    _orders: dict[Sort, tuple[Whole, Whole]] = field(default_factory=dict)
    _planes: dict[tuple[str, int], Planes] = field(default_factory=dict)
    _regions: tuple[Whole, Whole] | None = None

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.standing)

    def take_in(self, rows: Iterable[Row]) -> None:
        """Put the rows at their places; a row that was seen in this version already changes nothing."""
        fresh = [row for row in rows if self.versions.get(row.place) != row.version]
        if not fresh:
            return
        self._grow(max(row.place for row in fresh) + 1)
        for row in fresh:
            self._put(row)
        self._orders, self._planes, self._regions = {}, {}, None

    def order(self, sort: Sort) -> tuple[Whole, Whole]:
        """Return every place in this order, and the keys by place."""
        if sort not in self._orders:
            keys: Whole = sort_key(
                sort,
                urgency=self.facts["urgency"].astype(np.int64),
                covered=self.facts["covered"].astype(np.int64),
                published=self.facts["published"].astype(np.int64),
                wanted=self.facts["wanted"].astype(np.int64),
                number=self.numbers,
            )
            self._orders[sort] = (np.argsort(keys, kind="stable"), keys)
        return self._orders[sort]

    def planes(self, facet: str, make: Callable[[], Iterable[tuple[str, Mask]]], *, at: int = 0) -> Planes:
        """Return a facet's values as bits, made once after each change (and for each month `at` that it depends on)."""
        key = (facet, at)
        if key not in self._planes:
            self._planes[key] = Planes.of(make())
        return self._planes[key]

    def regions(self) -> tuple[Whole, Whole]:
        """Return the divisions that occur, and for every place which of them is its own."""
        if self._regions is None:
            codes, which = np.unique(self.facts["region"], return_inverse=True)
            self._regions = codes.astype(np.int64), which
        return self._regions

    def _grow(self, size: int) -> None:
        if self.facts and size <= self.size:
            return
        room = -(-max(size, self.size + _GROWTH) // WORD) * WORD - self.size
        self.standing = np.concatenate([self.standing, np.zeros(room, dtype=bool)])
        for name in _NUMBERS:
            kind = np.int8 if name in _SMALL else np.int32
            old = self.facts.get(name, np.zeros(0, dtype=kind))
            self.facts[name] = np.concatenate([old, np.zeros(room, dtype=kind)])
        self.kinds = np.pad(self.kinds, ((0, 0), (0, room)))
        self.categories = np.pad(self.categories, ((0, 0), (0, room)))
        self.numbers = np.concatenate([self.numbers, np.zeros(room, dtype=np.int64)])
        self.names = np.concatenate([self.names, np.zeros(room, dtype="S12")])

    def _put(self, row: Row) -> None:
        place, entry, facts = row.place, row.entry, self.facts
        self.standing[place] = entry.standing
        facts["region"][place] = int(entry.region)
        facts["tier"][place] = TIERS.get(entry.tier, 0)
        facts["urgency"][place] = entry.urgency
        facts["cause"][place] = CAUSES.get(entry.cause, 0)
        facts["group"][place] = CAUSES.get(entry.cause_group, 0)
        facts["band"][place] = BANDS.get(entry.band, 0)
        facts["published"][place] = month_of(entry.published_on)
        facts["wanted"][place] = month_of(entry.wanted_on)
        facts["covered"][place] = entry.covered
        _set_bits(self.kinds, place, entry.kinds, KINDS)
        _set_bits(self.categories, place, entry.categories, CATEGORIES)
        self.numbers[place] = number_key(entry.number)
        self.names[place] = entry.number
        self.versions[place] = row.version


def month_of(text: str) -> int:
    """Return the month index of an ISO date."""
    day = date.fromisoformat(text)
    return month_index(day.year, day.month)


def _set_bits(planes: Mask, place: int, codes: str, known: Mapping[str, int]) -> None:
    planes[:, place] = False
    for code in codes.split():
        if code in known:
            planes[known[code], place] = True


_lock = Lock()
_columns = Columns()


def fresh() -> Columns:
    """Return the columns with everything that is committed by now; one query when nothing changed."""
    with _lock:
        if not _columns.mark:
            _columns.mark = entries.current_mark()
            _columns.take_in(entries.read_all())
            return _columns
        mark = _columns.mark
        if entries.has_changed_since(mark):
            _columns.mark = entries.current_mark()
            _columns.take_in(entries.written_since(mark))
        return _columns


def forget() -> None:
    """Begin anew, as a process does that has just started."""
    global _columns  # one for each process, by design
    with _lock:
        _columns = Columns()
