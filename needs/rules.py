"""Decisions of the demand side that need no database (pure)."""

from jiujinan.codes import Tier


def obstacles_to_verifying(*, economic_check: str, items: int, tier: str) -> list[str]:
    """Return the codes of what stands in the way of verifying a case; an empty list means nothing does.

    The critical tier may be helped before the economic check is back (先行救助, 社会救助法 art. 50);
    a failed check stops every tier.
    """
    obstacles = []
    if items == 0:
        obstacles.append("nothing_lacking")
    if economic_check == "failed":
        obstacles.append("economic_check_failed")
    elif economic_check == "pending" and tier != Tier.CRITICAL:
        obstacles.append("economic_check_pending")
    return obstacles


def obstacles_to_publishing(*, consented: bool, consent_withdrawn: bool) -> list[str]:
    """Return what stands in the way of publishing before any risk is measured: separate consent (PIPL 25, 29)."""
    if consent_withdrawn:
        return ["consent_withdrawn"]
    return [] if consented else ["consent_missing"]
