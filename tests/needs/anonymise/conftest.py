"""Invented counties that several tests measure."""

import random

import pytest

from bench.anonymise_county import Case, Resident, draw_cases, draw_residents
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.plan import Plan
from needs.anonymise.register import Register, RegisterCell
from needs.anonymise.risk import Crowds, Decision

MONTH = month_number(2026, 10)
PEOPLE = 6_000
COUNTIES = ("990121", "990122", "990123", "990221", "990222", "990223")


@pytest.fixture(scope="session")
def residents() -> list[Resident]:
    """The low-income people of six counties, a third of them in number."""
    dice = random.Random(11)
    return [person for county in COUNTIES for person in draw_residents(county, dice, PEOPLE)]


@pytest.fixture(scope="session")
def cases(residents: list[Resident]) -> list[Case]:
    """A year of cases of those counties."""
    dice = random.Random(12)
    counties = [residents[start : start + PEOPLE] for start in range(0, len(residents), PEOPLE)]
    return [case for people in counties for case in draw_cases(people, dice, until=MONTH, cases=2_000)]


@pytest.fixture(scope="session")
def crowds(residents: list[Resident], cases: list[Case]) -> Crowds:
    """The crowds of those counties; in the register each drawn person stands for three."""
    cells = [RegisterCell(who.county, who.age_band, who.cause, who.trait, 3) for who in residents]
    return Crowds(CaseClasses.of(case.subject for case in cases), Register.of(cells), MONTH)


@pytest.fixture(scope="session")
def plan(crowds: Crowds) -> Plan:
    """The plan for those cases with the standard settings."""
    return Plan.of(crowds)


@pytest.fixture(scope="session")
def decided(plan: Plan, cases: list[Case]) -> list[Decision]:
    """What the plan decides about each of those cases, in their order."""
    return [plan.decide(case.subject) for case in cases]
