"""
Makes the demonstration's files: `python -m demo.generate` from the root of the checkout.

Everything in them is invented, from one fixed seed; the files come out the same byte for byte on the
same libraries, and the same cell for cell anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from demo import organisations, supplies
from demo.households import Cells, Household, households
from demo.people import Registry
from demo.wrong_rows import spoil_cases, spoilt_items
from donors.intake import schema as resources_schema
from donors.intake.lists import ORGANISATION_KINDS
from jiujinan.tabular import lists
from jiujinan.tabular.schema import Sheet
from jiujinan.tabular.writing import Page, codes_of, guide_of, list_ranges, page_of, workbook_bytes
from needs.intake import schema as case_schema

HERE = Path(__file__).resolve().parent
SEED = 20260302
GOOD, SPARE, DUPLICATES = 640, 22, 12
GENERATED = "本文件由 demo/generate.py 生成，人物、组织、区划、号码、金额均为虚构，仅供演示。"
NO_MERGES: Mapping[str, tuple[str, ...]] = {}
_REMARKS = (
    "红底表头为必填列。列的顺序不限，可以删去不用的非必填列，也可以另加自用的列。",
    "身份证号、电话、银行账号、代码类单元格请设为“文本”格式。请勿合并单元格，请勿使用公式。",
    "“代码表”列出的代码、名称和其他写法都可以填写。日期写作 2026-01-05；金额单位为元，最多两位小数。",
)


def build() -> dict[str, bytes]:
    """Return the four workbooks by file name."""
    chance = Random(SEED)
    registry = Registry(chance)
    found = households(chance, registry, GOOD + SPARE)
    good, spare = found[:GOOD], found[GOOD:]
    demand = supplies.demand_of(good)
    return {
        "case-records.xlsx": _case_records(chance, registry, good, spare),
        "case-records-template.xlsx": _book(case_schema.SHEETS, {}, (), "救急难案卷模板"),
        "resources.xlsx": _resources(Random(SEED + 1), demand),
        "resources-template.xlsx": _book(resources_schema.SHEETS, {}, (), "救急难资源模板"),
    }


def _case_records(chance: Random, registry: Registry, good: list[Household], spare: list[Household]) -> bytes:
    unreadable = spare.pop()  # its name and number end up in merged cells
    *wrong, same_number, same_person = spoil_cases(chance, spare, good)
    order = list(good)
    for household in (*wrong, unreadable):
        order.insert(chance.randint(20, len(order)), household)
    for first in chance.sample(good[: GOOD // 2], DUPLICATES):
        order.insert(chance.randint(GOOD * 3 // 4, len(order)), _again(chance, registry, first))
    order += [same_number, same_person]  # behind the good rows that they repeat
    rows = {
        "cases": [household.case for household in order],
        "members": [row for household in order for row in household.members],
        "items": [row for household in order for row in household.items],
    }
    for row in spoilt_items(chance, good):
        rows["items"].insert(chance.randint(0, len(rows["items"])), row)
    place = order.index(unreadable) + 2
    left, right = _letter(case_schema.CASES, "name"), _letter(case_schema.CASES, "id_number")
    merged = {"cases": (f"{left}{place}:{right}{place}",)}
    return _book(case_schema.SHEETS, rows, (GENERATED,), "救急难案卷（演示）", merged)


def _again(chance: Random, registry: Registry, first: Household) -> Household:
    """Return a second case of the same person, as another source tells it."""
    case = dict(first.case)
    case["number"] = str(case["number"]).replace("-2026-", "-2026-Y")
    case["source"] = lists.SOURCES.labels[chance.choice(("hospital", "disabled_federation", "trade_union"))]
    case["phone"] = registry.phone()
    return Household(case, [], [{**item, "number": case["number"]} for item in first.items])


def _resources(chance: Random, demand: supplies.Demand) -> bytes:
    found = organisations.organisations()
    rows: dict[str, list[Cells]] = {
        "organisations": [
            {
                "name": one.name,
                "kind": ORGANISATION_KINDS.labels[one.kind],
                "credit_code": one.credit_code,
                "region": one.region,
                "description": "演示用虚构组织",
            }
            for one in found
        ],
        "funds": supplies.funds(chance, found, demand),
        "offers": supplies.offers(chance, found, demand),
        "lots": supplies.lots(chance, found, demand),
        "pairings": supplies.pairings(found),
    }
    return _book(resources_schema.SHEETS, rows, (GENERATED,), "救急难资源（演示）")


def _book(
    sheets: Sequence[Sheet],
    rows: dict[str, list[Cells]],
    remarks: Iterable[str],
    title: str,
    merged: Mapping[str, tuple[str, ...]] = NO_MERGES,
) -> bytes:
    pages: list[Page] = [
        page_of(
            sheet,
            _in_order(sheet, rows.get(sheet.name, [])),
            merged=merged.get(sheet.name, ()),
            lists=None if rows else list_ranges(sheets),
        )
        for sheet in sheets
    ]
    guide = guide_of(sheets, (*remarks, *_REMARKS))
    return workbook_bytes([*pages, codes_of(sheets), guide], title=title)


def _in_order(sheet: Sheet, rows: list[Cells]) -> list[list[object]]:
    return [[row.get(column.name) for column in sheet.columns] for row in rows]


def _letter(sheet: Sheet, name: str) -> str:
    index = [column.name for column in sheet.columns].index(name)
    return chr(ord("A") + index)


def main() -> None:
    """Write the workbooks beside this script and say how large they are."""
    for name, content in build().items():
        (HERE / name).write_bytes(content)
        print(f"demo/{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
