"""
Invented people: names put together by chance, ID numbers that can be nobody's.

Every ID number begins with a division of the invented province 990000 and has a right check
character; every phone number begins with 100, a range that no carrier assigns to subscribers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jiujinan.tabular.numbers import check_character

COUNTIES = {"990121": "青禾县", "990122": "临溪县", "990123": "石门岭县"}
TOWNS = {
    "990121": ("城关镇", "柳溪镇", "大坪乡", "红枫镇", "石桥镇"),
    "990122": ("临溪镇", "沙湾镇", "白塘乡", "云岭乡"),
    "990123": ("石门镇", "岭南乡", "关口镇", "木梁乡"),
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韦覃蒙农陆岑莫卢潘蓝"
GIVEN_MALE = "建国志强海军永福世明德贵春林国华家宝文斌立新成义长顺安平"
GIVEN_FEMALE = "秀英桂兰玉梅美珍小红春燕丽华金花彩云月娥雪芳淑珍冬梅"
GIVEN_YOUNG = "子涵欣怡浩宇梓轩思远雨桐一诺佳怡俊杰嘉豪晨曦诗语"


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; sex 1 male, 2 female."""

    name: str
    id_number: str
    born_on: date
    sex: str


class Registry:
    """Hands out people whose numbers never repeat."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._serial = 0

    def person(self, county: str, age: tuple[int, int], sex: str, surname: str, today: date) -> Person:
        """Return a new person of an age within the two bounds (whole years)."""
        days = self._chance.randint(age[0] * 366 + 1, age[1] * 365 + 364)
        born_on = today - timedelta(days=days)
        self._serial += 1
        sequence = (self._serial * 2 + (1 if sex == "1" else 0)) % 1000
        digits = f"{county}{born_on:%Y%m%d}{sequence:03d}"
        return Person(self._name(surname, days // 365, sex), digits + check_character(digits), born_on, sex)

    def phone(self) -> str:
        """Return a number that looks like a mobile phone's and is nobody's."""
        return f"100{self._chance.randrange(10**8):08d}"

    def account(self) -> str:
        """Return nineteen digits that no bank issues."""
        return f"9900{self._chance.randrange(10**15):015d}"

    def address(self, county: str) -> str:
        """Return an invented address."""
        town = self._chance.choice(TOWNS[county])
        group, door = self._chance.randint(1, 12), self._chance.randint(1, 88)
        return f"{COUNTIES[county]}{town}第{group}村民小组{door}号"

    def surname(self) -> str:
        """Return a surname."""
        return self._chance.choice(SURNAMES)

    def _name(self, surname: str, age: int, sex: str) -> str:
        characters = GIVEN_YOUNG if age < 25 else GIVEN_MALE if sex == "1" else GIVEN_FEMALE
        return surname + "".join(self._chance.sample(characters, self._chance.choice((1, 2, 2, 2))))
