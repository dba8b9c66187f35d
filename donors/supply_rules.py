"""How much of an offer or a lot may still be promised. Pure."""

from datetime import date

DAYS_A_WEEK = 7


def free_units(
    *,
    total: int,
    reserved: int,
    used: int,
    today: date,
    ends_on: date | None = None,
    weekly_capacity: int | None = None,
) -> int:
    """
    Return the units that nobody has reserved or used, and that the weeks left can still hold.

    An offer with a last day cannot promise more than its weekly capacity for each week that has begun until then.
    """
    left = total - reserved - used
    if weekly_capacity is None or ends_on is None:
        return max(left, 0)
    days = (ends_on - today).days + 1
    weeks = max(-(-days // DAYS_A_WEEK), 0)
    return max(min(left, weekly_capacity * weeks - reserved), 0)
