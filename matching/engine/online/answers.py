"""What a resident engine answers: proposals, and for each need and fund of the change what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from matching.engine.codes import Outcome, Rule
from matching.engine.reasons import Change


@dataclass(frozen=True, slots=True)
class Proposal:
    """So much of a fund for a need, from now on taken off both.

    The price says at which need the fund's money is expected to end, (-1, -1) if it would lie idle: what one more
    yuan of it is worth elsewhere.
    """

    need_id: int
    fund_id: int
    amount_fen: int
    price_tier: int
    price_priority: int


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """What became of a need that the change names, and why it did not get more."""

    need_id: int
    proposed_fen: int
    open_fen: int
    outcome: Outcome
    shortfall: Outcome
    """MATCHED if nothing is open; NOT_ELIGIBLE, EXHAUSTED, CAPPED, BELOW_MINIMUM, or HELD for better-ranked needs."""
    eligible_funds: int
    nearest_fund_id: int
    """The fund that is nearest to giving among those that may not; -1 if there is none."""
    failed_rules: Rule
    change: Change | None
    """The smallest change of that fund or need that would make it match; None if several rules fail."""
    held_tier: int
    """Where HELD, the tier and priority from which on the cheapest fund would give; else -1."""
    held_priority: int


@dataclass(frozen=True, slots=True)
class FundAnswer:
    """What became of a fund that the change names."""

    fund_id: int
    proposed_fen: int
    left_fen: int
    outcome: Outcome
    """MATCHED if used up, HELD if the rest waits for needs to come, NOT_ELIGIBLE if no waiting need may have it."""
    price_tier: int
    price_priority: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that follows from one change; nothing promised before is moved."""

    proposals: tuple[Proposal, ...] = ()
    needs: tuple[NeedAnswer, ...] = ()
    funds: tuple[FundAnswer, ...] = ()
