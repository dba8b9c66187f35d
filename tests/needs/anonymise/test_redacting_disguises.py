"""Known values in disguises that nobody listed: whatever is strewn into them or drawn instead, they are found."""

import base64
import random
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.anonymise_texts import KINDS
from needs.anonymise.redact import redact

STREWN = [
    "",
    " ",
    "  ",
    "\u3000",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "😀",
    "❤️",
    "\n",
    "\r\n",
    "\t",
    "-",
    "·",
]
STREWN += ["\u202e", "\u202c", "\u200f", "\u2067", "\u2069", ".", "，", "*", "/", "_", "\u0301"]
DIGITS = {
    str(digit): [
        forms[digit] for forms in ("0123456789", "０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "〇一二三四五六七八九")
    ]
    + [forms[digit] for forms in ("零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "٠١٢٣٤٥٦٧٨٩")]
    for digit in range(10)
}
LETTERS = {"X": list("XxХхΧχ×Ｘ𝐗")}
TRADITIONAL = dict(
    zip(
        "张刘陈杨赵黄吴孙马罗国华军兰丽龙东县镇乡医学纺",
        "張劉陳楊趙黃吳孫馬羅國華軍蘭麗龍東縣鎮鄉醫學紡",
        strict=True,
    )
)
AROUND = ["", "家里困难，", "联系人", "见材料：", "😀", "（"]


def spelt(value: str, dice: random.Random) -> str:
    """Return the value with each character in some spelling and something strewn between them."""
    written = [
        dice.choice(DIGITS.get(one) or LETTERS.get(one) or [one, TRADITIONAL.get(one, one)]) for one in value
    ]
    return "".join(one + dice.choice(STREWN) for one in written[:-1]) + written[-1]


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(KINDS), lead=st.sampled_from(AROUND))
def test_a_known_value_is_found_whatever_is_done_to_its_characters(
    seed: int, kind: Callable[[random.Random], tuple[str, bool]], lead: str
) -> None:
    dice = random.Random(seed)
    value, _ = kind(dice)
    written = spelt(value, dice)
    text = f"{lead}{written}，请予救助"
    redacted = redact(text, [value])
    left = redacted.text[len(lead) : len(lead) + len(written)]
    assert not any(character.isalnum() for character in left), (value, text, redacted.text)


@settings(max_examples=40, deadline=None)
@given(known=st.lists(st.text(max_size=20), max_size=4), text=st.text(max_size=80))
@example(known=["\u0301"], text="\u0301")
@example(known=["王", "", "·", "某"], text="王某某")
def test_no_known_value_breaks_the_redaction(known: list[str], text: str) -> None:
    redacted = redact(text, known)
    assert len(redacted.text) == len(text)
    ends = [place for span in redacted.spans for place in (span.start, span.end)]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    "text",
    [
        "wangjianguo",
        "Wang Jianguo",
        "WANG JIANGUO",
        "jianguo wang",
        "Wáng Jiànguó",
        "wang-jian-guo",
        "Jianguo",
        "WJG",
        "ｗａｎｇ ｊｉａｎｇｕｏ",
        base64.b64encode("王建国".encode()).decode(),
        base64.b64encode("王建国患病".encode()).decode(),
        "王建国".encode("gb18030").hex(),
        "%E7%8E%8B%E5%BB%BA%E5%9B%BD",
    ],
)
def test_a_known_name_is_found_in_letters_and_encodings(text: str) -> None:
    redacted = redact(f"，{text}，", ["王建国"])
    assert not any(character.isalnum() for character in redacted.text), redacted.text


@pytest.mark.parametrize(
    ("name", "text"),
    [("吕绿", "Lü Lü"), ("吕绿", "lvlv"), ("单雄信", "Shan Xiongxin"), ("曾广贤", "zeng guangxian")],
)
def test_readings_of_several_sounds_and_the_u_with_dots_are_found(name: str, text: str) -> None:
    assert not any(character.isalpha() for character in redact(text, [name]).text)
