"""Sealing one value: what opens it, and what never does."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.sealing.cipher import CannotOpen, KeyRing, key_id_of, seal, unseal

CIPHERS = ["AES-256-GCM", "SM4-GCM"]
PLACE = "needs_person.name.1"
TEXT = "测试人甲 13900000000"


def ring(*names: str, cipher: str = "AES-256-GCM") -> KeyRing:
    return KeyRing(names[0], {name: name.encode().ljust(32, b"\0") for name in names}, cipher)


@pytest.mark.parametrize("cipher", CIPHERS)
@given(text=st.text(max_size=200), place=st.text(max_size=60))
def test_what_was_sealed_opens_at_its_own_place(cipher: str, text: str, place: str) -> None:
    keys = ring("k1", cipher=cipher)
    assert unseal(seal(text, ring=keys, place=place), ring=keys, place=place) == text


@pytest.mark.parametrize("cipher", CIPHERS)
def test_the_sealed_form_holds_nothing_of_the_text_and_is_never_the_same_twice(cipher: str) -> None:
    keys = ring("k1", cipher=cipher)
    one, other = (seal(TEXT, ring=keys, place=PLACE) for _ in range(2))
    assert one != other
    for piece in ("测试人甲", "13900000000", "1390"):
        assert piece.encode() not in one


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize(
    "moved", ["needs_person.name.2", "needs_person.phone.1", "needs_household.name.1", ""]
)
def test_a_value_moved_to_another_row_column_or_table_does_not_open(cipher: str, moved: str) -> None:
    keys = ring("k1", cipher=cipher)
    with pytest.raises(CannotOpen):
        unseal(seal(TEXT, ring=keys, place=PLACE), ring=keys, place=moved)


@pytest.mark.parametrize("cipher", CIPHERS)
def test_no_single_changed_byte_opens(cipher: str) -> None:
    keys = ring("k1", "k2", cipher=cipher)
    blob = seal(TEXT, ring=keys, place=PLACE)
    for place in range(len(blob)):
        for flip in (0x01, 0x80):
            changed = bytearray(blob)
            changed[place] ^= flip
            with pytest.raises(CannotOpen) as refusal:
                unseal(bytes(changed), ring=keys, place=PLACE)
            assert "测试人" not in str(refusal.value)


@pytest.mark.parametrize("cipher", CIPHERS)
def test_no_shortened_value_opens(cipher: str) -> None:
    keys = ring("k1", cipher=cipher)
    blob = seal(TEXT, ring=keys, place=PLACE)
    for length in range(len(blob)):
        with pytest.raises(CannotOpen):
            unseal(blob[:length], ring=keys, place=PLACE)


def test_while_keys_rotate_both_open_and_the_new_one_seals() -> None:
    before, during, after = ring("old"), ring("new", "old"), ring("new")
    sealed = seal(TEXT, ring=before, place=PLACE)
    assert unseal(sealed, ring=during, place=PLACE) == TEXT
    renewed = seal(TEXT, ring=during, place=PLACE)
    assert (key_id_of(sealed), key_id_of(renewed)) == ("old", "new")
    assert unseal(renewed, ring=after, place=PLACE) == TEXT
    with pytest.raises(CannotOpen, match="old"):
        unseal(sealed, ring=after, place=PLACE)


def test_a_ring_of_one_cipher_opens_what_the_other_sealed() -> None:
    sealed = seal(TEXT, ring=ring("k1", cipher="SM4-GCM"), place=PLACE)
    assert unseal(sealed, ring=ring("k1"), place=PLACE) == TEXT


def test_the_same_key_id_with_other_bytes_does_not_open() -> None:
    other = KeyRing("k1", {"k1": os.urandom(32)})
    with pytest.raises(CannotOpen):
        unseal(seal(TEXT, ring=ring("k1"), place=PLACE), ring=other, place=PLACE)


def test_a_ring_seals_with_the_key_that_is_named_first() -> None:
    parsed = KeyRing.parse([f"b={'22' * 32}", f"a={'11' * 32}"], "SM4-GCM")
    assert (parsed.primary, sorted(parsed.keys)) == ("b", ["a", "b"])


@pytest.mark.parametrize(
    ("entries", "cipher"),
    [
        ([], "AES-256-GCM"),
        (["k1"], "AES-256-GCM"),
        (["=" + "11" * 32], "AES-256-GCM"),
        (["k1=" + "11" * 31], "AES-256-GCM"),
        (["k1=" + "zz" * 32], "AES-256-GCM"),
        (["k1=" + "11" * 32], "AES-128-ECB"),
    ],
)
def test_a_ring_that_says_nothing_usable_is_refused(entries: list[str], cipher: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        KeyRing.parse(entries, cipher)


def test_a_ring_never_prints_its_keys() -> None:
    keys = ring("k1")
    assert keys.keys["k1"].hex() not in repr(keys)
    assert repr(keys.keys["k1"]) not in repr(keys)
