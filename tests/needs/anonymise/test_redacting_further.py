"""Disguises and names beyond the usual: further numerals, handles, doors, other scripts; and what need not block."""

import base64
import random

import pytest

from needs.anonymise.redact import redact

ID_NUMBER = "11010519491231002X"
NUMERALS = {
    "roman": dict(zip("123456789", "ⅠⅡⅢⅣⅤⅥⅦⅧⅨ", strict=True)),
    "suzhou": dict(zip("123456789", "〡〢〣〤〥〦〧〨〩", strict=True)),
    "ringed": dict(zip("1234567890", "❶❷❸❹❺❻❼❽❾⓿", strict=True)),
    "parenthesised": dict(zip("123456789", "㈠㈡㈢㈣㈤㈥㈦㈧㈨", strict=True)),
    "devanagari": dict(zip("0123456789", "०१२३४५६७८९", strict=True)),
}


def left_of(text: str, known: list[str] | None = None) -> str:
    """Return the letters and digits of the text that stay readable."""
    return "".join(character for character in redact(text, known or []).text if character.isalnum())


@pytest.mark.parametrize("numerals", NUMERALS)
@pytest.mark.parametrize("number", [ID_NUMBER, "13800138000", "6222021234567890128"])
@pytest.mark.parametrize("between", ["", " ", "😀", "\n", "  \n  "])
def test_numbers_in_any_numerals_are_masked_unknown_as_well(numerals: str, number: str, between: str) -> None:
    assert left_of(between.join(number.translate(str.maketrans(NUMERALS[numerals])))) == ""


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (ID_NUMBER, "1101和0519和4912和3100和2X"),
        ("2000号", "两千号"),
        ("2000号", "二千号"),
        ("305号", "三百零五号"),
        ("laowang_88", "ｌａｏｗａｎｇ＿８８"),
    ],
)
def test_known_values_with_words_between_or_in_words_are_masked(known: str, text: str) -> None:
    assert left_of(text, [known]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "QQ群 87654321",
        "q q 1 2 3 4 5 6",
        "加V：laowang88",
        "微 信 号 abc12345",
        "沪AD88888",
        "WJ京1234X",
        "使123456",
        "村委会隔壁",
        "村口三号",
        "最里头一家",
        "￥23456",
        "3.5日",
    ],
)
def test_handles_plates_doors_and_sums_are_masked_whole(text: str) -> None:
    assert left_of(text) == ""


@pytest.mark.parametrize("dot", "·•・‧⋅∙●-·")
@pytest.mark.parametrize("name", ["古丽{}买买提", "艾力{}塔西", "热娜古{}吐迪"])
def test_names_with_any_kind_of_dot_are_masked_whole(name: str, dot: str) -> None:
    assert redact(name.format(dot)).text == "＊" * len(name.format(dot))


@pytest.mark.parametrize(
    "text",
    [
        "김철수",
        "Иван Петров",
        "བཀྲ་ཤིས",
        "BenBell",
        "filip",
        "O’Connor",
        "T梅",
        "m.奈特",
        "（WillWright）",
        "小S",
    ],
)
def test_names_in_other_letters_are_masked(text: str) -> None:
    assert left_of(f"，{text}，") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("申请人务名扬", "务名扬"),
        ("（记者商为智 实习生但有为）", "商为智"),
        ("高级经理舒畅，负责此事", "舒畅"),
        ("龙泉：男，", "龙泉"),
        ("军哥说他不来了", "军哥"),
        ("人称兔娘子很热心", "兔娘子"),
        ("志愿者草间弥生来过", "草间弥生"),
    ],
)
def test_what_stands_alone_after_a_title_or_is_a_nickname_is_masked(text: str, name: str) -> None:
    assert name not in redact(text).text


@pytest.mark.parametrize(
    "text",
    [
        "感谢社会的关怀，蓝天下没有孤岛。",
        "衣服陈旧，家具不齐全。",
        "从石家庄坐车去看病，路上要一天。",
        "你为什么要来？要办低保。",
        "在NintendoPower上看到的",
    ],
)
def test_ordinary_words_and_places_do_not_block_a_text(text: str) -> None:
    assert not redact(text).blocked


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_encoded_names_are_not_taken_for_words_written_together(encoding: str) -> None:
    dice, missed = random.Random(3), 0
    for _ in range(300):
        said = "".join(dice.choices("王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊军洋", k=dice.randint(6, 12)))
        missed += not redact(base64.b64encode(said.encode(encoding)).decode()).blocked
    assert missed <= 1
