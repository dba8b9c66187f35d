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
from matching.engine.columns import Int64
from matching.engine.model import CashInstance, CashNeeds, Funds
from matching.engine.online import changes as c
from matching.engine.online import tables as t
from matching.engine.online.answers import Answer, FundAnswer, NeedAnswer, Proposal
from matching.engine.online.holdings import Holdings
from matching.engine.online.prices import plan
from matching.engine.online.reasons import EFFORTS, explain, fund_answer, need_answer
from matching.engine.ranks import NEVER

BATCH = 1024
"""So many waiting needs are looked up at a time for a fund with money."""


class Resident(Holdings):
    """All waiting needs and all funds with what is left of them; build with `Resident.load`."""

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

    def _needs_arrived(self, needs: CashNeeds) -> Answer:
        for need_id in needs.id.tolist():
            if self._need_at.find(need_id) >= 0:
                raise c.ChangeError(f"need {need_id} is already there")
        rows = self._add_needs(needs)
        order = np.lexsort((needs.id, self._needs.rows[rows, t.KEY]))
        return _joined(self._serve_need(int(rows[place])) for place in order)

    def _need_changed(self, needs: CashNeeds) -> Answer:
        self._needs.rows[self._need(int(needs.id[0])), t.GAP] = 0  # the old row stays behind as a dead one
        return self._serve_need(int(self._add_needs(needs)[0]))

    def _funds_arrived(self, funds: Funds) -> Answer:
        for fund_id in funds.id.tolist():
            if self._fund_at.find(fund_id) >= 0:
                raise c.ChangeError(f"fund {fund_id} is already there")
        rows = self._add_funds(funds)
        return _joined(self._serve_fund(row) for row in rows)

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
