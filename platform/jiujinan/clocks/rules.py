"""Until when an answer is due, when to remind of it, and whom to tell when it is late (pure).

Every figure is a dated row of a region with its source (`Limit`); nothing here is a constant of the law.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from jiujinan.codes.labels import gettext_noop
from jiujinan.regions.calendar import add_working_days
from jiujinan.regions.dated import holds, in_force, nearness
from jiujinan.regions.working_time import OfficeTime, add_working_minutes

NATION = ""
ANY_TIER = ""


class Step(StrEnum):
    """What somebody waits for."""

    CONTACT = "contact"  # reported by anybody → somebody was in contact
    VISIT = "visit"  # a visit of a watch list overdue → made
    TAKE_UP = "take_up"  # received → an officer takes the case up
    VERIFY = "verify"  # under verification → decided
    COMPLETE = "complete"  # returned → the missing thing is brought
    FILE = "file"  # helped first → the file is complete (先行救助)
    APPEAL_WINDOW = "appeal_window"  # refused → the person may still appeal
    APPEAL = "appeal"  # appealed → decided by another person
    CONFERENCE = "conference"  # decided in conference → carried out
    PROPOSAL = "proposal"  # proposed → answered by who answers for the resource
    REFERRAL = "referral"  # requested → answered by the agency
    PROMISE = "promise"  # committed → paid or handed over
    INTEGRITY = "integrity"  # flagged → the flag ends
    EVIDENCE = "evidence"  # an organisation's papers end
    ABSENCE = "absence"  # handed over → the colleague is back


STEP_LABELS: Mapping[Step, str] = {
    Step.CONTACT: gettext_noop("Get in contact"),
    Step.VISIT: gettext_noop("Make the overdue visits"),
    Step.TAKE_UP: gettext_noop("Take up the case"),
    Step.VERIFY: gettext_noop("Verify the case"),
    Step.COMPLETE: gettext_noop("Bring what is missing"),
    Step.FILE: gettext_noop("Complete the file after help first"),
    Step.APPEAL_WINDOW: gettext_noop("Time to appeal"),
    Step.APPEAL: gettext_noop("Decide the appeal"),
    Step.CONFERENCE: gettext_noop("Carry out the conference's decision"),
    Step.PROPOSAL: gettext_noop("Answer the proposal"),
    Step.REFERRAL: gettext_noop("Answer the referral"),
    Step.PROMISE: gettext_noop("Pay or hand over what was promised"),
    Step.INTEGRITY: gettext_noop("Integrity flag stands"),
    Step.EVIDENCE: gettext_noop("Renew the organisation's papers"),
    Step.ABSENCE: gettext_noop("Colleague away"),
}


class Unit(StrEnum):
    """How a limit counts."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"


UNIT_LABELS: Mapping[Unit, str] = {
    Unit.HOURS: gettext_noop("hours"),
    Unit.WORKING_HOURS: gettext_noop("working hours"),
    Unit.WORKING_DAYS: gettext_noop("working days"),
    Unit.DAYS: gettext_noop("days"),
}


class Level(StrEnum):
    """The levels of government that a late answer climbs, the lowest first."""

    TOWNSHIP = "township"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"


LEVELS = tuple(Level)


@dataclass(frozen=True)
class Limit:
    """How long a step may take for a tier in a region, from a day on; all three figures are in `unit`."""

    step: Step
    tier: str
    amount: int
    unit: Unit
    remind_before: int
    escalate_every: int
    place: str
    valid_from: date
    source: str


@dataclass(frozen=True)
class OfficeRow:
    """A region's office hours from a day on."""

    office: OfficeTime
    place: str
    valid_from: date


@dataclass(frozen=True)
class Timing:
    """The moments of one clock."""

    due_at: datetime
    remind_at: datetime | None


@dataclass(frozen=True)
class Limits:
    """Every limit that the installation knows; one object serves a whole batch."""

    rows: tuple[Limit, ...]
    offices: tuple[OfficeRow, ...] = ()
    days: Mapping[date, bool] = field(default_factory=dict)

    def limit(self, step: Step, *, tier: str, region: str, on: date) -> Limit:
        """Return the limit in force: of the nearest region, there of the tier itself, there the latest."""
        found = [
            row
            for row in self.rows
            if row.step == step and row.tier in {tier, ANY_TIER} and holds(row, region=region, on=on)
        ]
        if not found:
            raise LookupError(f"no limit for {step} of {tier or 'any tier'} in {region} on {on}")
        return max(found, key=lambda row: (nearness(row), row.tier != ANY_TIER, row.valid_from))

    def office(self, *, region: str, on: date) -> OfficeTime:
        """Return the office hours in force there, with the entered days of the calendar."""
        row = in_force(self.offices, region=region, on=on)
        return OfficeTime(row.office.spans if row else OfficeTime().spans, self.days)

    def timing(self, step: Step, *, tier: str, region: str, since: datetime) -> Timing:
        """Return when the step is due that begins at an aware local moment, and when to remind of it."""
        limit = self.limit(step, tier=tier, region=region, on=since.date())
        office = self.office(region=region, on=since.date())
        due_at = later(since, limit.amount, limit.unit, office)
        early = limit.amount - limit.remind_before
        remind_at = later(since, early, limit.unit, office) if 0 < early < limit.amount else None
        return Timing(due_at, remind_at)

    def next_escalation(self, step: Step, *, tier: str, region: str, since: datetime) -> datetime:
        """Return when a late answer climbs one level further, from the moment of the last climb."""
        limit = self.limit(step, tier=tier, region=region, on=since.date())
        return later(since, limit.escalate_every, limit.unit, self.office(region=region, on=since.date()))


def later(since: datetime, amount: int, unit: str, office: OfficeTime) -> datetime:
    """Return the moment so many units (≥ 0) after an aware local moment."""
    if amount < 0:
        raise ValueError("a limit is not negative")
    if unit == Unit.HOURS:
        return since + timedelta(hours=amount)
    if unit == Unit.WORKING_HOURS:
        return add_working_minutes(since, amount * 60, office)
    if unit == Unit.DAYS:
        return since + timedelta(days=amount)
    day = add_working_days(since.date(), amount, table=office.table)
    return since.replace(year=day.year, month=day.month, day=day.day)


def climb(*, heard: Sequence[str], staffed: Iterable[str], starts_at: str) -> Level | None:
    """Return the next level to tell: the lowest from the owner's own on that has somebody and wasn't told."""
    manned = set(staffed)
    for level in LEVELS[LEVELS.index(Level(starts_at)) :]:
        if level in manned and level not in heard:
            return level
    return None
