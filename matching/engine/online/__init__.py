"""The engine online: load once, tell it every change, get proposals back within milliseconds."""

from matching.engine.online.answers import Answer, FundAnswer, NeedAnswer, Proposal
from matching.engine.online.changes import (
    BalanceChanged,
    Change,
    ChangeError,
    DayBegan,
    FundChanged,
    FundsArrived,
    GrantReleased,
    NeedChanged,
    NeedLeft,
    NeedsArrived,
)
from matching.engine.online.resident import Resident

__all__ = [
    "Answer",
    "BalanceChanged",
    "Change",
    "ChangeError",
    "DayBegan",
    "FundAnswer",
    "FundChanged",
    "FundsArrived",
    "GrantReleased",
    "NeedAnswer",
    "NeedChanged",
    "NeedLeft",
    "NeedsArrived",
    "Proposal",
    "Resident",
]
