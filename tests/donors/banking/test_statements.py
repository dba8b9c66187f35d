"""Reading statement files and references."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.banking.references import ALPHABET, reference_for, references_in
from donors.banking.statements import Line, RejectedRow, UnknownLayoutError, parse_fen, parse_statement

TWO = """青山慈善会账户明细
交易日期,交易流水号,对方户名,收入金额,支出金额,摘要
2026-07-01,A1,明月食品公司,"1,200.50",,捐款 JJ
2026/07/02,A2,李某,,30,退款
2026-07-03,A3,王某,１００,,
2026-13-03,A4,王某,5,,
2026-07-03,,王某,5,,
2026-07-03,A6,王某,5,5,

"""
MARKED = """凭证号,交易时间,借贷标志,交易金额,对手名称,附言
B1,20260701 10:20:00,贷,1200.5,明月食品公司,捐款
B2,20260702 08:00:00,借,30.00,李某,退款
B3,20260702 08:00:00,平,30.00,李某,
"""
SIGNED = """流水号;记账日期;对方名称;发生额;用途
C1;2026年7月1日;明月食品公司;+1,200.50;捐款
C2;2026.7.2;李某;-30;退款
C3;2026.7.2;李某;0;
"""


def movements(lines: tuple[Line, ...]) -> list[tuple[date, int, str]]:
    return [(line.booked_on, line.amount_fen, line.name) for line in lines]


BOTH = [(date(2026, 7, 1), 120_050, "明月食品公司"), (date(2026, 7, 2), -3_000, "李某")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_first_layout_has_two_columns_and_a_title_above(encoding: str) -> None:
    statement = parse_statement(TWO.encode(encoding))
    assert (statement.layout, movements(statement.lines)) == ("two_columns", BOTH)
    assert statement.rejected == (
        RejectedRow(5, "收入金额", "not_an_amount"),
        RejectedRow(6, "交易日期", "not_a_date"),
        RejectedRow(7, "交易流水号", "missing"),
        RejectedRow(8, "收入金额", "either_in_or_out"),
    )


@pytest.mark.parametrize(
    ("text", "layout", "column", "code"),
    [
        (MARKED, "marked", "借贷标志", "neither_debit_nor_credit"),
        (SIGNED, "signed", "发生额", "not_an_amount"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_other_layouts_say_the_same(
    text: str, layout: str, column: str, code: str, encoding: str
) -> None:
    statement = parse_statement(text.encode(encoding))
    assert (statement.layout, movements(statement.lines)) == (layout, BOTH)
    assert statement.rejected == (RejectedRow(4, column, code),)


@pytest.mark.parametrize("data", [b"", b"a,b,c\n1,2,3", b"\xff\xff\xff", "姓名,金额".encode("gb18030")])
def test_any_other_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnknownLayoutError):
        parse_statement(data)


@pytest.mark.parametrize("text", ["", "１００", "1.234", "1,00", "1e3", "NaN", "--1", "1 000", "¥", "٣"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not_an_amount"):
        parse_fen(text)


def test_amounts_are_read_to_the_fen() -> None:
    assert [parse_fen(text) for text in ("1", "0.5", "1,234,567.89", "-3.07", "¥30")] == [
        100,
        50,
        123_456_789,
        -307,
        3_000,
    ]


@given(st.integers(0, 31**7 - 1))
def test_a_reference_is_found_however_it_is_typed(number: int) -> None:
    code = reference_for(number)
    spaced = " ".join(code)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    for memo in (code, code.lower(), f"捐款{code}谢谢", spaced, wide, f"{code[:5]}-{code[5:]}"):
        assert references_in(memo) == [code]


def test_one_wrong_character_or_two_swapped_make_no_reference() -> None:
    rng = random.Random(3)
    for _ in range(300):
        code = reference_for(rng.randrange(31**7))
        place = rng.randrange(2, 10)
        wrong = rng.choice([char for char in ALPHABET if char != code[place]])
        assert references_in(code[:place] + wrong + code[place + 1 :]) == []
        swap = rng.randrange(2, 9)
        swapped = code[:swap] + code[swap + 1] + code[swap] + code[swap + 2 :]
        assert swapped == code or references_in(swapped) == []
