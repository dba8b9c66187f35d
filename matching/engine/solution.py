"""The answer to a cash instance, in the caller's order."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from matching.engine.columns import Int64
from matching.engine.model import CashInstance
from matching.engine.ranks import Ranks
from matching.engine.reasons import FundReasons, NeedReasons

FUND_POSITIONS = ("nearest_need", "price_need", "last_served_need")
R = TypeVar("R", NeedReasons, FundReasons)


@dataclass(frozen=True, slots=True)
class CashSolution:
    """An allocation and its reasons. Positions refer to the arrays of the instance that was solved.

    The first six arrays have one row per grant, sorted by need id and fund id; the others one row per need or fund.
    """

    need_index: Int64
    fund_index: Int64
    amount_fen: Int64
    rank: Int64
    """The need's place in the order of service, from 1."""
    competitors: Int64
    """How many other needs are eligible for the fund."""
    price_need: Int64
    """The need that one more fen of the fund would reach, or -1 if the fund is idle."""
    price_level: Int64
    """The certificate: for each fund the level at which its money ends, NEVER if it does not (see `certificate`)."""
    covered_fen: Int64
    spent_fen: Int64
    need_rank: Int64
    needs: NeedReasons
    funds: FundReasons


def assemble(
    instance: CashInstance,
    ranks: Ranks,
    grants: tuple[Int64, Int64, Int64],
    price_level: Int64,
    needs: NeedReasons,
    funds: FundReasons,
) -> CashSolution:
    """Return the solution of an instance sorted by id; `grants` are need, fund and fen."""
    order = np.lexsort((grants[1], grants[0]))
    need, fund, amount = (column[order] for column in grants)
    covered, spent = (
        np.zeros(len(instance.needs), dtype=np.int64),
        np.zeros(len(instance.funds), dtype=np.int64),
    )
    np.add.at(covered, need, amount)
    np.add.at(spent, fund, amount)
    return CashSolution(
        need_index=need,
        fund_index=fund,
        amount_fen=amount,
        rank=ranks.rank[need],
        competitors=funds.eligible_needs[fund] - 1,
        price_need=funds.price_need[fund],
        price_level=price_level,
        covered_fen=covered,
        spent_fen=spent,
        need_rank=ranks.rank,
        needs=needs,
        funds=funds,
    )


def in_order_of(solution: CashSolution, need_rows: Int64, fund_rows: Int64) -> CashSolution:
    """Return the solution for the caller's order, where sorted row k stood at `need_rows[k]`, `fund_rows[k]`."""
    need_back, fund_back = np.argsort(need_rows), np.argsort(fund_rows)
    return replace(
        solution,
        need_index=need_rows[solution.need_index],
        fund_index=fund_rows[solution.fund_index],
        price_need=_moved(solution.price_need, need_rows),
        price_level=solution.price_level[fund_back],
        covered_fen=solution.covered_fen[need_back],
        spent_fen=solution.spent_fen[fund_back],
        need_rank=solution.need_rank[need_back],
        needs=_back(solution.needs, need_back, {"nearest_fund": fund_rows}),
        funds=_back(solution.funds, fund_back, dict.fromkeys(FUND_POSITIONS, need_rows)),
    )


def _moved(positions: Int64, rows: Int64) -> Int64:
    if not len(rows):
        return positions
    moved: Int64 = np.where(positions >= 0, rows[np.maximum(positions, 0)], -1)
    return moved


def _back(found: R, back: Int64, positions: dict[str, Int64]) -> R:
    columns = {column.name: getattr(found, column.name)[back] for column in fields(found)}
    for name, rows in positions.items():
        columns[name] = _moved(columns[name], rows)
    return type(found)(**columns)
