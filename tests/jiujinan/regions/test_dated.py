"""Figures that hold in a region from a day on: the nearest place, there the latest day."""

from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jiujinan.regions.dated import holds, in_force, nearness
from needs.assessment.standards import Standard, standard_for

ABOVE = {"990121": ["990121", "990100", "990000", ""], "370000": ["370000", ""]}
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
REGIONS = st.sampled_from(sorted(ABOVE))


@dataclass(frozen=True)
class Row:
    """A row of a dated table."""

    place: str
    valid_from: date


ROWS = st.lists(
    st.builds(Row, st.sampled_from(["", "990000", "990100", "990121", "990122", "370000"]), DAYS), max_size=10
)


@given(ROWS, REGIONS, DAYS)
def test_it_is_the_latest_row_of_the_nearest_place_above(rows: list[Row], region: str, on: date) -> None:
    found = in_force(rows, region=region, on=on)
    for place in ABOVE[region]:
        there = [row for row in rows if row.place == place and row.valid_from <= on]
        if there:
            assert found == max(there, key=lambda row: row.valid_from)
            return
    assert found is None


@given(ROWS, REGIONS, DAYS)
def test_what_is_in_force_holds_and_nothing_nearer_does(rows: list[Row], region: str, on: date) -> None:
    found = in_force(rows, region=region, on=on)
    holding = [row for row in rows if holds(row, region=region, on=on)]
    assert (found in holding) if holding else found is None
    assert all(nearness(row) <= nearness(found) for row in holding if found)


@given(ROWS, DAYS)
def test_a_correction_entered_later_counts_from_its_day(rows: list[Row], on: date) -> None:
    correction = Row("990121", on)
    assert in_force([*rows, correction], region="990121", on=on) is correction


@given(st.integers(1, 10**6), ROWS, DAYS)
def test_a_standard_is_the_regions_own_or_the_nations(fen: int, rows: list[Row], on: date) -> None:
    nation = Standard("", fen, date(2000, 1, 1), "invented", 6, 12, 0)
    others = [Standard(row.place, fen + 1, row.valid_from, "invented", 6, 12, 0) for row in rows]
    found = standard_for("990121", on, [nation, *others])
    assert found.valid_from <= on
    assert found.region in ABOVE["990121"]
