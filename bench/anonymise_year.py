"""
A year of everything public in one county, day by day, and an attacker who kept every page.

Cases come in and are decided by the plan of their month; the register changes every day; records are re-checked every
`every` days by the real `recheck`, closed when help has come, withdrawn when consent is. The attacker
intersects all days: who is left are the people of the register who were there on every day and fit everything
that was ever said.
"""

import random
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bench.anonymise_attacks import COUNTY, fits
from bench.anonymise_county import Case, Resident, draw_cases, draw_residents, register_of
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.counting import row_of
from needs.anonymise.lattice import Generalised, Levels
from needs.anonymise.plan import Plan, recheck
from needs.anonymise.risk import Crowds, Decision

DAYS, DAYS_OF_A_MONTH = 365, 31
FIRST_MONTH = month_number(2026, 1)
WITHDRAWN_SHARE = 0.05


@dataclass
class Record:
    """A public record: whose it is, since when, until when, and everything it ever said."""

    case: Case
    month: int
    begins: int
    ends: int
    levels: Levels
    said: list[Generalised]
    withdrawn: bool = False


def live_a_year(*, people: int = 3_000, churn: float = 0.2, every: int = 7, seed: int = 9) -> dict[str, Any]:
    """Return the fewest people left of any record after intersecting all its days, and what became of the records."""
    dice = random.Random(seed)
    everybody = draw_residents(COUNTY, dice, int(people * (1 + churn)))
    comes, goes = _comings_and_goings(len(everybody), people, churn, dice)
    cases = draw_cases(everybody[:people], dice, until=FIRST_MONTH + 11, cases=people // 3)
    before = draw_cases(everybody[:people], dice, until=FIRST_MONTH - 1, cases=people // 3)
    subjects = [case.subject for case in (*before, *cases)]
    records: list[Record] = []
    coarsened = held = 0
    for day in range(0, DAYS, every):
        month = FIRST_MONTH + day // DAYS_OF_A_MONTH
        there = [everybody[number] for number in np.flatnonzero((comes <= day) & (goes > day))]
        known = CaseClasses.of(subject for subject in subjects if subject.month <= month)
        crowds = Crowds(known, register_of(there), month)
        asked: dict[tuple[Any, ...], Decision] = {}
        for record in records:
            if record.begins <= day < record.ends:
                changed = _check(record, crowds, day, asked)
                coarsened += changed == "coarser"
                held += changed == "held"
        if day % DAYS_OF_A_MONTH < every:
            records.extend(_publish(cases, crowds, day, dice))
    left = [_who_is_left(record, everybody, comes, goes) for record in records]
    return {
        "records": len(records),
        "coarsened": coarsened,
        "held_later": held,
        "withdrawn": sum(record.withdrawn for record in records),
        "least_left": min(left),
        "under_20": sum(count < 20 for count in left),
    }


def _comings_and_goings(all_people: int, people: int, churn: float, dice: random.Random) -> tuple[Any, Any]:
    """Return the day on which each comes into the register and leaves it; the surplus comes during the year."""
    comes = np.array([0] * people + [dice.randrange(1, DAYS) for _ in range(all_people - people)])
    goes = np.array(
        [dice.randrange(1, DAYS) if dice.random() < churn else DAYS + 1 for _ in range(all_people)]
    )
    return comes, np.maximum(goes, comes + 1)


def _publish(cases: list[Case], crowds: Crowds, day: int, dice: random.Random) -> list[Record]:
    """Return the records of the month's cases that the plan lets be public, with the day on which each ends."""
    plan, made = Plan.of(crowds), []
    for case in cases:
        if case.subject.month != crowds.month:
            continue
        decided = plan.decide(case.subject)
        if decided.published is None or decided.measures is None:
            continue
        withdrawn = dice.random() < WITHDRAWN_SHARE
        ends = min(DAYS, day + dice.randrange(7, 60 if withdrawn else DAYS))
        made.append(
            Record(case, crowds.month, day, ends, decided.measures.levels, [decided.published], withdrawn)
        )
    return made


def _check(record: Record, crowds: Crowds, day: int, asked: dict[tuple[Any, ...], Decision]) -> str:
    """Check a record again as the nightly task does; say whether it became coarser or was held."""
    key = (row_of(record.case.subject), record.levels, record.month)
    if key not in asked:
        asked[key] = recheck(record.case.subject, record.levels, replace(crowds, month=record.month))
    checked = asked[key]
    if checked.published is None or checked.measures is None:
        record.ends = day
        return "held"
    if checked.measures.levels == record.levels:
        return ""
    record.levels = checked.measures.levels
    record.said.append(checked.published)
    return "coarser"


def _who_is_left(record: Record, everybody: list[Resident], comes: Any, goes: Any) -> int:
    """Return how many people were there on every day of the record and fit all that it ever said."""
    always = np.flatnonzero((comes <= record.begins) & (goes >= record.ends))
    return sum(all(fits(everybody[number], said) for said in record.said) for number in always)
