"""
What givers learn together: offers that follow from their charters, and their own grants in public blocks.

The attackers are every two of many charters: bound to nothing, to the province, the prefecture, a county or two of
them, and to nothing or one kind of help. Each knows the rule, every notice, and what it was offered.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import combinations, combinations_with_replacement
from statistics import median
from typing import Any

from bench.anonymise_attacks import MONTH, Published
from bench.anonymise_county import draw_cases, draw_residents, register_of
from donors.rules import PlainTerms, Subject, is_eligible
from jiujinan.codes import CATEGORY_KINDS, ItemCategory, ItemKind
from matching.publishing.blocks import Grant, full_blocks
from needs.anonymise.cases import CaseClasses
from needs.anonymise.lattice import Generalised, coarser_region
from needs.anonymise.plan import Plan
from needs.anonymise.risk import Crowds

COUNTIES = ("990121", "990122", "990123", "990124")
TODAY = date(2026, 10, 20)
Sort = tuple[str, frozenset[ItemCategory]]  # where offers say it is, and what it lacks
CASH = tuple(category for category in ItemCategory if CATEGORY_KINDS[category] is ItemKind.CASH)


def prefecture(seed: int = 12, *, people: int = 4_000, cases: int = 600) -> list[Published]:
    """Return the recent public records of four counties, each with so many low-income people and cases a year."""
    dice = random.Random(seed)
    by_county = [draw_residents(county, dice, people) for county in COUNTIES]
    drawn = [
        case for residents in by_county for case in draw_cases(residents, dice, until=MONTH, cases=cases)
    ]
    register = register_of([person for residents in by_county for person in residents])
    plan = Plan.of(Crowds(CaseClasses.of(case.subject for case in drawn), register, MONTH))
    recent = [(case, plan.decide(case.subject)) for case in drawn if case.subject.month > MONTH - 3]
    return [Published(case, each.published, each) for case, each in recent if each.published]


def charters() -> list[PlainTerms]:
    """Return charters of every place and kind of help that a bench's case can have."""
    places: list[tuple[str, ...]] = [(), ("990000",), ("990100",), *((county,) for county in COUNTIES)]
    places += list(combinations(COUNTIES, 2))
    kinds: list[tuple[ItemCategory, ...]] = [(), *((category,) for category in ItemCategory)]
    return [
        PlainTerms(starts_on=TODAY, regions=where, categories=tuple(map(str, what)))
        for where in places
        for what in kinds
    ]


def collude_in_pairs(records: list[Published], *, county_told: bool = False) -> dict[str, Any]:
    """
    Count, for every record and every two charters that it may be offered to, the notices it could still be about.

    `county_told` is the attack on offers that name the county to everybody, as if nothing were kept from givers.
    """
    sorts: dict[Generalised, Counter[Sort]] = defaultdict(Counter)
    for record in records:
        assert record.decision.measures is not None
        place = 0 if county_told else record.decision.measures.place
        where = coarser_region(record.case.subject.county, place)
        sorts[record.said][where, record.case.subject.categories] += 1
    funds = charters()
    candidates = [left for alike in sorts.values() for left in _left_by_pairs(alike, funds)]
    return {
        "records": len(records),
        "kept_from_county_funds": sum(
            bool(each.decision.measures and each.decision.measures.place) for each in records
        ),
        "pairs_of_charters": len(funds) * (len(funds) + 1) // 2,
        "least": min(candidates),
        "median": median(candidates),
        "under_5": sum(left < 5 for left in candidates),
    }


def _left_by_pairs(alike: Counter[Sort], funds: list[PlainTerms]) -> Iterable[int]:
    """Yield, once for each record and different pair of views, how many records of the same words both would see."""
    views = {frozenset(sort for sort in alike if _is_offered(fund, sort)) for fund in funds}
    for one, other in combinations_with_replacement(views, 2):
        both = one & other
        size = sum(alike[sort] for sort in both)
        yield from (size for _ in range(size))


def _is_offered(fund: PlainTerms, sort: Sort) -> bool:
    """Return whether the fund is offered something of it: by the charter's own rules, at the place offers say."""
    where, lacking = sort
    subjects = (
        Subject(
            region=where, category=category, tier="joint", gap_fen=1, required_fen=1,
            government_decided=True, today=TODAY,
        )
        for category in lacking
    )  # fmt: skip
    return any(is_eligible(fund, subject) for subject in subjects)


def join_reports(records: list[Published], seed: int = 13) -> dict[str, Any]:
    """
    Join ledger, donor reports and projects: any two funds take their own grants off the public blocks.

    Each record got a grant for each cash category, of an exact sum on an exact day, from one of six funds, large and
    small, of two charities. What is left of a block is told by its number and mean alone; `unique` counts what would
    then join with one project, or one project with it.
    """
    dice = random.Random(seed)
    grants, project_of = [], {}
    for number, record in enumerate(records):
        month = record.case.subject.month
        for category in sorted(record.case.subject.categories & set(CASH)):
            holder = number % 2
            fund = f"{holder}-{dice.choices('abc', (90, 7, 3))[0]}"
            on = date(month // 12, month % 12 + 1, dice.randint(1, 28))
            key = f"{number}-{category}"
            place = coarser_region(record.case.subject.county, 1)
            grants.append(Grant(key, holder, fund, place, category, dice.randrange(500_00, 9_000_00), on))
            project_of[key] = number
    blocks = full_blocks(grants)
    left = [
        [grant for grant in block.grants if grant.fund not in pair]
        for block in blocks
        for pair in combinations(sorted({grant.fund for grant in grants}), 2)
    ]
    open_ones = [some for some in left if some]
    behind = [len({project_of[grant.key] for grant in some}) for some in open_ones]
    return {
        "grants": len(grants),
        "released": sum(len(block.grants) for block in blocks),
        "views_of_blocks_by_two_funds": len(left),
        "unique": sum(len(some) == 1 for some in open_ones) + sum(count == 1 for count in behind),
        "least_alike": min(map(len, open_ones)),
        "least_projects": min(behind),
    }
