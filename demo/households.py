"""
Invented households in difficulty, with causes and amounts as the field reports them.

Grave illness is behind about 60 % of expenditure poverty, then schooling, accident, disability,
disaster; amounts are log-normal. Cells are as a township worker would type them: labels rather than
codes, and yuan even in columns that become fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.people import Person, Registry
from jiujinan.codes import CATEGORY_KINDS, ItemCategory, ItemKind
from jiujinan.tabular import lists

TODAY = date(2026, 3, 2)
CAUSES = {
    "illness": 60, "schooling": 12, "accident": 8, "disability": 6, "disaster": 4, "unemployment": 3,
    "bereavement": 2.5, "care": 2.5, "housing": 1, "other": 1,
}  # fmt: skip
COUNTY_SHARES = {"990121": 45, "990122": 31, "990123": 24}
TIERS = {"departmental": 55, "joint": 33, "critical": 12}
CHANNELS = {
    "application": 58, "village_cadre": 14, "grid_worker": 9, "home_visit": 6, "data_comparison": 5,
    "social_worker": 2, "mutual_aid_group": 2, "hotline": 2, "public_report": 1, "department": 1,
}  # fmt: skip
SOURCES = {
    "civil_affairs": 80, "hospital": 7, "medical_insurance": 5, "disabled_federation": 3, "school": 3,
    "trade_union": 1, "womens_federation": 1,
}  # fmt: skip
# For each cause: what is lacking, how often, and the median in yuan, pieces or sessions.
LACKING: Mapping[str, Sequence[tuple[str, float, float]]] = {
    "illness": (
        ("medical", 1, 21000), ("rehabilitation", 0.16, 6000), ("living", 0.22, 3000),
        ("escort", 0.12, 4), ("counselling", 0.1, 5), ("care", 0.1, 12), ("medical_devices", 0.08, 1),
        ("needs_survey", 0.08, 1),
    ),
    "schooling": (
        ("schooling", 1, 6000), ("school_supplies", 0.35, 2), ("tutoring", 0.3, 10), ("living", 0.15, 2000),
    ),
    "accident": (
        ("medical", 1, 26000), ("living", 0.35, 3000), ("legal_aid", 0.3, 2), ("counselling", 0.2, 5),
    ),
    "disability": (
        ("rehabilitation", 1, 9000), ("medical_devices", 0.5, 1), ("care", 0.4, 16), ("living", 0.2, 2400),
        ("social_inclusion", 0.2, 6),
    ),
    "disaster": (
        ("housing", 1, 24000), ("bedding", 0.8, 4), ("clothing", 0.6, 6), ("food", 0.6, 4),
        ("appliances", 0.3, 2), ("counselling", 0.2, 4),
    ),
    "unemployment": (
        ("living", 1, 4200), ("employment", 0.7, 3), ("food", 0.4, 3), ("utilities", 0.2, 800),
    ),
    "bereavement": (
        ("funeral", 0.7, 7000), ("living", 1, 4000), ("comfort", 0.5, 6), ("hardship_help", 0.3, 3),
    ),
    "care": (("living", 1, 3600), ("care", 0.8, 20), ("comfort", 0.4, 6), ("food", 0.3, 3)),
    "housing": (("housing", 1, 18000), ("appliances", 0.4, 2), ("bedding", 0.4, 3)),
    "other": (("living", 1, 2600), ("hardship_help", 0.5, 3), ("utilities", 0.3, 800), ("food", 0.3, 3)),
}  # fmt: skip
HEAD_AGES = {"schooling": (32, 55), "unemployment": (24, 58), "care": (45, 80), "accident": (22, 62)}
Cells = dict[str, object]


@dataclass(slots=True)
class Household:
    """The rows of one case, by the names of the schema's columns."""

    case: Cells
    members: list[Cells] = field(default_factory=list)
    items: list[Cells] = field(default_factory=list)


def households(chance: Random, registry: Registry, count: int) -> list[Household]:
    """Return invented households, each with what its columns hold."""
    return [_household(chance, registry, serial) for serial in range(1, count + 1)]


def pick(chance: Random, shares: Mapping[str, float]) -> str:
    """Return one of the keys, as likely as its share."""
    return chance.choices(list(shares), list(shares.values()))[0]


def _household(chance: Random, registry: Registry, serial: int) -> Household:
    cause, county = pick(chance, CAUSES), pick(chance, COUNTY_SHARES)
    tier = pick(chance, TIERS)
    sex = chance.choice("1122") if cause == "care" else chance.choice("112")
    head = registry.person(county, HEAD_AGES.get(cause, (26, 84)), sex, registry.surname(), TODAY)
    members = _members(chance, registry, county, head, cause)
    items = _items(chance, cause, tier)
    case = _case(chance, registry, serial, (cause, county, tier), head, members)
    case.update(_money(chance, cause, items, len(members) + 1))
    number = case["number"]
    return Household(
        case,
        [{"number": number, **member} for member, _ in members],
        [{"number": number, **item} for item in items],
    )


