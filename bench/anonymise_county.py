"""
Invented counties for measuring anonymity: people of the register, and a year of their cases.

A county of 450,000 has about 21,000 low-income people and 3,000 cases a year. Cases are drawn from the
register's people, so that every crowd of the gate is about the same persons. Nobody here exists.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from demo.register import draw_person
from jiujinan.codes import AgeBand, AmountBand, Cause, Group, ItemCategory, SensitiveKind, Tier
from needs.anonymise.lattice import Subject
from needs.anonymise.register import Register, RegisterCell

PEOPLE_PER_COUNTY = 21_000
CASES_PER_COUNTY = 3_000
VILLAGES_PER_COUNTY = 220
SENSITIVE_SHARE = 0.015

C = ItemCategory
CATEGORIES: dict[Cause, dict[tuple[ItemCategory, ...], int]] = {
    Cause.ILLNESS: {(C.MEDICAL,): 70, (C.MEDICAL, C.LIVING): 20, (C.REHABILITATION,): 10},
    Cause.DISABILITY: {(C.REHABILITATION,): 40, (C.MEDICAL_DEVICES,): 30, (C.LIVING,): 20, (C.CARE,): 10},
    Cause.ACCIDENT: {(C.MEDICAL,): 70, (C.REHABILITATION,): 20, (C.LIVING,): 10},
    Cause.DISASTER: {(C.HOUSING,): 50, (C.BEDDING, C.FOOD): 30, (C.LIVING,): 20},
    Cause.SCHOOLING: {(C.SCHOOLING,): 80, (C.SCHOOL_SUPPLIES,): 10, (C.TUTORING,): 10},
    Cause.UNEMPLOYMENT: {(C.LIVING,): 70, (C.EMPLOYMENT,): 30},
    Cause.BEREAVEMENT: {(C.FUNERAL,): 40, (C.LIVING,): 40, (C.COUNSELLING,): 20},
    Cause.CARE: {(C.CARE,): 60, (C.LIVING,): 30, (C.COMFORT,): 10},
    Cause.HOUSING: {(C.HOUSING,): 80, (C.UTILITIES,): 20},
    Cause.OTHER: {(C.LIVING,): 70, (C.LEGAL_AID,): 30},
}
SMALL_CAUSES = frozenset({Cause.SCHOOLING, Cause.UNEMPLOYMENT, Cause.OTHER})
AMOUNTS_SMALL = {
    AmountBand.UNDER_1K: 10,
    AmountBand.FROM_1K: 35,
    AmountBand.FROM_3K: 30,
    AmountBand.FROM_5K: 25,
}
AMOUNTS_LARGE = {
    AmountBand.FROM_1K: 10,
    AmountBand.FROM_3K: 20,
    AmountBand.FROM_5K: 30,
    AmountBand.FROM_10K: 25,
    AmountBand.FROM_30K: 8,
    AmountBand.FROM_50K: 5,
    AmountBand.FROM_100K: 2,
}

TIERS = {Tier.CRITICAL: 10, Tier.JOINT: 35, Tier.DEPARTMENTAL: 55}
TIERS_SUDDEN = {Tier.CRITICAL: 40, Tier.JOINT: 40, Tier.DEPARTMENTAL: 20}
SUDDEN_CAUSES = frozenset({Cause.ACCIDENT, Cause.DISASTER, Cause.BEREAVEMENT})


@dataclass(frozen=True, slots=True)
class Resident:
    """One invented low-income person; the number stands for the name on the village notice."""

    number: int
    county: str
    village: int
    age_band: AgeBand
    cause: Cause
    trait: Group | None


@dataclass(frozen=True, slots=True)
class Case:
    """A resident's case as the gate sees it."""

    resident: Resident
    subject: Subject


def draw_residents(county: str, dice: random.Random, people: int = PEOPLE_PER_COUNTY) -> list[Resident]:
    """Return the low-income people of a county."""
    return [
        Resident(number, county, dice.randrange(VILLAGES_PER_COUNTY), *draw_person(dice))
        for number in range(people)
    ]


def draw_cases(
    residents: Sequence[Resident], dice: random.Random, *, until: int, cases: int = CASES_PER_COUNTY
) -> list[Case]:
    """Return a year of cases up to the month `until`, one for each of the residents drawn."""
    adults = [resident for resident in residents if resident.age_band not in {"0_13", "14_17"}]
    return [_draw_case(resident, dice, until) for resident in dice.sample(adults, cases)]


def register_of(residents: Sequence[Resident]) -> Register:
    """Return the reference register that counts these residents."""
    return Register.of(
        RegisterCell(person.county, person.age_band, person.cause, person.trait, 1) for person in residents
    )


def _draw_case(resident: Resident, dice: random.Random, until: int) -> Case:
    categories = CATEGORIES[resident.cause]
    amounts = AMOUNTS_SMALL if resident.cause in SMALL_CAUSES else AMOUNTS_LARGE
    tiers = TIERS_SUDDEN if resident.cause in SUDDEN_CAUSES else TIERS
    sensitive = dice.random() < SENSITIVE_SHARE
    subject = Subject(
        county=resident.county,
        cause=resident.cause,
        month=until - dice.randrange(12),
        age_band=resident.age_band,
        trait=resident.trait,
        amount_band=dice.choices(list(amounts), list(amounts.values()))[0],
        categories=frozenset(dice.choices(list(categories), list(categories.values()))[0]),
        sensitive=frozenset({dice.choice(list(SensitiveKind))}) if sensitive else frozenset(),
        tier=dice.choices(list(tiers), list(tiers.values()))[0],
    )
    return Case(resident, subject)
