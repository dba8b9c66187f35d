"""Reasons for every need and fund of a small instance, by looking at every pair."""

from __future__ import annotations

import numpy as np

from matching.engine.codes import Outcome
from matching.engine.eligibility import Pairs, Promised, limits
from matching.engine.minimums import Ledger
from matching.engine.model import CashInstance, Int64
from matching.engine.ranks import Ranks, need_at_rank
from matching.engine.reasons import FundReasons, NeedReasons, effort, last_served, smallest_change

FAR = np.int64(1 << 40)


def describe(
    instance: CashInstance, pairs: Pairs, ledger: Ledger, ranks: Ranks, price: Int64
) -> tuple[NeedReasons, FundReasons]:
    """Return why each need and each fund ended as it did. `price` is from `fund_prices`."""
    nearest = _Nearest(instance)
    amounts = _amounts_by_fund(pairs, ledger, len(instance.funds))
    promised = Promised.of(instance)
    for fund in range(len(instance.funds)):
        nearest.look_at(fund, promised, *amounts[fund])
    given = ledger.amount > 0
    last = last_served(pairs.fund[given], pairs.need[given], ranks, len(instance.funds))
    eligible_funds = np.bincount(pairs.need, minlength=len(instance.needs)).astype(np.int64)
    eligible_needs = np.bincount(pairs.fund, minlength=len(instance.funds)).astype(np.int64)
    outcome, shortfall = _need_outcomes(instance, pairs, ledger, eligible_funds)
    tier, priority = _exhausted_at(instance, pairs, ranks, last)
    needs = NeedReasons(
        outcome,
        shortfall,
        eligible_funds,
        nearest.fund,
        nearest.need_failed,
        *nearest.need_changes(),
        tier,
        priority,
    )
    funds = FundReasons(
        _fund_outcomes(instance, pairs, ledger, eligible_needs),
        eligible_needs,
        nearest.need,
        nearest.fund_failed,
        *nearest.fund_changes(),
        price,
        last,
    )
    return needs, funds


def _amounts_by_fund(pairs: Pairs, ledger: Ledger, size: int) -> list[tuple[Int64, Int64]]:
    """Return for each fund the needs that it serves and those left with a gap."""
    given = np.flatnonzero(ledger.amount)
    by_fund = given[np.argsort(pairs.fund[given], kind="stable")]
    bounds = np.searchsorted(pairs.fund[by_fund], np.arange(size + 1))
    open_needs = np.flatnonzero(ledger.gap_left > 0)
    return [(pairs.need[by_fund[bounds[fund] : bounds[fund + 1]]], open_needs) for fund in range(size)]


class _Nearest:
    """Keeps, for each need and fund, the counterpart with the least effort that gave or got nothing."""

    def __init__(self, instance: CashInstance) -> None:
        self.instance = instance
        self.best = np.full(len(instance.needs), FAR)
        self.fund = np.full(len(instance.needs), -1, dtype=np.int64)
        self.need_failed = np.zeros(len(instance.needs), dtype=np.int64)
        self.need = np.full(len(instance.funds), -1, dtype=np.int64)
        self.fund_failed = np.zeros(len(instance.funds), dtype=np.int64)
        self.need_change: dict[int, tuple[int, int]] = {}
        self.fund_change: dict[int, tuple[int, int]] = {}
        self.promised = Promised.of(instance)

    def look_at(self, fund: int, promised: Promised, served: Int64, open_needs: Int64) -> None:
        """Compare one fund with what was nearest so far."""
        found = limits(self.instance, fund, promised)
        cost = effort(found.failed)
        cost[served] = FAR
        better = cost < self.best
        self.best[better] = cost[better]
        self.fund[better] = fund
        self.need_failed[better] = found.failed[better]
        candidates = np.setdiff1d(open_needs, served)
        if len(candidates):
            need = int(candidates[np.argmin(cost[candidates])])
            self.need[fund] = need
            self.fund_failed[fund] = found.failed[need]
            change = smallest_change(self.instance, need, fund, int(found.failed[need]), found)
            if change:
                self.fund_change[fund] = (int(change.rule), change.value)

    def need_changes(self) -> tuple[Int64, Int64]:
        """Return rule and value of the smallest change for each need. Shapes (n,)."""
        changes: dict[int, tuple[int, int]] = {}
        for fund in np.unique(self.fund[self.fund >= 0]).tolist():
            found = limits(self.instance, fund, self.promised)
            for need in np.flatnonzero(self.fund == fund).tolist():
                change = smallest_change(self.instance, need, fund, int(self.need_failed[need]), found)
                if change:
                    changes[need] = (int(change.rule), change.value)
        return _columns(changes, len(self.instance.needs))

    def fund_changes(self) -> tuple[Int64, Int64]:
        """Return rule and value of the smallest change for each fund. Shapes (m,)."""
        return _columns(self.fund_change, len(self.instance.funds))


