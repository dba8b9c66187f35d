"""
Generate the reference register of the invented province 990000: counts of low-income people.

    python -m demo.register > demo/register.csv

Three counties of one prefecture, about 21,000 people each. Shares are plausible, not measured: the
old and the ill are many, and a cause goes with an age. Deterministic for a seed; nobody is behind a count.
"""

import csv
import random
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from jiujinan.codes import AgeBand, Cause, Group
from needs.anonymise.register import RegisterCell

COUNTIES = ("990121", "990122", "990123")
PEOPLE_PER_COUNTY = 21_000
COLUMNS = ("region", "age_band", "cause", "trait", "people")

AGE_SHARES = {
    AgeBand.AGE_0_13: 12,
    AgeBand.AGE_14_17: 5,
    AgeBand.AGE_18_29: 7,
    AgeBand.AGE_30_39: 10,
    AgeBand.AGE_40_49: 13,
    AgeBand.AGE_50_59: 17,
    AgeBand.AGE_60_69: 16,
    AgeBand.AGE_70_79: 13,
    AgeBand.AGE_80_UP: 7,
}
CAUSE_SHARES = {
    Cause.ILLNESS: 38,
    Cause.DISABILITY: 17,
    Cause.ACCIDENT: 7,
    Cause.DISASTER: 4,
    Cause.SCHOOLING: 10,
    Cause.UNEMPLOYMENT: 8,
    Cause.BEREAVEMENT: 3,
    Cause.CARE: 6,
    Cause.HOUSING: 4,
    Cause.OTHER: 3,
}
# How much likelier a cause is at an age than overall.
LIKELIER = {
    (AgeBand.AGE_0_13, Cause.SCHOOLING): 2.0,
    (AgeBand.AGE_14_17, Cause.SCHOOLING): 3.0,
    (AgeBand.AGE_18_29, Cause.SCHOOLING): 2.0,
    (AgeBand.AGE_18_29, Cause.UNEMPLOYMENT): 2.0,
    (AgeBand.AGE_30_39, Cause.SCHOOLING): 1.5,
    (AgeBand.AGE_30_39, Cause.UNEMPLOYMENT): 2.0,
    (AgeBand.AGE_40_49, Cause.UNEMPLOYMENT): 1.5,
    (AgeBand.AGE_60_69, Cause.ILLNESS): 1.2,
    (AgeBand.AGE_70_79, Cause.ILLNESS): 1.4,
    (AgeBand.AGE_70_79, Cause.SCHOOLING): 0.2,
    (AgeBand.AGE_80_UP, Cause.ILLNESS): 1.3,
    (AgeBand.AGE_80_UP, Cause.CARE): 2.0,
    (AgeBand.AGE_80_UP, Cause.UNEMPLOYMENT): 0.1,
    (AgeBand.AGE_80_UP, Cause.SCHOOLING): 0.1,
}
TRAITS_BY_AGE: dict[AgeBand, dict[Group | None, int]] = {
    AgeBand.AGE_0_13: {None: 60, Group.LEFT_BEHIND_CHILD: 30, Group.ORPHAN: 10},
    AgeBand.AGE_14_17: {None: 60, Group.STUDENT: 40},
    AgeBand.AGE_18_29: {None: 60, Group.STUDENT: 25, Group.SINGLE_PARENT: 15},
}
ADULT_TRAITS: dict[Group | None, int] = {None: 70, Group.SINGLE_PARENT: 15, Group.MIGRANT_WORKER: 15}
OLD_TRAITS: dict[Group | None, int] = {None: 60, Group.LIVING_ALONE: 30, Group.VETERAN: 10}
OLD_AGES = frozenset({AgeBand.AGE_60_69, AgeBand.AGE_70_79, AgeBand.AGE_80_UP})


def draw_person(dice: random.Random) -> tuple[AgeBand, Cause, Group | None]:
    """Return the age band, cause and trait of one invented low-income person."""
    age = dice.choices(list(AGE_SHARES), list(AGE_SHARES.values()))[0]
    weights = [share * LIKELIER.get((age, cause), 1.0) for cause, share in CAUSE_SHARES.items()]
    cause = dice.choices(list(CAUSE_SHARES), weights)[0]
    traits = OLD_TRAITS if age in OLD_AGES else TRAITS_BY_AGE.get(age, ADULT_TRAITS)
    return age, cause, dice.choices(list(traits), list(traits.values()))[0]


def plausible_cells(
    counties: Sequence[str] = COUNTIES, people_per_county: int = PEOPLE_PER_COUNTY, seed: int = 1
) -> list[RegisterCell]:
    """Return plausible counts for the counties, a few percent more or fewer people in each."""
    dice = random.Random(seed)
    cells = []
    for county in counties:
        people = round(people_per_county * dice.uniform(0.95, 1.05))
        drawn = Counter(draw_person(dice) for _ in range(people))
        for (age, cause, trait), count in sorted(drawn.items(), key=lambda item: [str(v) for v in item[0]]):
            cells.append(RegisterCell(county, age, cause, trait, count))
    return cells


def write_register(cells: Sequence[RegisterCell], out: TextIO) -> None:
    """Write the cells as the CSV file that `needs.anonymise.register` reads."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cell in cells:
        writer.writerow((cell.region, cell.age_band, cell.cause, cell.trait or "", cell.people))


if __name__ == "__main__":
    write_register(plausible_cells(), sys.stdout)
