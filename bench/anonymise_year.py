"""
A year of everything public in one prefecture, 365 days of it, and an attacker who kept every page.

Cases are taken in and published once a week by that night's plan; the register changes every day; every night the
real `recheck` looks at everything public, as beat has it. Records close when help has come, are withdrawn with
consent, and some cases turn out to be of a kind that is never public. The attacker knows the whole register with
names and days, and every notice. Each day he compares the public with that of the day before: what came, what
changed, what went. Who is left of a record are the people who were in the register on each of its days and fit
everything that it ever said; and the notices that got the same record and had gone up when it came.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.anonymise_attacks import COUNTY
from bench.anonymise_county import Case, Resident, draw_cases, draw_residents
from jiujinan.codes import CAUSE_GROUPS, AgeBand, Cause
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.counting import row_of
from needs.anonymise.lattice import Generalised, Levels
from needs.anonymise.plan import Plan, recheck
from needs.anonymise.public_counts import public_table
from needs.anonymise.register import Register, RegisterCell
from needs.anonymise.risk import Crowds, Decision

DAYS, DAYS_OF_A_MONTH, WEEK = 365, 31, 7
FIRST_MONTH = month_number(2026, 1)
WITHDRAWN_SHARE = 0.05
NEIGHBOURS = (COUNTY, "990122", "990123")
CAUSES = tuple(Cause)
Integers = npt.NDArray[np.int64]
Snapshot = dict[int, tuple[Generalised, int]]


@dataclass
class Record:
    """A public record: whose it is, its days, its levels now, and everything it ever said."""

    number: int
    case: Case
    month: int
    begins: int
    ends: int
    first: Levels
    levels: Levels
    said: list[Generalised]
    notices: int
    withdrawn: bool = False
    place: int = 0
    held: bool = False


@dataclass(frozen=True)
class People:
    """Everybody who is in the register on some day of the year, as columns."""

    residents: list[Resident]
    county: Integers
    cause: Integers
    comes: Integers
    goes: Integers

    def register_on(self, day: int) -> Register:
        """Return the counts of that day. Age and trait are never said by default: they are summed over."""
        there = np.flatnonzero((self.comes <= day) & (self.goes > day))
        counted = Counter(zip(self.county[there].tolist(), self.cause[there].tolist(), strict=True))
        cells = (
            RegisterCell(f"{county:06d}", AgeBand.AGE_50_59, CAUSES[cause], None, many)
            for (county, cause), many in counted.items()
        )
        return Register.of(cells)

    def fit(self, said: Generalised) -> npt.NDArray[np.bool_]:
        """Return who could be meant by what is said."""
        step = 100**said.region_level
        fits: npt.NDArray[np.bool_] = self.county // step == int(said.region) // step
        if said.cause_group is not None:
            meant = [
                place
                for place, cause in enumerate(CAUSES)
                if said.cause in {None, cause} and CAUSE_GROUPS[cause] == said.cause_group
            ]
            fits &= np.isin(self.cause, meant)
        return fits


@dataclass
class Year:
    """What happened so far."""

    people: People
    dice: random.Random
    records: list[Record] = field(default_factory=list)
    coarsened: int = 0
    held: int = 0
    facets: dict[str, list[int | None]] = field(default_factory=lambda: defaultdict(list))


def live_a_year(
    *,
    people: int = 1_000,
    leave: float = 0.2,
    join: float = 0.2,
    turn_sensitive: float = 0.01,
    counties: tuple[str, ...] = NEIGHBOURS[:1],
    seed: int = 9,
) -> dict[str, Any]:
    """
    Return what the attacker is left with after 365 days, and what became of the records.

    Each county has `people` low-income people on the first day; the shares that leave and join are of a year;
    `turn_sensitive` of the cases turn out later to be of a kind that is never public.
    """
    dice = random.Random(seed)
    drawn = [draw_residents(county, dice, int(people * (1 + join))) for county in counties]
    everybody = _columns(drawn, people, leave, dice)
    cases = [case for some in drawn for case in _two_years_of_cases(some[:people], dice)]
    days = {id(case): _day_of(case, dice) for case in cases}
    turns = {id(case): dice.randrange(DAYS) for case in cases if dice.random() < turn_sensitive}
    year, snapshots = Year(everybody, dice), list[Snapshot]()
    known = CaseClasses({})
    for day in range(DAYS):
        month = FIRST_MONTH + day // DAYS_OF_A_MONTH
        if day % WEEK == 0 or day in turns.values():
            taken_in = [one for one in cases if days[id(one)] <= day - day % WEEK]
            known = CaseClasses.of(one.subject for one in taken_in if turns.get(id(one), DAYS) > day)
        crowds = Crowds(known, everybody.register_on(day), month)
        _check_everything(year, crowds, day, turns)
        if day % WEEK == 0:
            fresh = [one for one in cases if day - WEEK < days[id(one)] <= day and id(one) not in turns]
            _publish(year, fresh, crowds, day)
        snapshots.append(_seen(year, day))
    return {"days": len(snapshots), **_what_is_left(year, snapshots)}


def _two_years_of_cases(residents: list[Resident], dice: random.Random) -> list[Case]:
    """Return a third of the people as cases of the year before, and another as cases of this."""
    many = len(residents) // 3
    before = draw_cases(residents, dice, until=FIRST_MONTH - 1, cases=many)
    return before + draw_cases(residents, dice, until=FIRST_MONTH + 11, cases=many)


def _columns(drawn: list[list[Resident]], people: int, leave: float, dice: random.Random) -> People:
    """Return all residents with the days on which they come and go; the surplus comes during the year."""
    residents = [one for some in drawn for one in some]
    comes = [0 if place < people else dice.randrange(1, DAYS) for some in drawn for place in range(len(some))]
    goes = [dice.randrange(1, DAYS) if dice.random() < leave else DAYS + 1 for _ in residents]
    return People(
        residents,
        np.array([int(one.county) for one in residents]),
        np.array([CAUSES.index(one.cause) for one in residents]),
        np.array(comes),
        np.maximum(goes, np.array(comes) + 1),
    )


def _day_of(case: Case, dice: random.Random) -> int:
    """Return the day of the year on which the case's notice goes up; negative in the year before."""
    return (case.subject.month - FIRST_MONTH) * DAYS_OF_A_MONTH + dice.randrange(DAYS_OF_A_MONTH)


