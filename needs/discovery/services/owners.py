"""Who answers for a place from the first minute (首问负责), by the rules of cases; supervisors where nobody else is."""

from datetime import datetime

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.clocks.queries import substitute_of, supervisors
from jiujinan.clocks.rules import LEVELS
from needs.services.owners import Assigner


class NobodyInCharge(Exception):
    """No civil affairs unit covers the place; the caller names the telephone instead."""


def first_owner(*, region: str, now: datetime, wanted: Role = Role.CASE_OFFICER) -> User:
    """Return who answers for a report: as for a case, else the nearest supervisor. Raise NobodyInCharge.

    `wanted` may be SUPERVISOR, for what an officer shall not answer for himself.
    """
    officer, supervisor = Assigner(now=now).in_charge_of(region), _nearest_supervisor(region, now)
    found = (supervisor or officer) if wanted == Role.SUPERVISOR else (officer or supervisor)
    if found is None:
        raise NobodyInCharge(region)
    return found


def _nearest_supervisor(region: str, now: datetime) -> User | None:
    above = supervisors(region)
    nearest = next((above[level] for level in LEVELS if level in above), [])
    return substitute_of(nearest[0], now) if nearest else None