def _case(
    chance: Random,
    registry: Registry,
    serial: int,
    kinds: tuple[str, str, str],
    head: Person,
    members: list[tuple[Cells, Person]],
) -> Cells:
    cause, county, tier = kinds
    applied_on = TODAY - timedelta(days=min(90, int(chance.expovariate(1 / 25))))
    consented = chance.random() < 0.9
    groups = _groups(cause, head, [person for _, person in members])
    return {
        "number": f"{county}-2026-{serial:04d}",
        "source": lists.SOURCES.labels[pick(chance, SOURCES)],
        "version": 1,
        "channel": lists.CHANNELS.labels[pick(chance, CHANNELS)],
        "region": county,
        "applied_on": applied_on,
        "cause": lists.CAUSES.labels[cause],
        "tier": lists.TIERS.labels[tier],
        "name": head.name,
        "id_number": head.id_number,
        "phone": registry.phone() if chance.random() < 0.95 else None,
        "address": registry.address(county),
        "account": registry.account() if chance.random() < 0.9 else None,
        "size": len(members) + 1,
        "groups": "、".join(lists.GROUPS.labels[group] for group in groups) or None,
        "sensitive_kind": _sensitive(chance, cause),
        "economic_check": chance.choices(("通过", "未核对", "免核对"), (88, 7, 5))[0],
        "consent_on": applied_on if consented else None,
        "government_status": chance.choices(("已获救助", "不符合条件", "办理中", "未申请"), (52, 20, 18, 10))[
            0
        ],
    }


def _members(
    chance: Random, registry: Registry, county: str, head: Person, cause: str
) -> list[tuple[Cells, Person]]:
    age = TODAY.year - head.born_on.year
    found: list[tuple[str, Person]] = []
    if chance.random() < (0.55 if age > 70 else 0.72):
        other = "2" if head.sex == "1" else "1"
        bounds = (max(22, age - 6), max(24, age + 4))
        found.append(("配偶", registry.person(county, bounds, other, registry.surname(), TODAY)))
    children = chance.choices((0, 1, 2, 3), (15, 40, 37, 8))[0] if age < 62 else chance.choice((0, 0, 1))
    for _ in range(max(children, 1 if cause == "schooling" else 0)):
        sex = chance.choice("12")
        bounds = (1, min(24, age - 21)) if cause != "schooling" else (6, min(22, age - 21))
        child = registry.person(county, bounds, sex, head.name[0], TODAY)
        found.append(("子" if sex == "1" else "女", child))
    if age < 60 and chance.random() < 0.25:
        parent = registry.person(county, (age + 21, min(age + 32, 92)), "2", registry.surname(), TODAY)
        found.append(("父母", parent))
    return [(_member(relation, person), person) for relation, person in found]


def _member(relation: str, person: Person) -> Cells:
    groups = ["学生"] if 6 <= TODAY.year - person.born_on.year <= 22 else []
    return {
        "name": person.name,
        "relation": relation,
        "id_number": person.id_number,
        "sex": "男" if person.sex == "1" else "女",
        "born_on": person.born_on,
        "groups": "、".join(groups) or None,
    }


def _groups(cause: str, head: Person, members: list[Person]) -> list[str]:
    age = TODAY.year - head.born_on.year
    children = [person for person in members if TODAY.year - person.born_on.year < 18]
    marks = {
        "elder": age >= 60,
        "living_alone": age >= 60 and not members,
        "disabled": cause == "disability",
        "severe_illness": cause == "illness",
        "student": cause == "schooling",
        "child": bool(children),
        "single_parent": bool(children) and len(members) == len(children),
        "worker": cause == "unemployment",
    }
    return [group for group, applies in marks.items() if applies]


def _sensitive(chance: Random, cause: str) -> str | None:
    if chance.random() > 0.03:
        return None
    kinds = ("rare_disease", "mental_illness") if cause == "illness" else ("in_the_media", "adoption")
    return lists.SENSITIVE_KINDS.labels[chance.choice(kinds)]


def _items(chance: Random, cause: str, tier: str) -> list[Cells]:
    more = {"departmental": 0.75, "joint": 1.0, "critical": 1.4}[tier]
    return [
        _item(chance, ItemCategory(category), median, more)
        for category, likely, median in LACKING[cause]
        if likely == 1 or chance.random() < likely
    ]


def _item(chance: Random, category: ItemCategory, median: float, more: float) -> Cells:
    kind = CATEGORY_KINDS[category]
    cells: Cells = {
        "item_kind": lists.KINDS.labels[kind],
        "item_category": lists.CATEGORIES.labels[category],
        "item_unit": {"cash": "元", "goods": "件", "service": "次"}[kind],
    }
    if kind is not ItemKind.CASH:
        cells["item_required"] = max(1, round(chance.lognormvariate(0, 0.4) * median))
        return cells
    required = max(300, round(chance.lognormvariate(0, 0.75) * median * more / 10) * 10)
    government = round(required * chance.choice((0, 0, 0.1, 0.2, 0.3)) / 10) * 10
    insurance = round(required * chance.choice((0, 0.15, 0.3)) / 10) * 10 if category == "medical" else 0
    cells.update(item_required=required, item_government=government, item_insurance=insurance)
    return cells


def _money(chance: Random, cause: str, items: list[Cells], size: int) -> Cells:
    a_head = chance.lognormvariate(6.35, 0.45)  # about 570 yuan a month
    income = round(a_head * size / 10) * 10
    cash = sum(int(str(item["item_required"])) for item in items if item["item_unit"] == "元")
    spent = round(cash * chance.uniform(1.1, 2.2) / 100) * 100
    by_cause = {
        "illness": "medical",
        "accident": "medical",
        "disability": "medical",
        "schooling": "schooling",
    }
    kind = by_cause.get(cause, "other")
    circle = "低保" if a_head < 480 else "低保边缘" if a_head < 720 or spent > income * 9 else "其他居民"
    return {
        "monthly_income_fen": income,
        "medical_expense_fen": spent if kind == "medical" else chance.randrange(0, 4000, 100),
        "schooling_expense_fen": spent if kind == "schooling" else chance.randrange(0, 3000, 100),
        "other_expense_fen": spent if kind == "other" else chance.randrange(0, 2000, 100),
        "circle": circle,
    }
