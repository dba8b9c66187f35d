"""Tracking numbers: no slip of the pen leads to somebody else's report."""

from hypothesis import given
from hypothesis import strategies as st

from needs.discovery.numbers import ALPHABET, LENGTH, normalised, number_for, shown

KEY = b"k" * 32
tokens = st.text(min_size=1, max_size=40)


@given(tokens)
def test_a_number_survives_being_printed_and_typed_in_again(token: str) -> None:
    number = number_for(token, key=KEY)
    assert normalised(shown(number)) == number
    assert normalised(f"  {shown(number).lower().replace('-', ' ')} ") == number


@given(tokens, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(token: str, place: int, sign: str) -> None:
    number = number_for(token, key=KEY)
    other = number[:place] + sign + number[place + 1 :]
    assert (normalised(other) == other) == (other == number)


@given(tokens, st.integers(0, LENGTH - 2))
def test_two_neighbours_swapped_are_noticed(token: str, place: int) -> None:
    number = number_for(token, key=KEY)
    other = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (normalised(other) == other) == (other == number)


@given(st.text(max_size=60))
def test_whatever_is_typed_in_gets_an_answer(text: str) -> None:
    found = normalised(text)
    assert found is None or len(found) == LENGTH


def test_the_same_form_gets_the_same_number_and_another_form_another() -> None:
    assert number_for("a", key=KEY) == number_for("a", key=KEY)
    assert len({number_for(str(one), key=KEY) for one in range(5000)}) == 5000
