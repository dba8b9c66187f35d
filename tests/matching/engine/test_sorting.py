"""Sorting digit by digit agrees with numpy, equal keys stay in order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.sorting import distinct, order_and_rank

KEYS = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 1 << 40)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(st.integers(0, 9), max_size=40), data=st.data())
def test_the_order_is_stable_and_that_of_numpy(numbers: list[int], data: st.DataObject) -> None:
    column = np.array(numbers, dtype=np.int64)
    order, rank = order_and_rank(column, 10)
    assert order.tolist() == np.argsort(column, kind="stable").tolist()
    assert rank[order].tolist() == list(range(1, len(numbers) + 1))
    rows = np.array(data.draw(st.permutations(range(len(numbers)))), dtype=np.int64)
    order, rank = order_and_rank(column, 10, rows)
    assert order.tolist() == rows[np.argsort(column[rows], kind="stable")].tolist()
    assert rank[order].tolist() == list(range(1, len(numbers) + 1))


@settings(max_examples=60, deadline=None)
@given(keys=KEYS)
def test_distinct_keys_are_numbered_in_ascending_order(keys: list[int]) -> None:
    values, number = distinct(np.array(keys, dtype=np.int64))
    assert values.tolist() == sorted(set(keys))
    assert [int(values[place]) for place in number] == keys
