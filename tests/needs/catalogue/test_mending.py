"""Slips are mended towards words of the field and names of divisions; what is written rightly stays."""

import pytest

from needs.catalogue.lexicon import Lexicon
from needs.catalogue.mending import MOST_CORRECTIONS, corrections

NAMES = ("清河县", "青河县", "青禾县", "嘉黎县", "和县")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.of(NAMES)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("失叶", "失业"),
        ("心里咨询", "心理咨询"),
        ("丧藏费", "丧葬费"),  # looks alike, sounds otherwise
        ("法律缓助", "法律援助"),
        ("xuefei", "学费"),
        ("scool fees", "school fees"),
        ("wheelchiar", "wheelchair"),
    ],
)
def test_a_slip_is_read_as_what_was_meant(lexicon: Lexicon, text: str, meant: str) -> None:
    assert next(corrections(text, lexicon)).strip() == meant


@pytest.mark.parametrize(
    "text",
    [
        "旧衣服",
        "租不起",
        "家里",
        "丧亲家庭",
        "where can i give old clothes",
        "can you help",
        "失业",
        "青禾县",
        "!?",
    ],
)
def test_what_is_written_rightly_is_left_alone(lexicon: Lexicon, text: str) -> None:
    assert list(corrections(text, lexicon)) == []


@pytest.mark.parametrize("text", ["qinghexian", "qing he xian", "青和县"])
def test_every_division_that_sounds_so_is_tried(lexicon: Lexicon, text: str) -> None:
    assert set(NAMES[:3]) <= {variant.strip() for variant in corrections(text, lexicon)}


def test_a_long_text_is_mended_as_quickly_as_any_and_in_few_ways(lexicon: Lexicon) -> None:
    assert len(list(corrections("qinghe " * 40, lexicon))) <= MOST_CORRECTIONS
    assert list(corrections("火" * 200, lexicon)) == []
