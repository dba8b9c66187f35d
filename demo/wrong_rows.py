"""Twenty-five rows that are wrong in twenty-five ways: each from a good household, one thing spoilt."""

from collections.abc import Callable, Mapping
from random import Random

from demo.households import Cells, Household
from jiujinan.tabular.numbers import check_character
from jiujinan.tabular.writing import Formula

Spoil = Callable[[Cells], None]


def _set(column: str, value: object) -> Spoil:
    def spoil(case: Cells) -> None:
        case[column] = value

    return spoil


def _number(change: Callable[[str], str]) -> Spoil:
    def spoil(case: Cells) -> None:
        case["id_number"] = change(str(case["id_number"]))

    return spoil


def _impossible_birthday(number: str) -> str:
    digits = number[:10] + "0230" + number[14:17]
    return digits + check_character(digits)


def _other_check(number: str) -> str:
    return number[:17] + ("1" if number[17] == "0" else "0")


# By the code that the reader gives for it.
SPOILT_CASES: Mapping[str, Spoil] = {
    "id_scientific": _number(lambda number: "9.90121E+17"),
    "id_15_digits": _number(lambda number: number[:6] + number[8:17]),
    "id_check_digit": _number(_other_check),
    "id_birth_date": _number(_impossible_birthday),
    "id_format": _number(lambda number: number[:16]),
    "date_impossible": _set("applied_on", "2026-02-30"),
    "date_format": _set("applied_on", "去年年底"),
    "date_future": _set("applied_on", "2099-01-01"),
    "abolished_region": _set("region", "371202"),
    "unknown_region": _set("region", "990199"),
    "coarse_region": _set("region", "990100"),
    "unknown_code": _set("cause", "运气不好"),
    "required": _set("name", None),
    "negative": _set("monthly_income_fen", -1200),
    "not_number": _set("monthly_income_fen", "一千二左右"),
    "too_small": _set("size", 0),
    "phone": _set("phone", "1001234"),
    "account": _set("account", "9.90012E+18"),
    "formula": _set("medical_expense_fen", Formula("=12000+8000")),
}
# These need another row beside them, or the sheet of items.
BESIDE_ANOTHER = ("duplicate_case_number", "id_of_another")
MERGED = "merged"
SPOILT_ITEMS: Mapping[str, Cells] = {
    "covered_past_need": {"item_category": "医疗费用", "item_required": 5000, "item_government": 6000},
    "kind_mismatch": {"item_kind": "物资", "item_category": "心理疏导", "item_required": 3},
    "unknown_case": {"item_category": "食品", "item_required": 2},
}
ALL_CODES = frozenset({*SPOILT_CASES, *BESIDE_ANOTHER, MERGED, *SPOILT_ITEMS})


def spoil_cases(chance: Random, spare: list[Household], good: list[Household]) -> list[Household]:
    """Return one spoilt household for each code of the case sheet; merging is left to the writer."""
    wrong = []
    for spoil in SPOILT_CASES.values():
        household = spare.pop()
        spoil(household.case)
        wrong.append(household)
    same_number, same_person = spare.pop(), spare.pop()
    first, second = chance.sample(good, 2)
    same_number.case["number"] = first.case["number"]
    same_number.items = []
    same_number.members = []
    same_person.case["id_number"] = second.case["id_number"]
    return [*wrong, same_number, same_person]


def spoilt_items(chance: Random, good: list[Household]) -> list[Cells]:
    """Return the wrong rows of the item sheet."""
    rows = []
    for code, cells in SPOILT_ITEMS.items():
        number = chance.choice(good).case["number"] if code != "unknown_case" else "990121-2025-9999"
        rows.append({"number": number, **cells})
    return rows
