"""
What the invented organisations have to give, measured by what the invented households lack.

Money, sessions and goods come to about two thirds of the need, and every fund has restrictions as
real charters have them, so that some needs are covered, some partly, some not at all, with a reason.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

from demo.households import Cells, Household, pick
from demo.organisations import Organisation, of_kind
from demo.people import COUNTIES
from donors.intake.lists import FUND_KINDS
from jiujinan.codes import CATEGORY_KINDS, ItemCategory, ItemKind
from jiujinan.tabular import lists

STARTS_ON = date(2026, 1, 1)
MONEY_SHARE = 0.68
SUPPLY_SHARE = 0.66
_NAMED, _SPECIAL, _REVOLVING, _CHARITY = 36, 8, 3, 9
_PURPOSES = {
    "medical": "资助重病患者自付医疗费用", "schooling": "资助困难学生就学", "living": "帮助突遇困难的家庭过渡",
    "housing": "修缮受灾房屋", "rehabilitation": "资助康复训练",
}  # fmt: skip
_GOODS_UNITS = {
    "food": "份", "bedding": "床", "clothing": "套", "medical_devices": "件", "school_supplies": "套",
    "appliances": "台",
}  # fmt: skip
_PERISHABLE = frozenset({"food"})
Demand = Counter[tuple[str, str]]  # (county, category) → yuan, sessions or pieces still lacking


def demand_of(found: Iterable[Household]) -> Demand:
    """Return what the households lack after government and insurance, by county and category."""
    codes = lists.CATEGORIES.by_key
    total: Demand = Counter()
    for household in found:
        for item in household.items:
            covered = int(str(item.get("item_government") or 0)) + int(str(item.get("item_insurance") or 0))
            key = (str(household.case["region"]), codes[str(item["item_category"])])
            total[key] += int(str(item["item_required"])) - covered
    return total


def funds(chance: Random, found: list[Organisation], demand: Demand) -> list[Cells]:
    """Return the funds; their opening balances come to `MONEY_SHARE` of the money that is lacking."""
    kinds = ["charity"] * _CHARITY + ["named"] * _NAMED + ["special"] * _SPECIAL + ["revolving"] * _REVOLVING
    rows = [_fund(chance, found, kind, serial) for serial, kind in enumerate(kinds)]
    weights = [_weight(chance, str(row["kind"])) for row in rows]
    lacking = sum(amount for key, amount in demand.items() if _kind(key[1]) is ItemKind.CASH)
    for row, weight in zip(rows, weights, strict=True):
        opening = max(8000, round(lacking * MONEY_SHARE * weight / sum(weights) / 1000) * 1000)
        row["opening_fen"] = opening
        if row["reserve_fen"]:
            row["reserve_fen"] = round(opening * 0.05 / 100) * 100
    return rows


def offers(chance: Random, found: list[Organisation], demand: Demand) -> list[Cells]:
    """Return the services on offer, by agency and category."""
    rows = []
    for (county, category), lacking in sorted(demand.items()):
        if _kind(category) is ItemKind.SERVICE:
            total = max(1, round(lacking * chance.uniform(0.4, 2 * SUPPLY_SHARE - 0.4)))
            rows.append(_offer(chance, found, county, category, total))
    return rows


def lots(chance: Random, found: list[Organisation], demand: Demand) -> list[Cells]:
    """Return the goods at the stations; each category of a county is split over its stations."""
    rows = []
    for (county, category), lacking in sorted(demand.items()):
        if _kind(category) is not ItemKind.GOODS:
            continue
        stations = [o for o in of_kind(found, "goods_station") if o.region == county]
        holders = chance.sample(stations, min(len(stations), chance.choice((2, 2, 3))))
        share = lacking * chance.uniform(0.45, 2 * SUPPLY_SHARE - 0.45) / len(holders)
        rows += [_lot(chance, station, county, category, max(1, round(share))) for station in holders]
    return rows


def pairings(found: list[Organisation]) -> list[Cells]:
    """Return the pairings of the partner city and two of its enterprises."""
    office, union, machines, textiles = of_kind(found, "partner")
    return [
        _pairing(office, ("990100",), 800000, 120, "过冬物资", "医疗专家巡诊"),
        _pairing(union, ("990121", "990123"), 200000, 0, "学习用品", "课业辅导志愿者"),
        _pairing(machines, ("990122",), 150000, 60, "", "技能培训"),
        _pairing(textiles, ("990123",), 100000, 80, "棉衣棉被", ""),
    ]


def _kind(category: str) -> ItemKind:
    return CATEGORY_KINDS[ItemCategory(category)]


def _fund(chance: Random, found: list[Organisation], kind: str, serial: int) -> Cells:
    charities, enterprises = of_kind(found, "charity"), of_kind(found, "enterprise")
    holder = charities[serial % len(charities)]
    purpose = pick(chance, {"medical": 58, "living": 15, "schooling": 14, "housing": 7, "rehabilitation": 6})
    row: Cells = {
        "organisation": holder.name,
        "kind": FUND_KINDS.labels[kind],
        "categories": _labels(lists.CATEGORIES.labels, _categories(chance, purpose)),
        "regions": "、".join(_area(chance, holder)),
        "starts_on": STARTS_ON,
        "purpose": _PURPOSES[purpose],
        "government_first": "是" if chance.random() < 0.35 else None,
        "reserve_fen": 1 if chance.random() < 0.3 else None,
    }
    if kind == "named":
        sponsor = enterprises[serial % len(enterprises)]
        row["named_for"] = sponsor.name
        row["name"] = f"{sponsor.name.split('有限')[0]}冠名帮扶金 {serial + 1:02d}（虚构）"
    else:
        word = {"charity": "救急难慈善金", "special": "专项救助资金", "revolving": "紧急救助周转金"}[kind]
        row["name"] = f"{word} {serial + 1:02d}（虚构）"
    row.update(_restrictions(chance, kind, purpose))
    return row


def _restrictions(chance: Random, kind: str, purpose: str) -> Cells:
    row: Cells = {}
    if kind == "revolving":
        row["tiers"] = "特急救助"
    elif chance.random() < 0.25:
        row["tiers"] = chance.choice(("联合救助、特急救助", "部门救助、联合救助", "联合救助"))
    if chance.random() < 0.25:
        groups = {"medical": "severe_illness", "schooling": "student", "rehabilitation": "disabled"}
        row["groups"] = _labels(lists.GROUPS.labels, [groups.get(purpose, "elder")])
    if chance.random() < 0.75:
        row["per_case_cap_fen"] = chance.choice((3000, 5000, 8000, 10000, 20000, 30000))
    if chance.random() < 0.35:
        row["share_cap_permille"] = chance.choice((300, 500, 600, 800))
    if chance.random() < 0.4:
        row["minimum_grant_fen"] = chance.choice((200, 500, 1000))
    if chance.random() < 0.3:
        row["per_household_cap_fen"] = chance.choice((10000, 20000, 40000))
        row["household_period_days"] = 365
    if kind in ("special", "charity"):
        row["second_approval_above_fen"] = 20000
    return row


def _categories(chance: Random, purpose: str) -> list[str]:
    if chance.random() < 0.2:
        return []
    extra = {"medical": ["rehabilitation"], "living": ["utilities", "funeral"], "housing": ["living"]}
    return [purpose, *(extra.get(purpose, []) if chance.random() < 0.6 else [])]


def _area(chance: Random, holder: Organisation) -> list[str]:
    if holder.region in COUNTIES:
        return [holder.region]
    draw = chance.random()
    if draw < 0.3:
        return []
    return ["990100"] if draw < 0.65 else sorted(chance.sample(list(COUNTIES), chance.choice((1, 1, 2))))


def _weight(chance: Random, kind_label: str) -> float:
    scale = {"慈善基金": 5.0, "企业冠名基金": 1.0, "专项资金": 6.0, "周转金": 3.0}[kind_label]
    return scale * chance.lognormvariate(0, 0.5)


def _offer(chance: Random, found: list[Organisation], county: str, category: str, total: int) -> Cells:
    agencies = [o for o in of_kind(found, "social_work_agency") if o.region in (county, "990100")]
    agency = chance.choice(agencies)
    label = lists.CATEGORIES.labels[category]
    return {
        "name": f"{COUNTIES[county]}{label}",
        "organisation": agency.name,
        "category": label,
        "unit": "次",
        "weekly_capacity": max(1, total // 8),
        "total": total,
        "regions": county,
        "groups": _labels(lists.GROUPS.labels, ["elder"]) if chance.random() < 0.1 else None,
        "languages": chance.choice(("普通话", "普通话、当地方言")),
        "hours": chance.choice(("工作日 9:00–17:00", "每天 9:00–20:00", "周末")),
        "starts_on": STARTS_ON,
    }


def _lot(chance: Random, station: Organisation, county: str, category: str, total: int) -> Cells:
    label = lists.CATEGORIES.labels[category]
    return {
        "name": f"{label}（{chance.choice(('企业捐赠', '居民捐赠', '慈善会采购'))}）",
        "organisation": station.name,
        "category": label,
        "unit": _GOODS_UNITS[category],
        "total": total,
        "expires_on": date(2031, 12, 31) if category in _PERISHABLE else None,
        "regions": county,
        "delivers": chance.choice(("是", "否")),
    }


def _pairing(
    partner: Organisation, area: tuple[str, ...], pledged: int, jobs: int, goods: str, services: str
) -> Cells:
    return {
        "organisation": partner.name,
        "regions": "、".join(area),
        "starts_on": STARTS_ON,
        "pledged_fen": pledged,
        "jobs": jobs,
        "goods": goods,
        "services": services,
    }


def _labels(labels: Mapping[str, str], codes: Iterable[str]) -> str | None:
    return "、".join(labels[code] for code in codes) or None
