"""
The reference register: aggregate counts of low-income people, the crowd that a record hides in.

A CSV file in UTF-8 with a header. Columns:

* `region`: county, six digits of GB/T 2260
* `age_band`, `cause`, `trait`: codes of `jiujinan.codes` (AgeBand, Cause, Group); trait may be empty
* `people`: how many, a whole number ≥ 0

Further columns (sex, relief circle, year …) may stand beside them and are summed over. A cell names no
one, but small cells are still personal: keep the file inside the house.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TextIO

from jiujinan.codes import AgeBand, Cause, Group
from needs.anonymise.counting import AGE, CAUSE, REGION, TRAIT, ClassCounts, Row, row_of
from needs.anonymise.lattice import Levels, Subject

REQUIRED_COLUMNS = frozenset({"region", "age_band", "cause", "trait", "people"})
KNOWN_TO_NEIGHBOURS = (REGION, CAUSE, AGE, TRAIT)


class BadRegister(ValueError):
    """The register can't be read; the message names the line and the column."""


@dataclass(frozen=True, slots=True)
class RegisterCell:
    """One count of the register."""

    region: str
    age_band: AgeBand
    cause: Cause
    trait: Group | None
    people: int


@dataclass(frozen=True)
class Register:
    """Counts of people by region, cause, age and trait, for every level of the lattice."""

    counties: frozenset[str]
    counts: ClassCounts = field(repr=False)

    @classmethod
    def of(cls, cells: Iterable[RegisterCell]) -> "Register":
        """Return the register over these cells; cells of the same class are summed."""
        rows: Counter[Row] = Counter()
        counties: set[str] = set()
        for cell in cells:
            subject = Subject(cell.region, cell.cause, 0, cell.age_band, cell.trait)
            rows[row_of(subject)] += cell.people
            counties.add(cell.region)
        return cls(frozenset(counties), ClassCounts.of(rows.items(), KNOWN_TO_NEIGHBOURS))

    def covers(self, county: str) -> bool:
        """Return whether the register has counts for the county."""
        return county in self.counties

    def people_like(self, row: Row, levels: Levels) -> int:
        """Return k_ref: how many people of the register fit what is said at these levels."""
        return self.counts.count(row, levels)


def read_register(lines: TextIO) -> list[RegisterCell]:
    """Return the cells of a register file; raises BadRegister with the line and column at fault."""
    reader = csv.DictReader(lines)
    missing = REQUIRED_COLUMNS.difference(reader.fieldnames or ())
    if missing:
        message = f"line 1: missing columns {', '.join(sorted(missing))}"
        raise BadRegister(message)
    return [_read_cell(row, reader.line_num) for row in reader]


def _read_cell(row: dict[str, str], line: int) -> RegisterCell:
    column = "region"
    try:
        region = Subject(row["region"], Cause.OTHER, 0).county
        column = "age_band"
        age_band = AgeBand(row[column])
        column = "cause"
        cause = Cause(row[column])
        column = "trait"
        trait = Group(row[column]) if row[column] else None
        column = "people"
        people = int(row[column])
        if people < 0:
            raise ValueError(people)
    except (ValueError, TypeError) as error:
        message = f"line {line}: bad value in column {column}"
        raise BadRegister(message) from error
    return RegisterCell(region, age_band, cause, trait, people)
