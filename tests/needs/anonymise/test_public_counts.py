"""What the public learns from counts, tried by a reader who knows the rule and subtracts."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needs.anonymise.public_counts import (
    possible_range,
    public_count,
    public_grid,
    public_share,
    public_sum_fen,
    public_table,
)

Known = tuple[tuple[int | None, ...], int | None]


@given(st.integers(0, 10_000))
def test_small_counts_are_withheld_and_others_rounded_to_tens(count: int) -> None:
    shown = public_count(count)
    assert (shown is None) == (count < 20)
    assert shown is None or (shown % 10 == 0 and abs(shown - count) <= 5)
    assert count in possible_range(shown)


def everything_that_looks_the_same(
    cells: int, top: int, *, total_known: bool
) -> Mapping[Known, list[set[int]]]:
    """Return, for each table as published, which true counts each of its cells can have: all are tried."""
    possible: dict[Known, list[set[int]]] = defaultdict(lambda: [set() for _ in range(cells)])
    for counts in itertools.product(range(top), repeat=cells):
        table = public_table(dict(enumerate(counts)))
        total = public_count(sum(counts)) if total_known else table.total
        for values, count in zip(possible[tuple(table.cells.values()), total], counts, strict=True):
            values.add(count)
    return possible


def withheld_counts(possible: Mapping[Known, list[set[int]]], top: int) -> Iterable[set[int]]:
    """Yield what a withheld count can be, for the tables whose shown counts were tried in full."""
    for (cells, _), values in possible.items():
        if all(shown is None or possible_range(shown)[-1] < top for shown in cells):
            yield from (each for shown, each in zip(cells, values, strict=True) if shown is None)


@pytest.mark.parametrize(("cells", "top"), [(1, 120), (2, 130), (3, 46)])
def test_whoever_knows_the_rule_and_subtracts_keeps_five_values_in_doubt(cells: int, top: int) -> None:
    found = list(withheld_counts(everything_that_looks_the_same(cells, top, total_known=False), top))
    assert found
    assert min(len(values) for values in found) >= 5


@pytest.mark.parametrize(("cells", "top"), [(1, 120), (2, 130), (3, 46)])
def test_a_total_known_from_another_table_tells_no_small_count(cells: int, top: int) -> None:
    for values in withheld_counts(everything_that_looks_the_same(cells, top, total_known=True), top):
        assert len(values) >= 5 or min(values) >= 15


def test_a_neighbour_of_a_small_cell_is_withheld_when_the_total_would_tell_it() -> None:
    assert public_table({"illness": 24, "care": 0}).cells == {"illness": 20, "care": None}
    crowded = public_table({"illness": 24, "disaster": 24, "care": 24, "housing": 19})
    assert crowded.total == 90
    assert list(crowded.cells.values()) == [20, 20, 20, None]
    pressed = public_table({"illness": 20, "disaster": 20, "care": 20, "housing": 19})
    assert None in pressed.cells.values()


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(0, 90), min_size=1, max_size=9
    )
)
def test_no_line_of_a_grid_tells_a_withheld_cell(counts: dict[tuple[str, str], int]) -> None:
    grid = public_grid(counts)
    assert grid.total in {public_count(sum(counts.values())), None}
    for place, totals in ((0, grid.rows), (1, grid.columns)):
        for line, total in totals.items():
            cells = {cell: count for cell, count in counts.items() if cell[place] == line}
            assert_interval_is_wide(cells, {cell: grid.cells[cell] for cell in cells}, total)


def assert_interval_is_wide(
    counts: Mapping[tuple[str, str], int], shown: Mapping[tuple[str, str], int | None], total: int | None
) -> None:
    """Check, by trying every value of each small cell, that five of them fit what is published."""
    assert all(value in {None, public_count(counts[cell])} for cell, value in shown.items())
    if total is None:
        return
    known = [possible_range(value) for value in shown.values() if value is not None]
    withheld = [counts[cell] for cell, value in shown.items() if value is None]
    small = [count for count in withheld if count < 20]
    least = possible_range(total)[0] - sum(each[-1] for each in known)
    most = possible_range(total)[-1] - sum(each[0] for each in known)
    large = len(withheld) - len(small)
    for count in small:
        fits = [
            value
            for value in range(20)
            if value + 20 * large <= most and (large > 0 or value + 19 * (len(small) - 1) >= least)
        ]
        assert count in fits
        assert len(fits) >= 5


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_says_no_more_than_the_counts_beside_it(part: int, rest: int) -> None:
    share = public_share(part, part + rest)
    if min(part, rest) < 20:
        assert share is None
    else:
        rounded, of = public_count(part), public_count(part + rest)
        assert share == min(100, round(100 * (rounded or 0) / (of or 1)))


@given(st.lists(st.integers(1, 50_000_00), max_size=60))
def test_no_part_of_a_sum_is_told_by_the_sum_without_it(parts: list[int]) -> None:
    told = public_sum_fen(total_fen=sum(parts), largest_fen=max(parts, default=0), count=len(parts))
    if len(parts) < 20 or max(parts) > sum(parts) / 2:
        assert told is None
        return
    assert told is not None
    step = 1_000_00
    while step < max(parts):
        step *= 10
    assert told % step == 0
    assert abs(told - sum(parts)) <= step / 2
