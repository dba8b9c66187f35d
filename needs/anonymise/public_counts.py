"""
Every number that the public sees about needs: facets, statistics, open data. Nothing else rounds or withholds.

Counts under 20 are withheld, zero included; others are rounded to tens. A table is shown so that nobody who
subtracts its cells from its total, or from the total of another table, learns a withheld count to fewer
than five possible values: where they would, the smallest of the shown cells is withheld too (secondary
suppression, as statistical offices do; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4).

    public_count(37)                      → 40        one count
    public_table({"illness": 37, …})      → cells, total    one facet, one line of a statistic
    public_grid({("990121", "illness"): 37, …}) → cells and the totals of rows, columns and all
    public_share(37, 120)                 → 33        whole percent, of what is published anyway
    public_sum_fen(…)                     → a sum of money, in steps no finer than its largest part

`None` always means withheld: say "fewer than 20", never nothing and never 0.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)

SMALLEST_COUNT = 20
BASE = 10
# How many values a withheld count must still be able to have, for somebody who subtracts.
PROTECTED_VALUES = 5
SMALLEST_STEP_FEN = 1_000_00
# A sum of which one part makes more than this share tells that part.
LARGEST_PART = 0.5


@dataclass(frozen=True, slots=True)
class PublicTable(Generic[Key]):
    """Counts as the public sees them; None means withheld."""

    cells: Mapping[Key, int | None]
    total: int | None


@dataclass(frozen=True, slots=True)
class PublicGrid(Generic[Row, Column]):
    """Counts by two attributes as the public sees them, with their totals; None means withheld."""

    cells: Mapping[tuple[Row, Column], int | None]
    rows: Mapping[Row, int | None]
    columns: Mapping[Column, int | None]
    total: int | None


def public_count(count: int) -> int | None:
    """Return the count rounded half up to tens; None (withheld) under 20, zero included."""
    if count < SMALLEST_COUNT:
        return None
    return (count + BASE // 2) // BASE * BASE


def public_table(counts: Mapping[Key, int]) -> PublicTable[Key]:
    """
    Return a table's cells and total for the public; the cells are parts of one whole and don't overlap.

    The total is rounded from the true one, not the sum of rounded cells, so that it agrees with other
    tables of the same whole, which may tell it. It is withheld only where all cells are, and even so
    would be known too well. Who has it from elsewhere then learns that each of them is 15 to 19, never less.
    """
    total = public_count(sum(counts.values()))
    hidden = _hidden(counts, total)
    cells = {key: None if key in hidden else public_count(count) for key, count in counts.items()}
    safe = total is None or _is_safe(counts, hidden, total)
    return PublicTable(cells, total if safe else None)


def public_grid(counts: Mapping[tuple[Row, Column], int]) -> PublicGrid[Row, Column]:
    """Return the cells of a two-way table and all its totals; each row, column and margin is safe as a table."""
    by_row: dict[Row, dict[tuple[Row, Column], int]] = {}
    by_column: dict[Column, dict[tuple[Row, Column], int]] = {}
    for (row, column), count in counts.items():
        by_row.setdefault(row, {})[row, column] = count
        by_column.setdefault(column, {})[row, column] = count
    hidden = {cell for cell, count in counts.items() if count < SMALLEST_COUNT}
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for line in (*by_row.values(), *by_column.values()):
            hidden |= _hidden(line, public_count(sum(line.values())), hidden)
    rows, columns = _margin(by_row, hidden), _margin(by_column, hidden)
    return PublicGrid(
        {cell: None if cell in hidden else public_count(count) for cell, count in counts.items()},
        rows.cells,
        columns.cells,
        None if rows.total is None or columns.total is None else rows.total,
    )


def public_share(part: int, whole: int) -> int | None:
    """Return the part's share in whole percent, computed from rounded counts; None where any of them is withheld."""
    rounded, of = public_count(part), public_count(whole)
    if rounded is None or of is None or public_count(whole - part) is None:
        return None
    return min(100, round(100 * rounded / of))


def public_sum_fen(*, total_fen: int, largest_fen: int, count: int) -> int | None:
    """
    Return a sum of money of so many parts, rounded to a step no finer than its largest part; None if withheld.

    With such a step two sums that differ by one part can be equal, so no subtraction gives the part. Withheld
    under 20 parts, and where one part makes more than half of it (dominance).
    """
    if count < SMALLEST_COUNT or largest_fen > LARGEST_PART * total_fen:
        return None
    step = SMALLEST_STEP_FEN
    while step < largest_fen:
        step *= BASE
    return (total_fen + step // 2) // step * step


def possible_range(published: int | None) -> range:
    """Return the true counts that a published value may stand for; a withheld one is under 20."""
    if published is None:
        return range(SMALLEST_COUNT)
    return range(max(SMALLEST_COUNT, published - BASE // 2), published + BASE // 2)


def _hidden(counts: Mapping[Key, int], total: int | None, already: Iterable[Key] = ()) -> set[Key]:
    """Return which cells to withhold: the small ones, and of the others as few and small as it takes."""
    hidden = {key for key, count in counts.items() if count < SMALLEST_COUNT}
    hidden |= set(already) & set(counts)
    shown = sorted((key for key in counts if key not in hidden), key=lambda key: counts[key], reverse=True)
    while total is not None and shown and not _is_safe(counts, hidden, total):
        hidden.add(shown.pop())
    return hidden


def _is_safe(counts: Mapping[Key, int], hidden: set[Key], total: int) -> bool:
    """Return whether each small count keeps five possible values, for a reader who knows this rule.

    Such a reader knows that a cell withheld for others' sake has 20 or more, and not more than the cells
    that are shown.
    """
    small = sum(1 for key in hidden if counts[key] < SMALLEST_COUNT)
    if not small:
        return True
    shown = [possible_range(public_count(count)) for key, count in counts.items() if key not in hidden]
    whole = possible_range(total)
    others = len(hidden) - small
    most_of_another = min([values[-1] for values in shown], default=whole[-1])
    low = whole[0] - sum(values[-1] for values in shown) - others * most_of_another
    high = whole[-1] - sum(values[0] for values in shown) - others * SMALLEST_COUNT
    highest = SMALLEST_COUNT - 1
    return min(highest, high) - max(0, low - (small - 1) * highest) + 1 >= PROTECTED_VALUES


def _margin(
    lines: Mapping[Key, Mapping[tuple[Row, Column], int]], hidden: set[tuple[Row, Column]]
) -> PublicTable[Key]:
    """Return the totals of rows or columns; one is withheld too where all its cells are and it would tell them."""
    table = public_table({line: sum(cells.values()) for line, cells in lines.items()})
    shown = {
        line: total if total is None or _is_safe(lines[line], hidden & set(lines[line]), total) else None
        for line, total in table.cells.items()
    }
    return PublicTable(shown, table.total)
