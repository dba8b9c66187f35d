"""What was promised so far, by pair and by household of a fund: it counts towards caps and is never moved."""

from __future__ import annotations

from matching.engine.columns import Int64
from matching.engine.model import Promises
from matching.engine.online.tables import Places

Sums = dict[int, dict[int, int]]


def _add(sums: Sums, outer: int, inner: int, amount: int) -> None:
    row = sums.setdefault(outer, {})
    row[inner] = row.get(inner, 0) + amount
    if row[inner] == 0:
        del row[inner]


class Given:
    """Sums of promises, found from either side. Funds are rows, needs and households are ids."""

    def __init__(self) -> None:
        self.of_need: Sums = {}
        self.of_fund: Sums = {}
        self.of_household: Sums = {}
        self.of_fund_to_household: Sums = {}

    @classmethod
    def of(cls, promises: Promises, funds: Places) -> Given:
        """Return the sums of earlier promises; those of unknown funds concern nobody."""
        given = cls()
        rows = zip(
            promises.need_id.tolist(),
            promises.household.tolist(),
            promises.fund_id.tolist(),
            promises.amount_fen.tolist(),
            strict=True,
        )
        for need_id, household, fund_id, amount in rows:
            fund = funds.find(fund_id)
            if fund >= 0:
                given.add(need_id, household, fund, amount)
        return given

    def add(self, need_id: int, household: int, fund: int, amount: int) -> None:
        """Count a promise, or with a negative amount the end of one."""
        _add(self.of_need, need_id, fund, amount)
        _add(self.of_fund, fund, need_id, amount)
        if household:
            _add(self.of_household, household, fund, amount)
            _add(self.of_fund_to_household, fund, household, amount)

    def pair(self, need_id: int, fund: int) -> int:
        """Return what the fund has promised to the need."""
        return self.of_need.get(need_id, {}).get(fund, 0)

    def household(self, household: int, fund: int) -> int:
        """Return what the fund has promised to the household; 0 for needs without one."""
        return self.of_household.get(household, {}).get(fund, 0)


class Scratch:
    """An array that is zero but for a few entries while somebody looks at it."""

    def __init__(self, values: Int64) -> None:
        self.values = values
        self._set: list[int] = []

    def put(self, entries: dict[int, int]) -> Int64:
        """Return the array with these entries in the place of those before."""
        self.values[self._set] = 0
        self._set = list(entries)
        for place, value in entries.items():
            self.values[place] = value
        return self.values
