"""The plan of a solve by province: what is to be solved next; the caller says where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.capped import GRANTS_A_NEED, allocation_of, build_state, served
from matching.engine.cash import solve_cash
from matching.engine.columns import Int64
from matching.engine.compressed import Allocation, Prepared, prepare, solve_compressed
from matching.engine.describe_large import describe_large
from matching.engine.large import has_caps, keep_minimums
from matching.engine.model import CashInstance
from matching.engine.provinces.parts import Division, Part, PartAnswer, divide, solve_part
from matching.engine.provinces.shares import BANDS, Told, first_shares, moved_shares
from matching.engine.ranks import NEVER
from matching.engine.solution import CashSolution, assemble, in_order_of

ROUNDS = 2
SolveParts = Callable[[Sequence[Part], Sequence[Int64]], Sequence[PartAnswer]]
"""Solves all parts with these shares (by shared fund of the part); the answers in the order of the parts."""


def solve_here(parts: Sequence[Part], shares: Sequence[Int64]) -> list[PartAnswer]:
    """Solve the parts one after another in this process."""
    return [solve_part(part.instance, part.shared, share) for part, share in zip(parts, shares, strict=True)]


def worth_dividing(instance: CashInstance) -> bool:
    """Return whether the instance has caps and more than one province. Without caps a single solve takes a moment."""
    return has_caps(instance) and len(np.unique(instance.needs.region // 10_000)) > 1


def solve_by_province(
    instance: CashInstance,
    solve_parts: SolveParts = solve_here,
    *,
    rounds: int = ROUNDS,
    finish: bool = True,
) -> CashSolution:
    """Return an allocation with reasons, the parts solved by `solve_parts`; the same for any order of rows.

    With `finish` each need is covered as in a single run; where minimum grants are set both are repaired, each its
    own way.
    """
    if not worth_dividing(instance):
        return solve_cash(instance)
    need_rows = np.argsort(instance.needs.id, kind="stable").astype(np.int64)
    fund_rows = np.argsort(instance.funds.id, kind="stable").astype(np.int64)
    plan = Plan.of(
        CashInstance(
            instance.needs.take(need_rows), instance.funds.take(fund_rows), instance.promises, instance.today
        )
    )
    for _ in range(rounds):
        plan.hear(solve_parts(plan.division.parts, plan.shares_by_part()))
        if not plan.exchange():
            break
    return in_order_of(plan.solution(finish=finish), need_rows, fund_rows)


@dataclass(slots=True)
class Plan:
    """Where a solve by province stands: the shares to be asked with, and what was answered last. Rows sorted by id."""

    instance: CashInstance
    ready: Prepared
    division: Division
    share: Int64
    """Of each shared fund in each part, in fen. Shape (shared, parts)."""
    heard: Allocation | None = None
    price: Int64 | None = None
    """The level of the whole instance at which each shared fund ends in each part. Shape (shared, parts)."""

    @classmethod
    def of(cls, instance: CashInstance) -> Plan:
        """Return the plan before its first round."""
        ready, division = prepare(instance), divide(instance)
        loose = solve_compressed(instance, ready)
        drawn = np.zeros(division.serves.shape, dtype=np.int64)
        place = _places(division.shared, len(instance.funds))
        own = place[loose.fund] >= 0
        np.add.at(
            drawn, (place[loose.fund[own]], division.part_of_need[loose.need[own]]), loose.amount_fen[own]
        )
        gap = np.zeros(len(division.parts), dtype=np.int64)
        np.add.at(gap, division.part_of_need, instance.needs.gap_fen)
        balance = instance.funds.available_fen[division.shared]
        return cls(instance, ready, division, first_shares(balance, drawn, gap, division.serves))

    def shares_by_part(self) -> list[Int64]:
        """Return for each part the shares of its shared funds."""
        place = _places(self.division.shared, len(self.instance.funds))
        return [
            self.share[place[part.funds[part.shared]], number]
            for number, part in enumerate(self.division.parts)
        ]

    def hear(self, answers: Sequence[PartAnswer]) -> None:
        """Take the answers of all parts together."""
        level, place = self.ready.ranks.level, _places(self.division.shared, len(self.instance.funds))
        ends = np.full(len(self.instance.funds), NEVER, dtype=np.int64)
        price = np.full(self.division.serves.shape, NEVER, dtype=np.int64)
        grants = []
        for number, (part, answer) in enumerate(zip(self.division.parts, answers, strict=True)):
            grants.append((part.needs[answer.need], part.funds[answer.fund], answer.amount_fen))
            levels = np.append(np.unique(level[part.needs]), NEVER)
            told = levels[np.minimum(answer.price_level, len(levels) - 1)]
            ends[part.funds] = np.minimum(ends[part.funds], told)
            price[place[part.funds[part.shared]], number] = told[part.shared]
        need, fund, fen = (np.concatenate(columns) for columns in zip(*grants, strict=True))
        self.heard, self.price = Allocation(need, fund, fen, ends), price

    def exchange(self) -> bool:
        """Move shares by the prices that were heard; False where none moves."""
        assert self.heard is not None
        assert self.price is not None
        needs, level, division = self.instance.needs, self.ready.ranks.level, self.division
        last = int(level.max(initial=0)) + 1
        band = level * BANDS // last
        place = _places(division.shared, len(self.instance.funds))
        own = place[self.heard.fund] >= 0
        need, fund, fen = self.heard.need[own], place[self.heard.fund[own]], self.heard.amount_fen[own]
        part = division.part_of_need[need]
        given = np.zeros_like(self.share)
        np.add.at(given, (fund, part), fen)
        left = needs.gap_fen.copy()
        np.subtract.at(left, self.heard.need, self.heard.amount_fen)
        network = self.ready.network
        attribute = network.class_attribute[network.need_class]
        lacking = np.zeros((BANDS, len(division.parts), network.failures.shape[1]), dtype=np.int64)
        np.add.at(lacking, (band, division.part_of_need, attribute), left)
        kinds, kind = np.unique(network.fund_pool[division.shared], return_inverse=True)
        mask = np.zeros(network.pool_count + 1, dtype=np.int64)
        mask[network.pool_row_pool] = network.pool_row_mask
        ends = np.minimum(self.price, last) * BANDS // last
        told = Told(
            lacking, fund, part, np.maximum(band[need], ends[fund, part]), fen, self.share - given,
            kind.reshape(-1), (network.failures[mask[kinds]] == 0) & (kinds >= 0)[:, None], division.serves,
        )  # fmt: skip
        before, self.share = self.share, moved_shares(self.share, told)
        return not np.array_equal(before, self.share)

    def solution(self, *, finish: bool) -> CashSolution:
        """Return the solution that was heard last, from the level of the first difference on solved in one piece."""
        assert self.heard is not None
        found = self._finished(self.heard) if finish else self.heard
        if self.instance.funds.minimum_grant_fen.any():
            found = keep_minimums(self.instance, self.ready, found)
        needs, funds = describe_large(self.instance, self.ready, found)
        grants = found.need, found.fund, found.amount_fen
        return assemble(self.instance, self.ready.ranks, grants, found.price_level, needs, funds)

    def settled_before(self) -> int:
        """Return the first level at which a shared fund ends in some part, or is missing where somebody lacks money."""
        assert self.heard is not None
        assert self.price is not None
        level = self.ready.ranks.level
        left = self.instance.needs.gap_fen.copy()
        np.subtract.at(left, self.heard.need, self.heard.amount_fen)
        short = np.flatnonzero((left > 0) & (self.ready.network.need_node >= 0))
        lacks = np.full(len(self.division.parts), NEVER, dtype=np.int64)
        np.minimum.at(lacks, self.division.part_of_need[short], level[short])
        least = np.maximum(self.instance.funds.minimum_grant_fen[self.division.shared], 1)
        missing = self.division.serves & (self.share < least[:, None])
        ends = np.where(missing, np.minimum(self.price, lacks[None, :]), self.price)
        return int(ends.min(initial=NEVER))

    def _finished(self, heard: Allocation) -> Allocation:
        from matching.engine.provinces import kernels

        ranks, needs = self.ready.ranks, self.instance.needs
        settled = self.settled_before()
        stays = ranks.level[heard.need] < settled
        need, fund, fen = heard.need[stays], heard.fund[stays], heard.amount_fen[stays]
        state = build_state(self.instance, self.ready, GRANTS_A_NEED * len(needs) + len(need))
        kernels.stand(state, need, fund, fen, heard.price_level, settled)
        start = int(np.searchsorted(ranks.level[ranks.order], settled))
        return allocation_of(served(state, self.ready, start), self.ready)


def _places(shared: Int64, funds: int) -> Int64:
    """Return each fund's place among the shared ones, -1 for the others."""
    place = np.full(funds, -1, dtype=np.int64)
    place[shared] = np.arange(len(shared))
    return place
