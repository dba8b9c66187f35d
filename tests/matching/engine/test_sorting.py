"""Sorting digit by digit agrees with numpy, equal keys stay in order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.sorting import distinct, stable_order

KEYS = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 1 << 40)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(keys=KEYS)
def test_the_order_is_stable_and_that_of_numpy(keys: list[int]) -> None:
    column = np.array(keys, dtype=np.int64)
    assert stable_order(column).tolist() == np.argsort(column, kind="stable").tolist()


@settings(max_examples=60, deadline=None)
@given(keys=KEYS)
def test_distinct_keys_are_numbered_in_ascending_order(keys: list[int]) -> None:
    values, number = distinct(np.array(keys, dtype=np.int64))
    assert values.tolist() == sorted(set(keys))
    assert [int(values[place]) for place in number] == keys
