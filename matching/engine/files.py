"""Instances and solutions as CSV, so that anyone can bring their own.

`needs.csv`: id, gap_fen; optional region, category, tier, groups, priority, government_done, household,
required_fen. `funds.csv`: id, available_fen; optional regions (codes with `|` between them, empty for anywhere),
categories, tiers, groups, government_first, minimum_grant_fen, per_case_cap_fen, share_cap_permille,
per_household_cap_fen, opens_on, expires_on. Optional `promises.csv`: need_id, household, fund_id, amount_fen. Whole
numbers, an empty cell is 0; ids may be any int64. What the columns mean stands in docs/matching.md and `model`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from matching.engine.codes import Outcome, Rule
from matching.engine.columns import InstanceError, Int64
from matching.engine.csv_columns import Sheet, read_sheet
from matching.engine.model import CashInstance, CashNeeds, Funds, Promises
from matching.engine.solution import CashSolution

REGION_DIGITS = 6


def _is_code(text: str) -> bool:
    return len(text) == REGION_DIGITS and text.isascii() and text.isdecimal()


def _region_lists(sheet: Sheet) -> list[list[int]]:
    """Return the codes of each fund."""
    lists = []
    for row, text in enumerate(sheet.texts.get("regions", [""] * len(sheet.lines))):
        codes = [code.strip() for code in text.split("|") if code.strip()]
        if not all(code == "0" or _is_code(code) for code in codes):
            raise sheet.fault(row, "regions", "six-digit codes with | between them are wanted")
        lists.append([int(code) for code in codes])
    return lists


def _columns(sheet: Sheet, *, unique: bool = True) -> dict[str, Int64]:
    numbers = {name: sheet.numbers(name) for name in sheet.texts if name != "regions"}
    if unique:
        sheet.check_unique("id")
    return numbers


def read_instance(folder: Path, *, today: int = 0) -> CashInstance:
    """Return the instance in a folder. Raises InstanceError, or OSError if a file is missing."""
    need_names = set(CashNeeds.__dataclass_fields__) - {"id", "gap_fen"}
    needs = _columns(read_sheet(folder / "needs.csv", {"id", "gap_fen"}, need_names))
    fund_names = set(Funds.__dataclass_fields__) - {"id", "available_fen", "region_offsets", "region_codes"}
    sheet = read_sheet(folder / "funds.csv", {"id", "available_fen"}, fund_names | {"regions"})
    lists, funds = _region_lists(sheet), _columns(sheet)
    promised: dict[str, Int64] = {}
    if (folder / "promises.csv").exists():
        names = set(Promises.__dataclass_fields__)
        promised = _columns(read_sheet(folder / "promises.csv", names, set()), unique=False)
    with _naming("needs.csv"):
        demand = CashNeeds.of(ids=needs.pop("id"), gap_fen=needs.pop("gap_fen"), **needs)
    with _naming("funds.csv"):
        supply = Funds.of(
            ids=funds.pop("id"), available_fen=funds.pop("available_fen"), regions=lists, **funds
        )
    with _naming("promises.csv"):
        promises = Promises(**promised)
    return CashInstance(demand, supply, promises, today)


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Put the file's name before what is wrong with its columns as a whole."""
    try:
        yield
    except InstanceError as error:
        raise InstanceError(f"{file}: {error}") from None


def _write(path: Path, header: list[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)


def _rules(bits: Int64) -> list[str]:
    names = {value: "|".join(rule.name or "" for rule in Rule(value)) for value in np.unique(bits).tolist()}
    return [names[value] for value in bits.tolist()]


def _ids(ids: Int64, positions: Int64) -> list[object]:
    known = ids.tolist()
    return [known[position] if position >= 0 else "" for position in positions.tolist()]


def write_solution(
    folder: Path, instance: CashInstance, solution: CashSolution, summary: dict[str, object]
) -> None:
    """Write allocation.csv, needs.csv, funds.csv (reasons of both sides) and summary.json."""
    folder.mkdir(parents=True, exist_ok=True)
    need_ids, fund_ids = instance.needs.id, instance.funds.id
    _write(
        folder / "allocation.csv",
        ["need_id", "fund_id", "amount_fen", "rank", "competitors", "price_need_id"],
        zip(
            need_ids[solution.need_index].tolist(),
            fund_ids[solution.fund_index].tolist(),
            solution.amount_fen.tolist(),
            solution.rank.tolist(),
            solution.competitors.tolist(),
            _ids(need_ids, solution.price_need),
            strict=True,
        ),
    )
    needs, funds = solution.needs, solution.funds
    _write(
        folder / "needs.csv",
        ["id", "covered_fen", "rank", "outcome", "shortfall", "eligible_funds", "nearest_fund_id", "failed_rules",
         "change_rule", "change_value", "exhausted_tier", "exhausted_priority"],
        zip(
            need_ids.tolist(), solution.covered_fen.tolist(), solution.need_rank.tolist(),
            [Outcome(code).name for code in needs.outcome.tolist()],
            [Outcome(code).name for code in needs.shortfall.tolist()],
            needs.eligible_funds.tolist(), _ids(fund_ids, needs.nearest_fund), _rules(needs.failed_rules),
            _rules(needs.change_rule), needs.change_value.tolist(), needs.exhausted_tier.tolist(),
            needs.exhausted_priority.tolist(), strict=True,
        ),
    )  # fmt: skip
    _write(
        folder / "funds.csv",
        ["id", "spent_fen", "outcome", "eligible_needs", "nearest_need_id", "failed_rules", "change_rule",
         "change_value", "price_need_id", "last_served_need_id", "price_level"],
        zip(
            fund_ids.tolist(), solution.spent_fen.tolist(), [Outcome(code).name for code in funds.outcome.tolist()],
            funds.eligible_needs.tolist(), _ids(need_ids, funds.nearest_need), _rules(funds.failed_rules),
            _rules(funds.change_rule), funds.change_value.tolist(), _ids(need_ids, funds.price_need),
            _ids(need_ids, funds.last_served_need), solution.price_level.tolist(), strict=True,
        ),
    )  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
