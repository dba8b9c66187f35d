"""Decisions of the demand side that need no database (pure)."""

from collections.abc import Mapping
from datetime import date, timedelta

from jiujinan.codes import Tier


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
