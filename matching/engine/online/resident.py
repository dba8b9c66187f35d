"""A matching engine that stays: load an instance once, then tell it every change and get proposals back.

`Resident.load(instance)` holds all waiting needs and all funds. `apply(change)` answers with new proposals for what the
change touches, and never moves what was proposed before: only `GrantReleased` gives money and gap back. A need takes
money only where its place in the order of service is not behind the fund's bid price (see `prices`), from the fund
whose money is worth least elsewhere. `refresh(forecasts)` sets the prices anew, nightly or after a bulk of changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matching.engine.cash import PairReason
from matching.engine.columns import Int64, region_lists
from matching.engine.model import CashInstance, CashNeeds, Funds, Promises
from matching.engine.online import changes as c
from matching.engine.online import tables as t
from matching.engine.online.answers import Answer, FundAnswer, NeedAnswer, Proposal
from matching.engine.online.given import Given, Scratch
from matching.engine.online.prices import plan
from matching.engine.online.reasons import EFFORTS, explain, fund_answer, need_answer
from matching.engine.ranks import NEVER

BATCH = 1024
"""So many waiting needs are looked up at a time for a fund with money."""


class Resident:
    """All waiting needs and all funds with what is left of them; build with `Resident.load`."""

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

    @classmethod
    def load(cls, instance: CashInstance) -> Resident:
        """Return an engine that holds the instance; nothing is proposed yet, every fund is priced as idle."""
        return cls(instance)

    def apply(self, change: c.Change) -> Answer:
        """Take a change in and return what follows from it. Raises ChangeError; then nothing has changed."""
        match change:
            case c.NeedsArrived():
                return self._needs_arrived(change.needs)
            case c.NeedChanged():
                return self._need_changed(change.needs)
            case c.NeedLeft():
                self._needs.rows[self._need(change.need_id), t.GAP] = 0
                return Answer()
            case c.FundsArrived():
                return self._funds_arrived(change.funds)
            case c.FundChanged():
                return self._fund_changed(change.funds)
            case c.BalanceChanged():
                return self._balance_changed(change.fund_id, change.by_fen)
            case c.GrantReleased():
                return self._grant_released(change)
            case c.DayBegan():
                self.today = change.today
                return Answer()

    def refresh(self, forecasts: Sequence[CashNeeds]) -> Answer:
        """Set the prices from forecasts of needs to come, and propose what every forecast gives to waiting needs.

        This solves one batch per forecast: seconds, not milliseconds. No forecast at all makes all money idle.
        """
        instance = self.instance()
        nobody = instance.needs.take(np.zeros(0, dtype=np.int64))
        found = plan(instance, forecasts or [nobody])
        rows = np.array([self._fund(int(fund)) for fund in instance.funds.id], dtype=np.int64)
        self._funds.rows[:, t.BID] = NEVER
        if len(rows):
            self._funds.rows[rows, t.BID] = found.bid if forecasts else NEVER
        proposals = []
        for need, fund, amount in zip(found.need, found.fund, found.amount_fen, strict=True):
            row = self._need(int(instance.needs.id[need]))
            proposals += self._offer(row, int(rows[fund]), int(amount))
        return Answer(tuple(proposals))

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

    def explain(self, need_id: int, fund_id: int) -> PairReason:
        """Return why this need has what it has, or nothing, from this fund. Raises ChangeError for unknown ids.

        `exhausted_tier` and `exhausted_priority` tell the fund's price: where its money is expected to end.
        """
        return explain(self, self._need(need_id), self._fund(fund_id))

    def why(self, need_id: int) -> NeedAnswer:
        """Return why a need has what it has and no more, as things stand now. Raises ChangeError if it is unknown."""
        row = self._need(need_id)
        _, seen = self._look(row)
        return need_answer(self, row, seen, [])

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

    def _needs_arrived(self, needs: CashNeeds) -> Answer:
        for need_id in needs.id.tolist():
            if self._need_at.find(need_id) >= 0:
                raise c.ChangeError(f"need {need_id} is already there")
        rows = self._add_needs(needs)
        order = np.lexsort((needs.id, self._needs.rows[rows, t.KEY]))
        return _joined(self._serve_need(int(rows[place])) for place in order)

    def _add_needs(self, needs: CashNeeds) -> Int64:
        start = self._needs.append(t.need_rows(needs))
        self._need_id.append(needs.id)
        rows = np.arange(start, start + len(needs))
        for need_id, row in zip(needs.id.tolist(), rows.tolist(), strict=True):
            self._need_at.add(need_id, row)
            self._queue.add(row)
        return rows

    def _need_changed(self, needs: CashNeeds) -> Answer:
        self._needs.rows[self._need(int(needs.id[0])), t.GAP] = 0  # the old row stays behind as a dead one
        return self._serve_need(int(self._add_needs(needs)[0]))

    def _funds_arrived(self, funds: Funds) -> Answer:
        for fund_id in funds.id.tolist():
            if self._fund_at.find(fund_id) >= 0:
                raise c.ChangeError(f"fund {fund_id} is already there")
        start = self._funds.append(
            t.fund_rows(funds, self._regions.append(t.region_bounds(funds.region_codes)))
        )
        self._fund_id.append(funds.id)
        rows = range(start, start + len(funds))
        for fund_id, row in zip(funds.id.tolist(), rows, strict=True):
            self._fund_at.add(fund_id, row)
            self._funds.rows[row, t.BID] = self._price_of_a_like(row)
        self._make_scratch()
        return _joined(self._serve_fund(row) for row in rows)

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
        return int(np.median(funds[rows, t.BID])) if len(rows) else int(NEVER)

    def _fund_changed(self, funds: Funds) -> Answer:
        row = self._fund(int(funds.id[0]))
        bid = self._funds.rows[row, t.BID]
        self._funds.rows[row] = t.fund_rows(funds, self._regions.append(t.region_bounds(funds.region_codes)))[
            0
        ]
        self._funds.rows[row, t.BID] = bid
        return self._serve_fund(row)

    def _balance_changed(self, fund_id: int, by_fen: int) -> Answer:
        row = self._fund(fund_id)
        left = int(self._funds.rows[row, t.MONEY]) + by_fen
        if left < 0:
            raise c.ChangeError(f"fund {fund_id} has not so much left: {-left} fen are promised already")
        self._funds.rows[row, t.MONEY] = left
        return self._serve_fund(row)

    def _grant_released(self, change: c.GrantReleased) -> Answer:
        need, fund = self._need(change.need_id), self._fund(change.fund_id)
        if not 0 < change.amount_fen <= self._given.pair(change.need_id, fund):
            raise c.ChangeError(f"fund {change.fund_id} has not promised so much to need {change.need_id}")
        household = int(self._needs.rows[need, t.HOUSEHOLD])
        self._given.add(change.need_id, household, fund, -change.amount_fen)
        self._needs.rows[need, t.GAP] += change.amount_fen
        self._funds.rows[fund, t.MONEY] += change.amount_fen
        if change.declined:
            self._barred.setdefault(change.need_id, set()).add(fund)
        return _joined([self._serve_need(need), self._serve_fund(fund)])

    def _look(self, row: int) -> tuple[int, Int64]:
        """Fill the lists of funds that may give to this need; return how many, and what else was seen."""
        from matching.engine.online import kernels

        need_id, household = int(self._need_id.rows[row]), int(self._needs.rows[row, t.HOUSEHOLD])
        earlier, seen = self._given.of_need.get(need_id, {}), np.zeros(6, dtype=np.int64)
        count = kernels.look_at_funds(
            self._needs.rows, row, self._funds.rows, self._regions.rows,
            self._pair.put(earlier),
            self._home.put(self._given.of_household.get(household, {}) if household else earlier),
            self._no.put(dict.fromkeys(self._barred.get(need_id, ()), 1)),
            self.today, EFFORTS, self._out_fund, self._out_room, seen,
        )  # fmt: skip
        return count, seen

    def _serve_need(self, row: int) -> Answer:
        """Propose money for one need, from the funds whose money is worth least elsewhere."""
        count, seen = self._look(row)
        fund, room = self._out_fund[:count], self._out_room[:count]
        held = self._funds.rows[fund]
        expires = np.where(held[:, t.EXPIRES] > 0, held[:, t.EXPIRES], NEVER)
        split = room < self._needs.rows[row, t.GAP]
        order = np.lexsort((self._fund_id.rows[fund], held[:, t.SPAN], split, expires, -held[:, t.BID]))
        proposals: list[Proposal] = []
        for place in order.tolist():
            if self._needs.rows[row, t.GAP] <= 0:
                break
            proposals += self._offer(row, int(fund[place]), int(room[place]))
        if proposals and self._needs.rows[row, t.GAP] > 0:
            _, seen = self._look(row)  # why not more, now that these funds have given
        return Answer(tuple(proposals), (need_answer(self, row, seen, proposals),))

    def _serve_fund(self, row: int) -> Answer:
        """Propose one fund's money to waiting needs, best first."""
        from matching.engine.online import kernels

        order = self._queue.in_order(self._needs.rows[:, t.KEY])
        given = np.zeros(len(self._needs.rows), dtype=np.int64)
        for need_id, amount in self._given.of_fund.get(row, {}).items():
            place = self._need_at.find(need_id)
            if place >= 0:
                given[place] = amount
        need, room = np.zeros(BATCH, dtype=np.int64), np.zeros(BATCH, dtype=np.int64)
        proposals: list[Proposal] = []
        start, count = 0, BATCH
        while start < len(order) and (left := int(self._funds.rows[row, t.MONEY])) > 0:
            count, start = kernels.look_at_needs(
                self._funds.rows, row, self._regions.rows, self._needs.rows, order, start, given, self.today, left,
                need, room,
            )  # fmt: skip
            for place in range(count):
                proposals += self._offer(int(need[place]), row, int(room[place]))
        return Answer(tuple(proposals), (), (fund_answer(self, row, proposals),))

    def _offer(self, need: int, fund: int, room: int) -> list[Proposal]:
        """Propose up to `room` fen, within gap, balance, household cap and minimum; no proposal if that is nothing."""
        need_row, fund_row, need_id = (
            self._needs.rows[need],
            self._funds.rows[fund],
            int(self._need_id.rows[need]),
        )
        if fund in self._barred.get(need_id, ()):
            return []
        household = int(need_row[t.HOUSEHOLD])
        amount = min(room, int(need_row[t.GAP]), int(fund_row[t.MONEY]))
        if fund_row[t.HOUSEHOLD_CAP]:
            before = self._given.household(household, fund) if household else self._given.pair(need_id, fund)
            amount = min(amount, int(fund_row[t.HOUSEHOLD_CAP]) - before)
        if amount < max(int(fund_row[t.MINIMUM]), 1):
            return []
        need_row[t.GAP] -= amount
        fund_row[t.MONEY] -= amount
        self._given.add(need_id, household, fund, amount)
        price = t.tier_and_priority(int(fund_row[t.BID]))
        return [Proposal(need_id, int(self._fund_id.rows[fund]), amount, *price)]


def _joined(answers: Iterator[Answer] | Sequence[Answer]) -> Answer:
    """Return several answers as one."""
    parts = list(answers)
    return Answer(
        tuple(row for part in parts for row in part.proposals),
        tuple(row for part in parts for row in part.needs),
        tuple(row for part in parts for row in part.funds),
    )


__all__ = ["FundAnswer", "NeedAnswer", "Resident"]
