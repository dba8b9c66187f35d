"""
Attacks on what is public, run against an invented county of 450,000 with 21,000 low-income people.

The attackers know more than anybody should: the whole register with names, every village notice, the
rule by which records are generalised. Each attack answers how many people it is left with.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from bench.anonymise_county import Case, Resident, draw_cases, draw_residents, register_of
from jiujinan.codes import CAUSE_GROUPS, WIDE_AMOUNT_BANDS, Cause
from matching.publishing.blocks import Grant, full_blocks
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.lattice import Generalised, coarser_region
from needs.anonymise.plan import Plan, recheck
from needs.anonymise.public_counts import public_count
from needs.anonymise.risk import Crowds, Decision

MONTH = month_number(2026, 10)
COUNTY = "990121"
DAYS = 365
LONGEST_PUBLIC_DAYS = 180


@dataclass(frozen=True, slots=True)
class Published:
    """A public record and, for scoring the attack only, whose it is."""

    case: Case
    said: Generalised
    decision: Decision


@dataclass(frozen=True)
class World:
    """A county with its people, a year of cases and what became public of them."""

    residents: list[Resident]
    cases: list[Case]
    plan: Plan
    published: list[Published]


def build_world(seed: int = 3, *, people: int = 21_000, cases: int = 3_000) -> World:
    """Return a county of so many low-income people and cases, decided with the standard settings."""
    dice = random.Random(seed)
    residents = draw_residents(COUNTY, dice, people)
    drawn = draw_cases(residents, dice, until=MONTH, cases=cases)
    crowds = Crowds(CaseClasses.of(case.subject for case in drawn), register_of(residents), MONTH)
    plan = Plan.of(crowds)
    decided = [(case, plan.decide(case.subject)) for case in drawn]
    published = [Published(case, each.published, each) for case, each in decided if each.published]
    return World(residents, drawn, plan, published)


def fits(person: Resident, said: Generalised) -> bool:
    """Return whether what is said could be about this person of the register."""
    group = said.cause_group
    return (
        coarser_region(person.county, said.region_level) == said.region
        and said.cause in {None, person.cause}
        and (group is None or group == CAUSE_GROUPS[person.cause])
        and said.age_band in {None, person.age_band}
        and said.trait in {None, person.trait}
    )


def link_with_register(world: World, tries: int = 10_000, seed: int = 4) -> dict[str, Any]:
    """Guess tries times whose a record is, knowing the whole register; right answers and certainties."""
    dice = random.Random(seed)
    crowd: dict[Generalised, list[Resident]] = {}
    right = certain = 0
    for _ in range(tries):
        record = dice.choice(world.published)
        key = replace(
            record.said, categories=frozenset(), kinds=frozenset(), amount_band=None, wide_amount_band=None
        )
        if key not in crowd:
            crowd[key] = [person for person in world.residents if fits(person, key)]
        right += dice.choice(crowd[key]) == record.case.resident
        certain += len(crowd[key]) == 1
    return {"tries": tries, "right": right, "certain": certain, "least_crowd": min(map(len, crowd.values()))}


def read_the_notices(world: World) -> dict[str, Any]:
    """Count for each recent record the notices it could be about, for a neighbour who knows the rule."""
    recent = [each for each in world.published if _is_recent(each.case)]
    same = Counter(each.said for each in recent)
    candidates = [same[each.said] for each in recent]
    return {"records": len(recent), "least": min(candidates), "median": median(candidates)}


def intersect_snapshots(*, people: int = 2_500, churn: float = 0.2, seed: int = 5) -> dict[str, Any]:
    """
    Intersect daily snapshots of all that is public over a year, in a small county whose register changes.

    Each day people leave and join the register (`churn` of it in a year). A record is re-checked monthly
    and public for half a year at most. Answers the fewest people who fit a record on *every* day.
    """
    dice = random.Random(seed)
    world = build_world(seed, people=people, cases=people // 3)
    gone_on = {person.number: _day_of_leaving(dice, churn) for person in world.residents}
    crowds, withdrawn, least = [], 0, people
    for record in world.published:
        begins = dice.randrange(DAYS - LONGEST_PUBLIC_DAYS)
        ends = begins + LONGEST_PUBLIC_DAYS
        there = [person for person in world.residents if gone_on[person.number] > begins]
        ever = _intersection(world, record, there, gone_on, ends)
        withdrawn += ever is None
        if ever is not None:
            crowds.append(ever)
            least = min(least, ever)
    return {"records": len(crowds), "withdrawn_early": withdrawn, "least_intersection": least}


def subtract_statistics(world: World, days: int = DAYS, seed: int = 6) -> dict[str, Any]:
    """Count the differences of two days' counts by cause that show a change smaller than ten."""
    dice = random.Random(seed)
    day_of = [(dice.randrange(days), each.case.subject.cause) for each in world.published]
    shown: dict[Cause, list[int | None]] = defaultdict(list)
    for day in range(days):
        counts = Counter(cause for began, cause in day_of if began <= day)
        for cause in Cause:
            shown[cause].append(public_count(counts[cause]))
    steps = [
        abs(after - before)
        for series in shown.values()
        for before, after in pairwise(series)
        if before is not None and after is not None and before != after
    ]
    small = [value for series in shown.values() for value in series if value is not None and value < 20]
    return {"smallest_step": min(steps), "counts_under_20_shown": len(small)}


