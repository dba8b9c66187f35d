"""What may happen to a resident engine, one class for each kind of change."""

from __future__ import annotations

from dataclasses import dataclass

from matching.engine.model import CashNeeds, Funds


class ChangeError(ValueError):
    """The change names an id that is unknown or already there, or takes away more than is left."""


@dataclass(frozen=True, slots=True)
class NeedsArrived:
    """Verified needs that were not there before."""

    needs: CashNeeds


@dataclass(frozen=True, slots=True)
class NeedChanged:
    """One need with another gap (net of what is promised), place or priority; it is given whole, in one row."""

    needs: CashNeeds


@dataclass(frozen=True, slots=True)
class NeedLeft:
    """A need was withdrawn or covered by somebody else. What was promised to it still counts for its household."""

    need_id: int


@dataclass(frozen=True, slots=True)
class FundsArrived:
    """Funds that were not there before."""

    funds: Funds


@dataclass(frozen=True, slots=True)
class FundChanged:
    """One fund with another charter or balance (net of what is promised); it is given whole, in one row."""

    funds: Funds


@dataclass(frozen=True, slots=True)
class BalanceChanged:
    """Money came into a fund (positive) or left it for another purpose (negative)."""

    fund_id: int
    by_fen: int


@dataclass(frozen=True, slots=True)
class GrantReleased:
    """A promise of earlier ends: gap and money come back. `declined` keeps the pair apart from now on."""

    need_id: int
    fund_id: int
    amount_fen: int
    declined: bool = False


@dataclass(frozen=True, slots=True)
class DayBegan:
    """Another day, as an ordinal: funds open and expire. Ask for proposals by `refresh` afterwards."""

    today: int


Change = (
    NeedsArrived
    | NeedChanged
    | NeedLeft
    | FundsArrived
    | FundChanged
    | BalanceChanged
    | GrantReleased
    | DayBegan
)
