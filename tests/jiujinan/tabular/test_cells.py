"""From cells to typed values."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.tabular import lists
from jiujinan.tabular.cells import is_blank, parse
from jiujinan.tabular.messages import TEMPLATES, register, render
from jiujinan.tabular.outcome import CellError
from jiujinan.tabular.schema import CodeList, Column, Kind, label_key, tidy


def value(kind: Kind, cell: object, **terms: Any) -> Any:
    return parse(cell, Column("列", "column", kind, **terms))


def code(kind: Kind, cell: object, **terms: Any) -> str:
    with pytest.raises(CellError) as caught:
        value(kind, cell, **terms)
    assert render(caught.value.code, caught.value.params)
    assert render(caught.value.code, caught.value.params, english=True)
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-05", "2026-1-5", "2026/1/5", "2026.01.05", "2026年1月5日", "2026 年 1 月 5 日", "20260105",
        20260105, 20260105.0, "２０２６－０１－０５", "2026-01-05 00:00:00", "2026-01-05T08:30", 46027, "46027",
        datetime(2026, 1, 5, 10, 30), date(2026, 1, 5),
    ],
)  # fmt: skip
def test_a_day_is_understood_however_it_is_written(cell: object) -> None:
    assert value(Kind.DATE, cell) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-02-30", "date_impossible"), ("2026年13月1日", "date_impossible"), ("20260230", "date_impossible"),
        ("去年底", "date_format"), ("5/1/2026", "date_format"), ("26-1-5", "date_format"), (12, "date_format"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_said_to_be_none(cell: object, expected: str) -> None:
    assert code(Kind.DATE, cell) == expected


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (1234, 123400), (1234.5, 123450), ("1,234.50", 123450), ("￥1234.5", 123450), ("１２３４．５元", 123450),
        ("3.5万", 3500000), ("3.5万元", 3500000), (0, 0), (1200.3000000000002, 120030), ("1 234", 123400),
    ],
)  # fmt: skip
def test_money_becomes_whole_fen(cell: object, fen: int) -> None:
    assert value(Kind.MONEY, cell) == fen


@given(st.integers(0, 10**12))
def test_any_amount_in_yuan_comes_back_exactly(fen: int) -> None:
    yuan = Decimal(fen) / 100
    assert value(Kind.MONEY, f"{yuan:,.2f}") == fen
    assert value(Kind.MONEY, str(yuan)) == fen
    if fen < 10**11:
        assert value(Kind.MONEY, float(yuan)) == fen


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-5", "negative"), (-0.01, "negative"), ("1.234", "money_decimals"), ("一千", "not_number"),
        ("nan", "not_number"), ("Infinity", "not_number"), ("1000000000001", "too_great"), (True, "not_number"),
        (date(2026, 1, 1), "not_number"), ("12-34", "not_number"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_said_to_be_none(cell: object, expected: str) -> None:
    assert code(Kind.MONEY, cell, maximum=10**14) == expected


def test_whole_numbers_may_bear_their_unit_and_keep_their_bounds() -> None:
    terms = {"minimum": 1, "maximum": 50}
    assert [value(Kind.INTEGER, cell, **terms) for cell in (3, 3.0, "3", "3人", "３口")] == [3] * 5
    assert code(Kind.INTEGER, 2.5, **terms) == "not_whole"
    assert code(Kind.INTEGER, 0, **terms) == "too_small"
    assert code(Kind.INTEGER, 51, **terms) == "too_great"


def test_codes_are_taken_by_code_label_alias_and_in_any_spacing() -> None:
    for cell in ("illness", "重大疾病", "因病", " 重大 疾病 ", "ILLNESS"):
        assert value(Kind.CODE, cell, codes=lists.CAUSES) == "illness"
    assert value(Kind.CODE, "村（社区）干部", codes=lists.CHANNELS) == "village_cadre"
    assert code(Kind.CODE, "运气", codes=lists.CAUSES) == "unknown_code"
    many = value(Kind.CODES, "老年人、残疾人，elder;儿童", codes=lists.GROUPS)
    assert many == ("elder", "disabled", "child")


@pytest.mark.parametrize("codes", [v for v in vars(lists).values() if isinstance(v, CodeList)])
def test_no_spelling_of_a_list_means_two_codes(codes: CodeList) -> None:
    spellings = [label_key(s) for e in codes.entries for s in {e.code, e.label, *e.aliases}]
    by_code = {(label_key(s), e.code) for e in codes.entries for s in (e.code, e.label, *e.aliases)}
    assert len(by_code) == len(set(spellings))


def test_yes_and_no_have_several_spellings() -> None:
    assert [value(Kind.YES_NO, cell) for cell in ("是", "有", "Y", 1, True, "√")] == [True] * 6
    assert [value(Kind.YES_NO, cell) for cell in ("否", "无", "n", 0, False)] == [False] * 5
    assert code(Kind.YES_NO, "也许") == "yes_no"


def test_texts_keep_chinese_punctuation_and_lose_control_characters() -> None:
    assert value(Kind.TEXT, " 云川市（虚构）\x00\t，ＡＢ１２ ") == "云川市（虚构） ，AB12"
    assert value(Kind.TEXT, 1001.0) == "1001"
    assert code(Kind.TEXT, "长" * 11, limit=10) == "too_long"
    assert value(Kind.TEXTS, "990121、990122, 990121") == ("990121", "990122")


_ODD = [
    "1E+400",
    "1e999999999",
    "٣",
    "²",
    "\u200b",
    "0000-00-00",
    "9" * 40,
    "-0",
    "1e-400",
    "万",
    "'",
    "=",
    "🈚",
]
_CELLS = st.one_of(
    st.text(), st.sampled_from(_ODD), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates(), st.times()
)  # fmt: skip


@given(st.sampled_from(Kind), _CELLS)
def test_no_content_of_a_cell_raises_anything_but_a_cell_error(kind: Kind, cell: object) -> None:
    with suppress(CellError):
        value(kind, cell, codes=lists.CAUSES)


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_blank_means_nothing_or_white_space() -> None:
    assert [is_blank(cell) for cell in (None, "", " \u3000\n", 0, "0")] == [True, True, True, False, False]


def test_every_message_has_both_languages_and_codes_are_registered_once() -> None:
    assert all(zh and en and zh != en for zh, en in TEMPLATES.values())
    with pytest.raises(ValueError, match="taken"):
        register({"required": ("x", "y")})
