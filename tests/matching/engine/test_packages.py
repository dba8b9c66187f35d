"""Packages come whole or not at all, and say why not."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CashInstance, CashNeeds, Funds, Outcome, UnitInstance, UnitNeeds, UnitOffers
from matching.engine.packages import Kind, Mixed, Part, solve_mixed


def mixed(
    gaps: list[int],
    sessions: list[int],
    pieces: list[int],
    numbers: tuple[list[int], list[int], list[int]],
    *,
    money: int,
    free: int,
    stock: int,
    priorities: tuple[list[int], list[int], list[int]] | None = None,
) -> Mixed:
    ranks = priorities or tuple([0] * len(column) for column in numbers)
    return Mixed(
        CashInstance(
            CashNeeds.of(ids=list(range(len(gaps))), gap_fen=gaps, priority=ranks[0]),
            Funds.of(ids=[1], available_fen=[money]),
        ),
        UnitInstance(
            UnitNeeds.of(ids=list(range(len(sessions))), units=sessions, priority=ranks[1]),
            UnitOffers.of(ids=[1], units=[free]),
            splittable=False,
        ),
        UnitInstance(
            UnitNeeds.of(ids=list(range(len(pieces))), units=pieces, priority=ranks[2]),
            UnitOffers.of(ids=[1], units=[stock]),
            splittable=True,
        ),
        *(np.array(column, dtype=np.int64) for column in numbers),
    )


def test_the_money_for_a_treatment_goes_elsewhere_when_there_is_no_care_after_it() -> None:
    case = mixed(
        [500, 400], [3], [], ([7, 0], [7], []), money=600, free=2, stock=0, priorities=([9, 1], [9], [])
    )
    found = solve_mixed(case)
    assert found.cash.covered_fen.tolist() == [0, 400]
    assert found.whole == ()
    assert found.withdrawn == {
        7: (Part(Kind.CASH, 0, Outcome.WITHHELD), Part(Kind.SERVICE, 0, Outcome.NOT_ELIGIBLE))
    }


def test_of_two_packages_that_block_each_other_the_better_ranked_comes_whole() -> None:
    numbers = [1, 2], [1, 2], []
    case = mixed([100, 100], [1, 1], [], numbers, money=100, free=1, stock=0, priorities=([2, 1], [1, 2], []))
    found = solve_mixed(case)
    assert found.whole == (1,)
    assert found.cash.covered_fen.tolist() == [100, 0]
    assert found.services.covered_units.tolist() == [1, 0]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_package_is_whole_or_gets_nothing_and_none_that_fits_is_left_out(data: st.DataObject) -> None:
    sizes = [data.draw(st.integers(0, 4)) for _ in range(3)]
    columns = [data.draw(st.lists(st.integers(1, 5), min_size=n, max_size=n)) for n in sizes]
    numbers = tuple(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)) for n in sizes)
    ranks = tuple(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)) for n in sizes)
    left = [data.draw(st.integers(0, 9)) for _ in range(3)]
    case = mixed(*columns, numbers, money=left[0], free=left[1], stock=left[2], priorities=ranks)  # type: ignore[arg-type]
    found = solve_mixed(case)
    given_out = found.cash.covered_fen, found.services.covered_units, found.goods.covered_units
    every = set().union(*numbers) - {0}
    assert set(found.whole) | set(found.withdrawn) == every
    assert not set(found.whole) & set(found.withdrawn)
    for column, package, got in zip(columns, numbers, given_out, strict=True):
        for wanted, number, amount in zip(column, package, got.tolist(), strict=True):
            if number:
                assert amount == (wanted if number in found.whole else 0)
    for parts in found.withdrawn.values():
        assert any(part.outcome != Outcome.WITHHELD for part in parts)

    def load(packages: set[int]) -> list[int]:
        return [
            sum(w for w, number in zip(column, package, strict=True) if number in packages)
            for column, package in zip(columns, numbers, strict=True)
        ]

    kept = set(found.whole)
    fitting = [set(some) for size in range(len(every) + 1) for some in combinations(sorted(every), size)]
    fitting = [some for some in fitting if all(a <= b for a, b in zip(load(some), left, strict=True))]
    if not any(
        0 in package for package in numbers
    ):  # nobody else wants anything: then nothing that fits is left out
        assert not any(kept < some for some in fitting)