def join_ledger(world: World) -> dict[str, Any]:
    """
    Join public payments with projects by region, category, amount and month; count unique matches.

    Payments are public as groups alone: county, category, wide amount, month, with a rounded count.
    """
    groups: Counter[tuple[Any, ...]] = Counter()
    for record in world.published:
        subject = record.case.subject
        amount = WIDE_AMOUNT_BANDS[subject.amount_band] if subject.amount_band else None
        for category in subject.categories:
            groups[subject.county, category, amount, subject.month] += 1
    shown = {group: count for group, count in groups.items() if public_count(count) is not None}
    return {
        "payment_groups": len(groups),
        "shown": len(shown),
        "unique": sum(count == 1 for count in shown.values()),
        "least_projects_behind_a_shown_group": min(shown.values(), default=None),
    }


def join_grants(world: World, seed: int = 7) -> dict[str, Any]:
    """
    Join the released grants with projects by place, category, amount and month, by the real blocks of open data.

    Each record got one grant for each category, of an exact sum on an exact day, from one of two charities.
    """
    dice = random.Random(seed)
    grants = [
        Grant(
            key=f"{number}-{category}",
            holder=number % 2,
            fund="",
            region=coarser_region(record.case.subject.county, 1),
            category=category,
            amount_fen=dice.randrange(500_00, 20_000_00),
            on=date(record.case.subject.month // 12, record.case.subject.month % 12 + 1, dice.randint(1, 28)),
        )
        for number, record in enumerate(world.published)
        for category in sorted(record.case.subject.categories)
    ]
    told = Counter(
        (block.grants[0].region, block.grants[0].category, block.amount_fen, block.month)
        for block in full_blocks(grants)
        for _ in block.grants
    )
    return {
        "grants": len(grants),
        "released": told.total(),
        "unique": sum(count == 1 for count in told.values()),
        "least_alike": min(told.values()),
    }


def collude(world: World) -> dict[str, Any]:
    """
    Count the notices left for two donors of one project, by what they bring together.

    * `gifts`: their own gifts, the project's page and every notice. Gifts add up to the amount lacking at best; no
      notice tells what a household lacks, so the notices of the record's class stay.
    * `charters`: besides, each gave from a fund that its charter binds to one county, or to one kind of help: both
      then know all kinds of help even where the record withholds them, and the county where offers may name it.
    * `groups`: besides, a charter binds its fund to the group that the household is known for.
    * `lacks`: besides their gifts, somebody tells them what *every* case of the county lacks, to the band.
    """
    recent = [each for each in world.published if _is_recent(each.case)]
    keys: dict[str, list[Any]] = {
        "gifts": [each.said for each in recent],
        "charters": [(each.said, _place_told(each), each.case.subject.categories) for each in recent],
        "groups": [
            (each.said, _place_told(each), each.case.subject.categories, each.case.subject.trait)
            for each in recent
        ],
        "lacks": [(each.said, each.case.subject.amount_band) for each in recent],
    }
    return {"records": len(recent), **{name: _left(values) for name, values in keys.items()}}


def _place_told(record: Published) -> str:
    """Return the place that stands in offers of the record to funds."""
    assert record.decision.measures is not None
    return coarser_region(record.case.subject.county, record.decision.measures.place)


def _left(keys: list[Any]) -> dict[str, Any]:
    """Return how many of the same key each has."""
    same = Counter(keys)
    candidates = [same[key] for key in keys]
    return {
        "least": min(candidates),
        "median": median(candidates),
        "under_5": sum(count < 5 for count in candidates),
        "alone": sum(count == 1 for count in candidates),
    }


def run_attacks() -> dict[str, Any]:
    """Run every attack and return what each is left with."""
    world = build_world()
    return {
        "linkage": link_with_register(world),
        "notice_neighbour": read_the_notices(world),
        "snapshots": intersect_snapshots(),
        "statistics": subtract_statistics(world),
        "ledger": join_ledger(world),
        "grants": join_grants(world),
        "colluding_donors": collude(world),
    }


def _is_recent(case: Case) -> bool:
    return case.subject.month > MONTH - 3


def _day_of_leaving(dice: random.Random, churn: float) -> int:
    return dice.randrange(DAYS) if dice.random() < churn else DAYS + 1


def _intersection(
    world: World, record: Published, there: Iterable[Resident], gone_on: dict[int, int], ends: int
) -> int | None:
    """Return how many fit the record on all its days; None when a re-check held it at once."""
    now = list(there)
    crowds = replace(world.plan.crowds, register=register_of(now))
    assert record.decision.measures is not None
    measures = record.decision.measures
    checked = recheck(record.case.subject, measures.levels, crowds, place=measures.place)
    if checked.published is None:
        return None
    staying = [person for person in now if gone_on[person.number] > ends]
    return sum(fits(person, checked.published) for person in staying)