def _columns(changes: dict[int, tuple[int, int]], size: int) -> tuple[Int64, Int64]:
    rule, value = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for row, (rule_bit, wanted) in changes.items():
        rule[row], value[row] = rule_bit, wanted
    return rule, value


def _exhausted_at(instance: CashInstance, pairs: Pairs, ranks: Ranks, last: Int64) -> tuple[Int64, Int64]:
    """Return tier and priority at which the money of each need's eligible funds ended; -1 where none was spent."""
    lowest = np.zeros(len(instance.needs), dtype=np.int64)
    spent = last[pairs.fund] >= 0
    np.maximum.at(lowest, pairs.need[spent], ranks.rank[last[pairs.fund[spent]]])
    position = need_at_rank(ranks, lowest)
    known = position >= 0
    tier = np.where(known, instance.needs.tier[position], -1)
    return tier, np.where(known, instance.needs.priority[position], -1)


def _need_outcomes(
    instance: CashInstance, pairs: Pairs, ledger: Ledger, eligible: Int64
) -> tuple[Int64, Int64]:
    """Return outcome and shortfall codes of the needs."""
    gap, left = instance.needs.gap_fen, ledger.gap_left
    has_money = np.zeros(len(gap), dtype=np.bool_)
    fits = np.zeros(len(gap), dtype=np.bool_)
    with_rest = ledger.balance_left[pairs.fund] > 0
    has_money[pairs.need[with_rest]] = True
    room = np.minimum(ledger.gap_left[pairs.need], ledger.balance_left[pairs.fund])
    growable = with_rest & (ledger.amount < pairs.cap_fen) & (ledger.amount + room < pairs.floor_fen)
    fits[pairs.need[growable]] = True
    shortfall = np.select(
        [left <= 0, eligible == 0, fits, has_money],
        [Outcome.MATCHED, Outcome.NOT_ELIGIBLE, Outcome.BELOW_MINIMUM, Outcome.CAPPED],
        default=Outcome.EXHAUSTED,
    ).astype(np.int64)
    outcome = np.select(
        [gap <= 0, left <= 0, left < gap],
        [Outcome.NOTHING_LACKING, Outcome.MATCHED, Outcome.PARTLY],
        default=shortfall,
    ).astype(np.int64)
    return outcome, shortfall


def _fund_outcomes(instance: CashInstance, pairs: Pairs, ledger: Ledger, eligible: Int64) -> Int64:
    """Return outcome codes of the funds."""
    available, left = instance.funds.available_fen, ledger.balance_left
    still_open = np.zeros(len(available), dtype=np.bool_)
    still_open[pairs.fund[ledger.gap_left[pairs.need] > 0]] = True
    codes: Int64 = np.select(
        [available <= 0, left <= 0, left < available, eligible == 0, still_open],
        [Outcome.NOTHING_LACKING, Outcome.MATCHED, Outcome.PARTLY, Outcome.NOT_ELIGIBLE, Outcome.CAPPED],
        default=Outcome.COVERED_ELSEWHERE,
    ).astype(np.int64)
    return codes
