"""
Names of divisions for readers of English: romanised, with the generic term in English (pure).

Chinese names by the 1984 rules for spelling place names in pinyin (one word, an apostrophe before a, o and e, ü kept;
a name of one syllable keeps its generic term: 赵县 is Zhaoxian County). Names that come from Mongolian, Uygur, Kazak or
Tibetan have forms of their own, which no reading of the characters gives: those of provinces and prefectures stand in
`data/romanised.csv`; smaller divisions of such places get none. Show the Chinese name beside every romanised one, so
that a wrong reading misleads nobody.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from jiujinan.regions.readings import IN_NAMES, OF_NAMES
from jiujinan.text.sounding import reading

GENERIC: Mapping[str, str] = {
    "特别行政区": "Special Administrative Region", "自治区": "Autonomous Region", "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County", "自治旗": "Autonomous Banner", "地区": "Prefecture", "社区": "Community",
    "街道": "Subdistrict", "苏木": "Sum", "新区": "New Area", "省": "Province", "市": "City", "县": "County",
    "区": "District", "旗": "Banner", "盟": "League", "镇": "Town", "乡": "Township", "村": "Village",
}  # fmt: skip
ALONE_AFTER_ONE = frozenset({"县", "市", "区", "镇", "乡", "村"})
#: Peoples as GB/T 3304 spells them.
PEOPLES: Mapping[str, str] = {
    "蒙古": "Mongol", "回": "Hui", "藏": "Tibetan", "维吾尔": "Uygur", "苗": "Miao", "彝": "Yi", "壮": "Zhuang",
    "布依": "Buyei", "朝鲜": "Korean", "满": "Manchu", "侗": "Dong", "瑶": "Yao", "白": "Bai", "土家": "Tujia",
    "哈尼": "Hani", "哈萨克": "Kazak", "傣": "Dai", "黎": "Li", "傈僳": "Lisu", "佤": "Va", "畲": "She",
    "高山": "Gaoshan", "拉祜": "Lahu", "水": "Sui", "东乡": "Dongxiang", "纳西": "Naxi", "景颇": "Jingpo",
    "柯尔克孜": "Kirgiz", "土": "Tu", "达斡尔": "Daur", "仫佬": "Mulao", "羌": "Qiang", "布朗": "Blang",
    "撒拉": "Salar", "毛南": "Maonan", "仡佬": "Gelao", "锡伯": "Xibe", "阿昌": "Achang", "普米": "Pumi",
    "塔吉克": "Tajik", "怒": "Nu", "乌孜别克": "Uzbek", "俄罗斯": "Russian", "鄂温克": "Ewenki", "德昂": "Deang",
    "保安": "Bonan", "裕固": "Yugur", "京": "Gin", "塔塔尔": "Tatar", "独龙": "Derung", "鄂伦春": "Oroqen",
    "赫哲": "Hezhen", "门巴": "Monba", "珞巴": "Lhoba", "基诺": "Jino", "各": "Various Nationalities",
}  # fmt: skip
#: Where smaller divisions bear names that the characters only imitate: Inner Mongolia, Xizang, Xinjiang, and the
#: Tibetan and Mongolian prefectures of Qinghai, Sichuan, Gansu and Yunnan.
OF_OTHER_LANGUAGES = (
    "15", "54", "65", "5132", "5133", "5334", "6230", "6322", "6323", "6325", "6326", "6327", "6328",
)  # fmt: skip
_PEOPLE = re.compile(f"({'|'.join(sorted(PEOPLES, key=len, reverse=True))})族$")
_REMARK = re.compile(r"（([^（）]*)）$")
INVENTED, INVENTED_IN_ENGLISH = "虚构", " (invented)"


@lru_cache(maxsize=8192)
def english(name: str, code: str = "") -> str | None:
    """Return a division's name for readers of English; None where no reading can be trusted.

    `code` (six digits) says where it lies; without one the name is taken for a Chinese one.
    """
    remark = _REMARK.search(name)
    own = name[: remark.start()] if remark else name
    found = _known().get(own) or (None if _is_of_another_language(code) else _spelt(own))
    if found is None or remark is None:
        return found
    return f"{found}{INVENTED_IN_ENGLISH}" if remark[1] == INVENTED else None


def _is_of_another_language(code: str) -> bool:
    return code.startswith(OF_OTHER_LANGUAGES) and not code.endswith("00")


def _spelt(name: str) -> str | None:
    generic = next((term for term in GENERIC if name.endswith(term) and len(name) > len(term)), "")
    if generic == "新区" and len(name) == len("清新区"):  # the district of Qingxin
        generic = "区"
    proper, peoples = _without_peoples(name.removesuffix(generic) if generic else name)
    if len(proper) == 1 and generic in ALONE_AFTER_ONE:
        proper += generic
    word = _word(proper)
    return word and " ".join(filter(None, (word, listed(peoples), GENERIC.get(generic, ""))))


def _without_peoples(name: str) -> tuple[str, list[str]]:
    """Return the name before those of the peoples at its end, and these in order."""
    found: list[str] = []
    while (people := _PEOPLE.search(name)) and people.start():
        found.insert(0, PEOPLES[people[1]])
        name = name[: people.start()]
    return name, found


def listed(words: list[str]) -> str:
    """Return words as English lists them: `A, B and C`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _word(proper: str) -> str | None:
    """Return a proper name as one word in pinyin; None where a character has no reading."""
    syllables = OF_NAMES[proper].split() if proper in OF_NAMES else [_syllable(sign) for sign in proper]
    if not proper or not all(syllables):
        return None
    parts = [f"'{one}" if at and one[0] in "aoe" else one for at, one in enumerate(syllables)]
    return "".join(parts).replace("v", "ü").capitalize()


def _syllable(sign: str) -> str:
    return IN_NAMES.get(sign) or reading(sign) or ""


@cache
def _known() -> Mapping[str, str]:
    """Return the names that have a form of their own."""
    with (files("jiujinan.regions") / "data" / "romanised.csv").open(encoding="utf-8") as lines:
        return {row["name"]: row["english"] for row in csv.DictReader(lines)}