def _publish(year: Year, fresh: list[Case], crowds: Crowds, day: int) -> None:
    """Publish those of the week's cases that the night's plan lets be public, each until some day."""
    plan = Plan.of(crowds)
    for case in fresh:
        decided = plan.decide(case.subject)
        if decided.published is None or decided.measures is None:
            continue
        withdrawn = year.dice.random() < WITHDRAWN_SHARE
        ends = min(DAYS, day + year.dice.randrange(7, 60 if withdrawn else DAYS))
        number, levels = len(year.records), decided.measures.levels
        year.records.append(
            Record(
                number, case, crowds.month, day, ends, levels, levels, [decided.published],
                decided.measures.k_notice, withdrawn, decided.measures.place,
            )
        )  # fmt: skip


def _check_everything(year: Year, crowds: Crowds, day: int, turns: dict[int, int]) -> None:
    """Check every standing record again, as the nightly task does."""
    asked: dict[tuple[Any, ...], Decision] = {}
    for record in year.records:
        if not record.begins <= day < record.ends:
            continue
        key = (row_of(record.case.subject), record.first, record.levels, record.month, record.place)
        if key not in asked:
            then = replace(crowds, month=record.month)
            asked[key] = recheck(
                record.case.subject, record.levels, then, first=record.first, place=record.place
            )
        checked = asked[key]
        if checked.published is None or checked.measures is None:
            record.ends, record.held = day, True
            year.held += 1
        elif checked.measures.levels != record.levels:
            record.levels = checked.measures.levels
            record.said.append(checked.published)
            year.coarsened += 1


def _seen(year: Year, day: int) -> Snapshot:
    """Return all that is public on that day: each record by its number, and the facets over them."""
    standing = [record for record in year.records if record.begins <= day < record.ends]
    causes = Counter(one.said[-1].cause_group or "" for one in standing)
    table = public_table({group: causes[group] for group in ["", *set(CAUSE_GROUPS.values())]})
    for group, count in {**table.cells, "total": table.total}.items():
        year.facets[group].append(count)
    return {one.number: (one.said[-1], one.month) for one in standing}


def _what_is_left(year: Year, snapshots: list[Snapshot]) -> dict[str, Any]:
    """Return the outcome of the attack: what is intersected comes from the snapshots alone."""
    days: dict[int, list[int]] = defaultdict(list)
    ever: dict[int, set[Generalised]] = defaultdict(set)
    for day, snapshot in enumerate(snapshots):
        for number, (said, _) in snapshot.items():
            days[number].append(day)
            ever[number].add(said)
    left = [_who_is_left(year.people, some[0], some[-1], ever[number]) for number, some in days.items()]
    shown = [count for series in year.facets.values() for count in series if count is not None]
    steps = [
        abs(after - before)
        for series in year.facets.values()
        for before, after in pairwise(series)
        if before is not None and after is not None and before != after
    ]
    return {
        "records": len(days),
        "coarsened": year.coarsened,
        "held_later": year.held,
        "withdrawn": sum(record.withdrawn for record in year.records),
        "closed": sum(record.ends < DAYS and not record.withdrawn for record in year.records),
        "least_left": min(left),
        "under_20": sum(count < 20 for count in left),
        "least_notices": min(record.notices for record in year.records),
        "least_facet": min(shown),
        "least_facet_step": min(steps, default=None),
    }


def _who_is_left(people: People, first: int, last: int, said: set[Generalised]) -> int:
    """Return how many were in the register on each of those days and fit all that was said."""
    fits = (people.comes <= first) & (people.goes > last)
    for one in said:
        fits &= people.fit(one)
    return int(fits.sum())


if __name__ == "__main__":
    import json

    print(json.dumps(live_a_year()))
