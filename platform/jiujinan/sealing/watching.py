"""
What is unusual about an opening of personal data (pure).

Not a verdict: an alarm asks a supervisor to look. After 个人信息保护法 art. 51 and 54 (limits of authority, regular
audit) and 社会救助法 art. 70(6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jiujinan.regions.calendar import is_working_day
from jiujinan.regions.rules import is_within


class Unusual(StrEnum):
    """Why an opening raises an alarm."""

    MANY = "many"
    ELSEWHERE = "elsewhere"
    OFF_HOURS = "off_hours"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening: `at` in local time, the case's region ("" if the caller named none), the reader's divisions."""

    at: datetime
    region: str
    own_regions: Sequence[str]
    cases_this_hour: int


def unusual(opening: Opening, *, most_an_hour: int, hours: tuple[int, int]) -> list[Unusual]:
    """Return what is unusual about the opening, in the order of the list above; IDLE shows only later."""
    found = []
    if opening.cases_this_hour > most_an_hour:
        found.append(Unusual.MANY)
    if opening.region and not any(is_within(opening.region, own) for own in opening.own_regions):
        found.append(Unusual.ELSEWHERE)
    first, last = hours
    if not (is_working_day(opening.at.date()) and first <= opening.at.hour < last):
        found.append(Unusual.OFF_HOURS)
    return found
