"""The first two steps of the text chain: one spelling, visible characters, simplified script."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from jiujinan.text import align, normalise, to_simplified


def test_full_width_forms_become_half_width() -> None:
    assert normalise("ＡＢＣ１２３（大病）") == "ABC123(大病)"


def test_zero_width_and_bidirectional_marks_vanish() -> None:
    assert normalise("大\u200b病\u202e救\u2066助\ufeff\u00ad") == "大病救助"


def test_hidden_letters_and_variation_selectors_vanish() -> None:
    assert normalise("大\u3164病\ufe0f救\U000e0101助\U000e0041") == "大病救助"


def test_line_ends_are_unified_and_tabs_stay() -> None:
    assert normalise("一\r\n二\r三\t四") == "一\n二\n三\t四"


@given(st.text())
def test_normalising_twice_is_the_same_as_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_nothing_normalised_is_a_format_character(text: str) -> None:
    assert not [c for c in normalise(text) if unicodedata.category(c) == "Cf"]


def test_traditional_becomes_simplified_with_phrases_first() -> None:
    assert to_simplified("重大疾病醫療救助，乾燥與乾隆") == "重大疾病医疗救助，干燥与乾隆"


def test_simplified_text_stays_as_it_is() -> None:
    text = "因患重大疾病，医疗费用缺口较大，急需社会力量帮助。"
    assert to_simplified(text) == text


def test_an_aligned_text_leads_back_to_the_original() -> None:
    original = "她\u200b患㈱醫院Ａ"
    aligned = align(original)
    assert aligned.text == "她患(株)医院a"
    start = aligned.text.index("医院")
    first, last = aligned.original_span(start, start + 2)
    assert original[first:last] == "醫院"
    assert aligned.folded_index(original.index("醫")) == start
