"""Seeded texts with planted values in many spellings, for measuring what redaction misses."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from needs.anonymise.numbers import ID_CHECKS, ID_WEIGHTS, passes_luhn

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志春梅海燕秀珍文斌宇浩"
    "凯健俊帆雪荣爱香月莲凤洁琳素云贞莉彩菊"
)
PLACES = [
    "青龙",
    "白石",
    "长岭",
    "石桥",
    "上坝",
    "下湾",
    "双河",
    "东山",
    "西坪",
    "新塘",
    "老屋",
    "大湾",
    "高坡",
    "清水",
    "板桥",
    "龙潭",
    "柳林",
    "荷塘",
    "竹园",
    "松岭",
]
BRANDS = ["华丰", "永兴", "瑞达", "宏昌", "金源", "恒泰", "盛世", "嘉禾", "远大", "兴隆"]
TEMPLATES = (
    "{0}家里原本靠种田生活，去年查出大病，{1}是联系人，情况属实。",
    "联系人{0}，可以打{1}，家里欠债很多。",
    "户主{0}因病住院，材料见{1}。",
    "我们去{0}走访，得知{1}需要帮助。",
    "{0}；{1}。希望得到帮助！",
    "经核实（{0}）属实，另见【{1}】，请予救助",
)
JOINERS = (" ", "-", "\n", "\u200b", "😀", "·", " - ", "\u2060", "*", "/", "　")
NUMERALS = (
    "零一二三四五六七八九",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "０１２３４５６７８９",
    "⓪①②③④⑤⑥⑦⑧⑨",
)


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text, the values that redaction is told, and where planted values stand."""

    text: str
    known: tuple[str, ...]
    secrets: tuple[tuple[int, int], ...]


def draw_text(dice: random.Random) -> DrawnText:
    """Return a text with two planted values: known ones of any kind, or checked numbers nobody told."""
    pieces, known, secrets = "", [], []
    template = dice.choice(TEMPLATES)
    values = []
    for _ in range(2):
        value, is_number = dice.choice(KINDS)(dice)
        if not is_number or dice.random() < 0.5:
            known.append(value)
        values.append(_spell_number(value, dice) if is_number else _spell_words(value, dice))
    first, between_and_rest = template.split("{0}")
    between, rest = between_and_rest.split("{1}")
    for lead, value in ((first, values[0]), (between, values[1])):
        pieces += lead
        secrets.append((len(pieces), len(pieces) + len(value)))
        pieces += value
    return DrawnText(pieces + rest, tuple(known), tuple(secrets))


def draw_id_number(dice: random.Random) -> str:
    """Return an identity number with a right check digit, of an invented region."""
    born = f"{dice.randrange(1930, 2020)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}"
    body = f"99{dice.randrange(1, 30):02d}{dice.randrange(1, 30):02d}{born}{dice.randrange(1000):03d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True)) % 11
    return body + ID_CHECKS[check].upper()


def _name(dice: random.Random) -> tuple[str, bool]:
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2)))), False


def _village(dice: random.Random) -> tuple[str, bool]:
    return dice.choice(PLACES) + dice.choice(("村", "屯", "寨", "镇", "社区")), False


def _work(dice: random.Random) -> tuple[str, bool]:
    return dice.choice(BRANDS) + dice.choice(("纺织有限公司", "砖厂", "建材有限公司", "食品厂")), False


def _institution(dice: random.Random) -> tuple[str, bool]:
    return dice.choice(PLACES) + dice.choice(("县人民医院", "镇卫生院", "镇中心小学", "县第二中学")), False


def _id_number(dice: random.Random) -> tuple[str, bool]:
    return draw_id_number(dice), True


def _old_id_number(dice: random.Random) -> tuple[str, bool]:
    number = draw_id_number(dice)
    born = f"{dice.randrange(30, 100)}{number[10:14]}"
    return number[:6] + born + number[14:17], True


def _phone(dice: random.Random) -> tuple[str, bool]:
    return f"1{dice.choice('3456789')}{dice.randrange(10**9):09d}", True


def _card(dice: random.Random) -> tuple[str, bool]:
    body = f"62{dice.randrange(10**16):016d}"
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit)), True


KINDS: tuple[Callable[[random.Random], tuple[str, bool]], ...] = (
    _name,
    _name,
    _village,
    _work,
    _institution,
    _id_number,
    _old_id_number,
    _phone,
    _card,
)


def _spell_number(value: str, dice: random.Random) -> str:
    way = dice.randrange(5)
    if way == 0:
        return value
    if way == 1:
        return dice.choice(JOINERS).join(value)
    if way == 2:
        size = dice.choice((3, 4, 6))
        return dice.choice(JOINERS).join(value[start : start + size] for start in range(0, len(value), size))
    numerals = dice.choice(NUMERALS)
    spelt = "".join(numerals[int(digit)] if digit.isdigit() else digit for digit in value)
    return spelt.replace("X", dice.choice("XxХ×χ"))


def _spell_words(value: str, dice: random.Random) -> str:
    way = dice.randrange(3)
    if way == 0:
        return value
    joiner = dice.choice(JOINERS)
    return joiner.join(value) if way == 1 else value[:1] + joiner + value[1:]
