"""Names of divisions for readers of English, against those that are known and against another reading of them all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from jiujinan.regions import source
from jiujinan.regions.readings import IN_NAMES, OF_NAMES
from jiujinan.regions.romanising import GENERIC, OF_OTHER_LANGUAGES, english

ALLOWED = re.compile(r"[A-ZÜ][A-Za-zÜüêÊ']*( [A-Za-z][A-Za-zÜüê,']*)*( \(invented\))?")
NATION = source.read_package()
ABOLISHED = source.read_abolished()
SPELT = [row for row in NATION if english(row.name, row.code) is not None]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("六安市", "Lu'an City"), ("东阿县", "Dong'e County"), ("铅山县", "Yanshan County"),
        ("乐清市", "Yueqing City"), ("蚌埠市", "Bengbu City"), ("台州市", "Taizhou City"),
        ("洪洞县", "Hongtong County"), ("番禺区", "Panyu District"), ("厦门市", "Xiamen City"),
        ("陕西省", "Shaanxi Province"), ("山西省", "Shanxi Province"), ("西安市", "Xi'an City"),
        ("吕梁市", "Lüliang City"), ("赵县", "Zhaoxian County"), ("蔚县", "Yuxian County"),
        ("城区", "Chengqu District"), ("芒市", "Mangshi City"), ("长治市", "Changzhi City"),
        ("长子县", "Zhangzi County"), ("浦东新区", "Pudong New Area"), ("清新区", "Qingxin District"),
        ("碑林区", "Beilin District"), ("神农架林区", "Shennongjia Forestry District"),
        ("恩施土家族苗族自治州", "Enshi Tujia and Miao Autonomous Prefecture"),
        ("双江拉祜族佤族布朗族傣族自治县", "Shuangjiang Lahu, Va, Blang and Dai Autonomous County"),
        ("呼和浩特市", "Hohhot City"), ("乌鲁木齐市", "Ürümqi City"), ("拉萨市", "Lhasa City"),
        ("喀什地区", "Kashgar Prefecture"), ("兴隆街道", "Xinglong Subdistrict"),
        ("东风回族乡", "Dongfeng Hui Township"), ("红旗社区", "Hongqi Community"),
        ("青禾县（虚构）", "Qinghe County (invented)"), ("云川", "Yunchuan"),
    ],
)  # fmt: skip
def test_names_are_told_as_they_are_known(name: str, told: str) -> None:
    assert english(name) == told


def test_every_province_and_prefecture_of_the_nation_has_a_name_in_english() -> None:
    assert [
        row.name for row in NATION if row.code.endswith("00") and english(row.name, row.code) is None
    ] == []


def test_only_small_divisions_named_in_other_languages_have_none() -> None:
    without = [row.code for row in [*NATION, *ABOLISHED] if english(row.name, row.code) is None]
    assert [code for code in without if not code.startswith(OF_OTHER_LANGUAGES)] == []


def test_every_name_is_written_in_letters_and_begins_with_a_capital() -> None:
    assert [row.name for row in SPELT if not ALLOWED.fullmatch(english(row.name, row.code) or "")] == []


def test_a_reading_that_differs_from_that_of_whole_words_is_one_that_was_looked_up() -> None:
    judged = set("".join(IN_NAMES)) | set("".join(OF_NAMES))
    forms = {row.name for row in source_of_forms()}
    for row in SPELT:
        generic = next((term for term in GENERIC if row.name.endswith(term)), "")
        proper = re.sub(r"(\w+族)+$", "", row.name.removesuffix(generic))
        if row.name in forms or len(proper) < 2 or not judged.isdisjoint(proper):
            continue
        word = "".join(lazy_pinyin(proper, v_to_u=False)).replace("v", "ü")
        told = (english(row.name, row.code) or "").lower().replace("'", "")
        assert told.startswith(word) or "族" in row.name, row.name


def source_of_forms() -> list[source.RegionRow]:
    """Return the divisions whose names have a form of their own."""
    from jiujinan.regions.romanising import _known

    return [row for row in NATION if row.name in _known()]


@given(st.text(max_size=12), st.sampled_from(["", "150102", "990121", "abc"]))
def test_any_text_gives_letters_or_nothing(name: str, code: str) -> None:
    told = english(name, code)
    assert told is None or ALLOWED.fullmatch(told)


@given(
    st.text(st.sampled_from("青禾临溪石桥松阳安西东"), min_size=2, max_size=3),
    st.sampled_from(sorted(GENERIC)),
)
def test_a_generic_term_stands_in_english_after_one_word(proper: str, generic: str) -> None:
    told = english(proper + generic)
    assert told is not None
    assert told.endswith(f" {GENERIC[generic]}") or proper.endswith(("新", "地"))
    assert " " not in told.removesuffix(f" {GENERIC[generic]}") or proper.endswith(("新", "地"))
