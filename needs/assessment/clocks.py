"""Until when the next answer is due, by tier (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jiujinan.codes import Tier
from jiujinan.regions.calendar import add_working_days


@dataclass(frozen=True)
class Limit:
    """A time limit: real hours, or working days."""

    hours: int = 0
    working_days: int = 0
    source: str = ""


VERIFY_LIMITS = {
    Tier.CRITICAL: Limit(hours=8, source="Qinghai 2020: help within 8 hours"),
    Tier.JOINT: Limit(working_days=15, source="Baise: urgent temporary relief"),
    Tier.DEPARTMENTAL: Limit(working_days=30, source="Baise: ordinary temporary relief"),
}
ANSWER_LIMITS = {
    Tier.CRITICAL: Limit(hours=4, source="the platform's own"),
    Tier.JOINT: Limit(working_days=3, source="the platform's own"),
    Tier.DEPARTMENTAL: Limit(working_days=5, source="the platform's own"),
}


def due(limit: Limit, *, since: datetime) -> datetime:
    """Return when the limit is over, counted from an aware moment."""
    if limit.hours:
        return since + timedelta(hours=limit.hours)
    day = add_working_days(since.date(), limit.working_days)
    return since.replace(year=day.year, month=day.month, day=day.day)
