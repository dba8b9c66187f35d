"""Decisions of the demand side that need no database (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from jiujinan.codes import Tier
from jiujinan.regions.dated import Dated, in_force

# An integrity flag where a region has no rule of its own: nobody loses help without one.
FLAG_EFFECT, FLAG_MONTHS = "warns", 12


def obstacles_to_verifying(
    *,
    economic_check: str,
    items: int,
    tier: str,
    open_questions: int = 0,
    blocking_flags: int = 0,
    other_decision: bool = False,
) -> list[str]:
    """Return the codes of what stands in the way of verifying a case; an empty list means nothing does.

    The critical tier may be helped before the economic check is back (先行救助, 社会救助法 art. 50), and no integrity
    flag keeps help from it; a failed check stops every tier. A conference that decided otherwise is carried out first.
    """
    obstacles = []
    if items == 0:
        obstacles.append("nothing_lacking")
    if economic_check == "failed":
        obstacles.append("economic_check_failed")
    elif economic_check == "pending" and tier != Tier.CRITICAL:
        obstacles.append("economic_check_pending")
    if open_questions:
        obstacles.append("item_returned")
    if blocking_flags and tier != Tier.CRITICAL:
        obstacles.append("integrity_flag")
    if other_decision:
        obstacles.append("conference_decided")
    return obstacles


def is_helped_first(*, economic_check: str) -> bool:
    """Return whether a case that is verified now has its file still to be completed."""
    return economic_check == "pending"


def obstacles_to_publishing(*, consented: bool, consent_withdrawn: bool) -> list[str]:
    """Return what stands in the way of publishing before any risk is measured: separate consent (PIPL 25, 29)."""
    if consent_withdrawn:
        return ["consent_withdrawn"]
    return [] if consented else ["consent_missing"]


def hoped_for_until(published_on: date, tier: str, *, months: Mapping[str, int]) -> date:
    """Return the last day of the month until which help is hoped for.

    `months` says for each tier how many months that is, the one of publication included. The answer follows from
    the public month and tier alone, so it tells nothing else.
    """
    last = published_on.year * 12 + published_on.month - 1 + months.get(tier, 1)
    return date(last // 12, last % 12 + 1, 1) - timedelta(days=1)


class FlagRule(Dated, Protocol):
    """A region's dated row that says what a kind of dishonesty leads to."""

    @property
    def kind(self) -> str:
        """Of which dishonesty it speaks."""

    @property
    def effect(self) -> str:
        """What a flag does."""

    @property
    def months(self) -> int:
        """For how long."""


@dataclass(frozen=True)
class FlagTerms:
    """What a flag does, and the day on which it ends by itself."""

    effect: str
    expires_on: date


def flag_terms(rows: Iterable[FlagRule], *, kind: str, region: str, on: date) -> FlagTerms:
    """Return effect and end of a flag of that kind raised on that day, by the rule in force in the region."""
    rule = in_force((row for row in rows if row.kind == kind), region=region, on=on)
    if rule is None:
        return FlagTerms(FLAG_EFFECT, add_months(on, FLAG_MONTHS))
    return FlagTerms(rule.effect, add_months(on, rule.months))


def add_months(day: date, months: int) -> date:
    """Return the same day so many months (≥ 0) later, or the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def least_burdened(officers: Iterable[int], *, burden: Mapping[int, int]) -> int:
    """Return the officer, by key, with the least to answer for; of equals the one entered first."""
    return min(officers, key=lambda officer: (burden.get(officer, 0), officer))
