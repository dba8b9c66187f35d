"""The matching engine: arrays in, allocation and reasons out; no Django, no clock, no randomness, no floats.

`solve_cash(CashInstance(CashNeeds.of(...), Funds.of(...)))` allots money; `explain_pair` says why, for a pair.
`solve_units` refers people to agencies with free sessions and gives goods from stock, in whole units.
"""

from matching.engine.cash import (
    ENGINE_VERSION,
    Check,
    PairReason,
    Standing,
    explain_one,
    explain_pair,
    solve_cash,
)
from matching.engine.codes import Outcome, Rule
from matching.engine.fairness import Ordered, Weights, order_by_fairness
from matching.engine.model import CashInstance, CashNeeds, Funds, InstanceError, Promises
from matching.engine.packages import Kind, Mixed, MixedSolution, Part, solve_mixed
from matching.engine.pairwise import SolverError
from matching.engine.reasons import Change, FundReasons, NeedReasons
from matching.engine.solution import CashSolution
from matching.engine.units import UnitPairReason, explain_unit_pair, solve_units
from matching.engine.units_model import UnitInstance, UnitNeeds, UnitOffers, UnitSolution
from matching.engine.weeks import Calendar, WeeklySolution, solve_weekly

__all__ = [
    "ENGINE_VERSION",
    "Calendar",
    "CashInstance",
    "CashNeeds",
    "CashSolution",
    "Change",
    "Check",
    "FundReasons",
    "Funds",
    "InstanceError",
    "Kind",
    "Mixed",
    "MixedSolution",
    "NeedReasons",
    "Ordered",
    "Outcome",
    "PairReason",
    "Part",
    "Promises",
    "Rule",
    "SolverError",
    "Standing",
    "UnitInstance",
    "UnitNeeds",
    "UnitOffers",
    "UnitPairReason",
    "UnitSolution",
    "WeeklySolution",
    "Weights",
    "explain_one",
    "explain_pair",
    "explain_unit_pair",
    "order_by_fairness",
    "solve_cash",
    "solve_mixed",
    "solve_units",
    "solve_weekly",
]
