"""A resident engine over a snapshot: the platform's keys on one side, the engine's numbers on the other (pure).

Load it once, tell it what became of needs and funds, take its proposals. Nothing promised is ever moved. A newcomer's
place in the order is found among those that were loaded, by the same weights; the quota of the forgotten and packages
are matters of the hourly run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np

from matching import columns as c
from matching import snapshot as s
from matching.engine import CashNeeds, PairReason
from matching.engine.online import (
    Answer,
    Change,
    DayBegan,
    FundChanged,
    FundsArrived,
    GrantReleased,
    NeedAnswer,
    NeedChanged,
    NeedLeft,
    NeedsArrived,
    Resident,
)
from matching.ordering import Order, WeightTable, order_of

STEP = 1024
"""Steps of the order lie so far apart, so that newcomers find places between them."""
Key = tuple[int, int, int]


@dataclass(frozen=True)
class Offer:
    """So much of a fund for an item, with what the engine says of the pair."""

    item: UUID
    fund: UUID
    amount: int
    why: PairReason


@dataclass(frozen=True)
class Told:
    """What is true of some items and funds now. Items that are named and not in the table lack nothing any more."""

    items: c.Columns
    funds: c.Columns
    gone_items: Sequence[UUID] = ()
    gone_funds: Sequence[UUID] = ()
    promised: Mapping[tuple[UUID, UUID], int] = field(
        default_factory=dict
    )  # (item, fund) → fen that still stand
    declined: frozenset[tuple[UUID, UUID]] = frozenset()


class Watch:
    """A loaded engine that is told of changes."""

    def __init__(self, snapshot: s.Snapshot, forecasts: Sequence[c.Columns] = ()) -> None:
        instance, order = s.cash_instance(snapshot)
        items = snapshot.tables[s.CASH]
        self.weights, self.languages = snapshot.weights, snapshot.languages
        self._steps = _Steps(instance.needs, order, items["waiting"], snapshot.weights)
        alone = items["package"] == 0  # packages wait for the hourly run, which keeps them whole
        gap = np.where(alone, instance.needs.gap_fen, 0)
        needs = replace(instance.needs, gap_fen=gap, priority=instance.needs.priority * STEP)
        self.resident = Resident.load(replace(instance, needs=needs))
        self._items = c.uuids(items["id"])
        self._funds = c.uuids(snapshot.tables[s.FUNDS]["id"])
        self._item_at = {key: number for number, key in enumerate(self._items)}
        self._fund_at = {key: number for number, key in enumerate(self._funds)}
        self.first = self._offers(self.resident.refresh([self._coming(some) for some in forecasts]))

    def day(self, today: int) -> None:
        """Let another day begin."""
        self.resident.apply(DayBegan(today))

    def tell(self, told: Told) -> list[Offer]:
        """Take the news in and return what is proposed for it; promises that ended first, then funds, then items."""
        offers: list[Offer] = []
        for change in self._changes(told):
            offers += self._offers(self.resident.apply(change))
        return offers

    def promisers(self, items: Iterable[UUID]) -> set[UUID]:
        """Return the funds that have promised something to these items."""
        numbers = [self._item_at[item] for item in items if item in self._item_at]
        return {self._funds[fund] for number in numbers for fund in self.resident.promised_to(number)}

    def answer(self, item: UUID) -> NeedAnswer | None:
        """Return why the item has no more, as the engine sees it now; None where it does not know it."""
        number = self._item_at.get(item)
        return self.resident.why(number) if number is not None and self.resident.knows_need(number) else None

    def _changes(self, told: Told) -> list[Change]:
        left = [self._item_at[key] for key in told.gone_items if key in self._item_at]
        changes: list[Change] = [NeedLeft(number) for number in left if self.resident.gap(number)]
        changes += self._released(told)
        for key in told.gone_funds:
            if key in self._fund_at and self.resident.money(self._fund_at[key]):
                number = self._fund_at[key]
                changes.append(FundChanged(replace(s.fund_columns(_emptied()), id=np.array([number]))))
        for row, key in enumerate(c.uuids(told.funds["id"])):
            changes.append(self._fund(key, c.cut(told.funds, row, row + 1)))
        alone = [
            (row, key) for row, key in enumerate(c.uuids(told.items["id"])) if not told.items["package"][row]
        ]
        return changes + [self._item(key, c.cut(told.items, row, row + 1)) for row, key in alone]

    def _released(self, told: Told) -> list[GrantReleased]:
        """Return the promises that have ended since, of items that lack something still."""
        ended = []
        for item in c.uuids(told.items["id"]):
            if item not in self._item_at:
                continue
            number = self._item_at[item]
            for fund, fen in sorted(self.resident.promised_to(number).items()):
                pair = item, self._funds[fund]
                less = fen - told.promised.get(pair, 0)
                if less > 0:
                    ended.append(GrantReleased(number, fund, less, declined=pair in told.declined))
        return ended

    def _fund(self, key: UUID, row: c.Columns) -> Change:
        known = key in self._fund_at
        number = self._fund_at.setdefault(key, len(self._funds))
        if not known:
            self._funds.append(key)
        funds = replace(s.fund_columns(row), id=np.array([number], dtype=np.int64))
        return FundChanged(funds) if known else FundsArrived(funds)

    def _item(self, key: UUID, row: c.Columns) -> Change:
        known = key in self._item_at
        number = self._item_at.setdefault(key, len(self._items))
        if not known:
            self._items.append(key)
        needs = self._placed(row, np.array([number], dtype=np.int64))
        return NeedChanged(needs) if known else NeedsArrived(needs)

    def _coming(self, items: c.Columns) -> CashNeeds:
        """Return needs that may come, as a forecast."""
        return self._placed(items, np.arange(len(items["gap"]), dtype=np.int64))

    def _placed(self, items: c.Columns, ids: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> CashNeeds:
        needs = replace(s.cash_needs(items), id=ids)
        order = order_of(needs, difficulty=items["score"], waiting=items["waiting"], table=self.weights)
        return replace(needs, priority=self._steps.priorities(needs, order, items["waiting"]))

    def _offers(self, answer: Answer) -> list[Offer]:
        return [
            Offer(
                self._items[one.need_id],
                self._funds[one.fund_id],
                one.amount_fen,
                self.resident.explain(one.need_id, one.fund_id),
            )
            for one in answer.proposals
        ]


class _Steps:
    """The loaded order by tier, to find newcomers' places in it."""

    def __init__(
        self,
        needs: CashNeeds,
        order: Order,
        waiting: "np.ndarray[tuple[int], np.dtype[np.int64]]",
        table: WeightTable,
    ) -> None:
        self.table = table
        self._keys: dict[int, list[Key]] = {}
        self._priorities: dict[int, list[int]] = {}
        keys = _keys(order, waiting, table)
        for tier in np.unique(needs.tier).tolist():
            rows = np.flatnonzero((needs.tier == tier) & ~order.forgotten)
            found = sorted({(keys[row], int(order.priority[row]) * STEP) for row in rows.tolist()})
            self._keys[tier] = [key for key, _ in found]
            self._priorities[tier] = [priority for _, priority in found]

    def priorities(
        self, needs: CashNeeds, order: Order, waiting: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    ) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Return the priority of each of these needs among those that were loaded."""
        from bisect import bisect_left

        found = []
        for row, key in enumerate(_keys(order, waiting, self.table)):
            tier = int(needs.tier[row])
            keys, known = self._keys.get(tier, []), self._priorities.get(tier, [])
            spot = bisect_left(keys, key)
            if spot < len(keys) and keys[spot] == key:
                found.append(known[spot])
            elif spot == 0:
                found.append(known[0] + STEP // 2 if known else 0)
            else:
                found.append(known[spot - 1] - STEP // 2)
        return np.array(found, dtype=np.int64)


def _keys(
    order: Order, waiting: "np.ndarray[tuple[int], np.dtype[np.int64]]", table: WeightTable
) -> list[Key]:
    """Return what orders needs within a tier, first first: band, days past the limit, points (see `fairness`)."""
    late = np.where(order.overdue, waiting, 0)
    points = order.claim + np.minimum(waiting, table.most_days) * table.waiting_day
    return list(zip((-order.band).tolist(), (-late).tolist(), (-points).tolist(), strict=True))


def _emptied() -> c.Columns:
    """Return one fund without money."""
    return s.funds_table([s.FundRow("0" * 32, 0)])
