"""Reading the reference register, and the invented one of the demo."""

import io
from pathlib import Path

import pytest

from demo.register import COUNTIES, plausible_cells, write_register
from jiujinan.codes import AgeBand, Cause, Group
from needs.anonymise.counting import row_of
from needs.anonymise.lattice import Levels, Subject
from needs.anonymise.register import BadRegister, Register, RegisterCell, read_register

HEADER = "region,age_band,cause,trait,people\n"
DEMO_FILE = Path(__file__).parents[3] / "demo" / "register.csv"


def test_counts_of_a_class_are_summed_over_what_is_not_said() -> None:
    register = Register.of(
        [
            RegisterCell("990121", AgeBand.AGE_60_69, Cause.ILLNESS, None, 30),
            RegisterCell("990121", AgeBand.AGE_70_79, Cause.ILLNESS, Group.LIVING_ALONE, 4),
            RegisterCell("990121", AgeBand.AGE_70_79, Cause.CARE, None, 2),
            RegisterCell("990122", AgeBand.AGE_70_79, Cause.ILLNESS, None, 8),
        ]
    )
    row = row_of(Subject("990121", Cause.ILLNESS, 0, AgeBand.AGE_70_79, Group.LIVING_ALONE))
    people = [
        register.people_like(row, levels)
        for levels in (
            Levels(),
            Levels(age=1, trait=1),
            Levels(age=2, trait=1),
            Levels(cause=1, age=2, trait=1),
            Levels(region=1, cause=1, age=2, trait=1),
        )
    ]
    assert people == [4, 34, 34, 36, 44]


def test_a_register_covers_the_counties_it_has_counts_for() -> None:
    register = Register.of([RegisterCell("990121", AgeBand.AGE_60_69, Cause.ILLNESS, None, 30)])
    assert register.covers("990121")
    assert not register.covers("990122")


def test_further_columns_are_summed_over() -> None:
    file = "region,sex,age_band,cause,trait,people\n990121,1,60_69,illness,,3\n990121,2,60_69,illness,,4\n"
    register = Register.of(read_register(io.StringIO(file)))
    row = row_of(Subject("990121", Cause.ILLNESS, 0, AgeBand.AGE_60_69))
    assert register.people_like(row, Levels()) == 7


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("99012,60_69,illness,,3", "region"),
        ("990121,60-69,illness,,3", "age_band"),
        ("990121,60_69,大病,,3", "cause"),
        ("990121,60_69,illness,tall,3", "trait"),
        ("990121,60_69,illness,,-3", "people"),
        ("990121,60_69,illness,,3.5", "people"),
        ("990121,60_69,illness", "people"),
    ],
)
def test_a_bad_line_is_named_with_its_column(line: str, column: str) -> None:
    with pytest.raises(BadRegister, match=f"line 2: bad value in column {column}"):
        read_register(io.StringIO(HEADER + line + "\n"))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadRegister, match="missing columns cause, people"):
        read_register(io.StringIO("region,age_band,trait\n"))


def test_the_demo_file_is_what_its_generator_writes() -> None:
    written = io.StringIO()
    write_register(plausible_cells(), written)
    assert DEMO_FILE.read_text(encoding="utf-8") == written.getvalue()


def test_the_demo_register_has_about_21000_people_a_county() -> None:
    cells = plausible_cells()
    for county in COUNTIES:
        people = sum(cell.people for cell in cells if cell.region == county)
        assert 19_000 < people < 23_000
