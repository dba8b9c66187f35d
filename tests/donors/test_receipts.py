"""Amounts in capitals, as a receipt writes them."""

import pytest

from donors.receipts import amount_in_capitals


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1, "人民币壹分"),
        (10, "人民币壹角整"),
        (100, "人民币壹元整"),
        (10_530, "人民币壹佰零伍元叁角整"),
        (10_503, "人民币壹佰零伍元零叁分"),
        (1_000_100, "人民币壹万零壹元整"),
        (100_050_000_005, "人民币壹拾亿零伍拾万元零伍分"),
        (12_345_678_900, "人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整"),
    ],
)
def test_amounts_are_written_in_capitals(fen: int, words: str) -> None:
    assert amount_in_capitals(fen) == words


@pytest.mark.parametrize("fen", [0, -1, 10**18])
def test_no_receipt_is_written_for_nothing(fen: int) -> None:
    with pytest.raises(ValueError, match="no receipt"):
        amount_in_capitals(fen)
