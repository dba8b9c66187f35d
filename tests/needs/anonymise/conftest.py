"""Invented counties that several tests measure."""

import random

import pytest

from bench.anonymise_county import Case, draw_cases, draw_residents, register_of
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.plan import Plan
from needs.anonymise.risk import Crowds

MONTH = month_number(2026, 10)
COUNTIES = ("990121", "990122", "990123", "990221", "990222", "990223")


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """A year of cases of six counties."""
    dice = random.Random(11)
    return [
        case
        for county in COUNTIES
        for case in draw_cases(draw_residents(county, dice, 9_000), dice, until=MONTH, cases=2_500)
    ]


@pytest.fixture(scope="session")
def crowds(cases: list[Case]) -> Crowds:
    """The crowds of those counties; the register counts seven people for each case."""
    dice = random.Random(12)
    residents = [person for county in COUNTIES for person in draw_residents(county, dice, 17_500)]
    return Crowds(CaseClasses.of(case.subject for case in cases), register_of(residents), MONTH)


@pytest.fixture(scope="session")
def plan(crowds: Crowds) -> Plan:
    """The plan for those cases with the standard settings."""
    return Plan.of(crowds)
