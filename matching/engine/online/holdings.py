"""What a resident engine holds: waiting needs, funds, their regions, and what is promised, as rows of integers."""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Int64, region_lists
from matching.engine.model import CashInstance, CashNeeds, Funds, Promises
from matching.engine.online import changes as c
from matching.engine.online import tables as t
from matching.engine.online.given import Given, Scratch
from matching.engine.ranks import NEVER


class Holdings:
    """Rows of needs and funds that can be found by id, read, and added to; nothing is proposed here."""

    def __init__(self, instance: CashInstance) -> None:
        order = np.lexsort((instance.needs.id, t.service_key(instance.needs.tier, instance.needs.priority)))
        needs, funds = instance.needs.take(order), instance.funds  # rows that are read together lie together
        self.today = instance.today
        self._need_id, self._needs = t.Growing(needs.id.copy()), t.Growing(t.need_rows(needs))
        self._fund_id, self._funds = t.Growing(funds.id.copy()), t.Growing(t.fund_rows(funds, 0))
        self._regions = t.Growing(t.region_bounds(funds.region_codes))
        self._need_at, self._fund_at = t.Places(needs.id), t.Places(funds.id)
        self._queue = t.Queue(self._needs.rows[:, t.KEY], needs.id)
        self._given = Given.of(instance.promises, self._fund_at)
        self._barred: dict[int, set[int]] = {}
        self._make_scratch()

    def instance(self) -> CashInstance:
        """Return what is open now: waiting needs, funds, and promises of funds with caps. Sorted by id."""
        rows = np.flatnonzero(self._needs.rows[:, t.GAP] > 0)
        rows = rows[np.argsort(self._need_id.rows[rows], kind="stable")]
        held = self._needs.rows[rows].T
        needs = CashNeeds(
            id=self._need_id.rows[rows], gap_fen=held[t.GAP].copy(), region=held[t.REGION].copy(),
            category=held[t.CATEGORY].copy(), tier=held[t.TIER].copy(), groups=held[t.GROUPS].copy(),
            priority=held[t.PRIORITY].copy(), government_done=held[t.DONE] == 1, household=held[t.HOUSEHOLD].copy(),
            required_fen=held[t.REQUIRED].copy(),
        )  # fmt: skip
        return CashInstance(needs, self._current_funds(), self._promises(), self.today)

    def bid(self, fund_id: int) -> tuple[int, int]:
        """Return tier and priority at which this fund's money is expected to end; (-1, -1) if it is idle."""
        return t.tier_and_priority(int(self._funds.rows[self._fund(fund_id), t.BID]))

    def knows_need(self, need_id: int) -> bool:
        """Return whether the need was ever told."""
        return self._need_at.find(need_id) >= 0

    def knows_fund(self, fund_id: int) -> bool:
        """Return whether the fund was ever told."""
        return self._fund_at.find(fund_id) >= 0

    def gap(self, need_id: int) -> int:
        """Return in fen what this need lacks still, net of everything promised. Raises ChangeError if it is unknown."""
        return int(self._needs.rows[self._need(need_id), t.GAP])

    def promised_to(self, need_id: int) -> dict[int, int]:
        """Return what each fund has promised to this need, by the fund's id."""
        return {
            int(self._fund_id.rows[row]): fen for row, fen in self._given.of_need.get(need_id, {}).items()
        }

    def money(self, fund_id: int) -> int:
        """Return in fen what this fund has left, net of everything promised. Raises ChangeError if it is unknown."""
        return int(self._funds.rows[self._fund(fund_id), t.MONEY])

    def need_row(self, row: int) -> Int64:
        """Return the columns of a need (see `tables`)."""
        columns: Int64 = self._needs.rows[row]
        return columns

    def fund_row(self, row: int) -> Int64:
        """Return the columns of a fund (see `tables`)."""
        columns: Int64 = self._funds.rows[row]
        return columns

    def need_id(self, row: int) -> int:
        """Return the id of the need at this row."""
        return int(self._need_id.rows[row])

    def fund_id(self, row: int) -> int:
        """Return the id of the fund at this row."""
        return int(self._fund_id.rows[row])

    def regions_of(self, row: int) -> list[int]:
        """Return the region codes of the fund at this row; none means anywhere."""
        first, count = self._funds.rows[row, [t.FIRST_REGION, t.REGIONS]]
        return [int(code) for code in self._regions.rows[first : first + count, 0]]

    def given(self, need_id: int, household: int, fund: int) -> tuple[int, int]:
        """Return what the fund has promised to the need, and to its household."""
        return self._given.pair(need_id, fund), self._given.household(household, fund)

    def tables(self, fund: int) -> tuple[Int64, int, Int64, Int64]:
        """Return what the compiled loops need to look at one fund: funds, its row, region codes, needs."""
        return self._funds.rows, fund, self._regions.rows, self._needs.rows

    def _current_funds(self) -> Funds:
        order = np.argsort(self._fund_id.rows, kind="stable")
        rows = self._funds.rows[order]
        flat = self._regions.rows[:, 0]
        parts = [flat[row[t.FIRST_REGION] : row[t.FIRST_REGION] + row[t.REGIONS]] for row in rows]
        offsets = np.concatenate([[0], np.cumsum(rows[:, t.REGIONS])]).astype(np.int64)
        _, codes = region_lists(len(rows), None, offsets, np.concatenate([flat[:0], *parts]))
        held = rows.T
        return Funds(
            id=self._fund_id.rows[order], available_fen=held[t.MONEY].copy(),
            region_offsets=offsets, region_codes=codes,
            categories=held[t.CATEGORIES].copy(), tiers=held[t.TIERS].copy(), groups=held[t.GROUP_MASK].copy(),
            government_first=held[t.FIRST] == 1, minimum_grant_fen=held[t.MINIMUM].copy(),
            per_case_cap_fen=held[t.CASE_CAP].copy(), share_cap_permille=held[t.SHARE_CAP].copy(),
            per_household_cap_fen=held[t.HOUSEHOLD_CAP].copy(), opens_on=held[t.OPENS].copy(),
            expires_on=held[t.EXPIRES].copy(),
        )  # fmt: skip

    def _promises(self) -> Promises:
        rows = []
        caps = self._funds.rows[:, [t.CASE_CAP, t.SHARE_CAP, t.HOUSEHOLD_CAP]].max(axis=1)
        for fund, given in self._given.of_fund.items():
            if caps[fund]:
                fund_id = int(self._fund_id.rows[fund])
                rows += [(need, self._household(need), fund_id, amount) for need, amount in given.items()]
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        return Promises(*(column.copy() for column in table.T))

    def _household(self, need_id: int) -> int:
        row = self._need_at.find(need_id)
        return int(self._needs.rows[row, t.HOUSEHOLD]) if row >= 0 else 0

    def _need(self, need_id: int) -> int:
        row = self._need_at.find(need_id)
        if row < 0:
            raise c.ChangeError(f"need {need_id} is unknown")
        return row

    def _fund(self, fund_id: int) -> int:
        row = self._fund_at.find(fund_id)
        if row < 0:
            raise c.ChangeError(f"fund {fund_id} is unknown")
        return row

    def _make_scratch(self) -> None:
        size = len(self._funds.rows)
        self._pair, self._home, self._no = (Scratch(np.zeros(size, dtype=np.int64)) for _ in range(3))
        self._out_fund, self._out_room = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)

    def _add_needs(self, needs: CashNeeds) -> Int64:
        start = self._needs.append(t.need_rows(needs))
        self._need_id.append(needs.id)
        rows = np.arange(start, start + len(needs))
        for need_id, row in zip(needs.id.tolist(), rows.tolist(), strict=True):
            self._need_at.add(need_id, row)
            self._queue.add(row)
        return rows

    def _add_funds(self, funds: Funds) -> range:
        start = self._funds.append(
            t.fund_rows(funds, self._regions.append(t.region_bounds(funds.region_codes)))
        )
        self._fund_id.append(funds.id)
        rows = range(start, start + len(funds))
        for fund_id, row in zip(funds.id.tolist(), rows, strict=True):
            self._fund_at.add(fund_id, row)
            self._funds.rows[row, t.BID] = self._price_of_a_like(row)
        self._make_scratch()
        return rows

    def _price_of_a_like(self, row: int) -> int:
        """Return the price for a fund that no plan has seen: that of the nearest charter in region, category and tier.

        Where none is alike the money is taken as idle until the next `refresh`.
        """
        funds, own = self._funds.rows[:row], self._funds.rows[row]
        columns = [t.CATEGORIES, t.TIERS, t.GROUP_MASK, t.FIRST]
        alike = (funds[:, t.SPAN] == own[t.SPAN]) & (funds[:, t.REGIONS] == own[t.REGIONS])
        rows = np.flatnonzero(alike & (funds[:, columns] == own[columns]).all(axis=1))
        if own[t.REGIONS]:
            flat = self._regions.rows[:, 0]
            mine = flat[own[t.FIRST_REGION] : own[t.FIRST_REGION] + own[t.REGIONS]]
            rows = np.array(
                [
                    place
                    for place in rows.tolist()
                    if np.array_equal(flat[funds[place, t.FIRST_REGION] :][: len(mine)], mine)
                ],
                dtype=np.int64,
            )
        bids = np.sort(funds[rows, t.BID])
        return int(bids[(len(bids) - 1) // 2]) if len(bids) else int(NEVER)
