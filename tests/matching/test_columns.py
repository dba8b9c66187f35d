"""Keys lie in the order of their bytes, as both databases sort them."""

from hypothesis import given
from hypothesis import strategies as st

from matching.columns import keys_from, order_of_keys

BYTES = st.binary(min_size=16, max_size=16)
ALIKE = st.builds(
    lambda first, rest: bytes([first]) * 8 + rest, st.integers(0, 1), st.binary(min_size=8, max_size=8)
)


@given(st.lists(BYTES | ALIKE, unique=True))
def test_keys_are_ordered_by_their_bytes_also_where_first_halves_are_alike(keys: list[bytes]) -> None:
    order = order_of_keys(keys_from(b"".join(keys)))
    assert [keys[place] for place in order.tolist()] == sorted(keys)
