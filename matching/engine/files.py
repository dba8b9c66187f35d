"""Instances and solutions as CSV, so that anyone can bring their own.

`needs.csv`: id, gap_fen; optional region, category, tier, groups, priority, government_done, household,
required_fen. `funds.csv`: id, available_fen; optional regions (codes with `|` between them, empty for anywhere),
categories, tiers, groups, government_first, minimum_grant_fen, per_case_cap_fen, share_cap_permille,
per_household_cap_fen, opens_on, expires_on. Whole numbers; the meaning of each is in `model`. Optional
`promises.csv`: need_id, household, fund_id, amount_fen.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from matching.engine.codes import Outcome, Rule
from matching.engine.columns import InstanceError, Int64
from matching.engine.model import CashInstance, CashNeeds, Funds, Promises
from matching.engine.solution import CashSolution


def _read(path: Path, required: set[str], allowed: set[str]) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        names = set(reader.fieldnames or ())
        if required - names:
            raise InstanceError(f"{path.name} lacks the columns {sorted(required - names)}")
        if names - allowed - required:
            raise InstanceError(f"{path.name} has unknown columns {sorted(names - allowed - required)}")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise InstanceError(
                    f"{path.name}, line {reader.line_num}: as many values as columns are wanted"
                )
            rows.append(row)
    return {name: [row[name] or "" for row in rows] for name in names}


def _numbers(columns: dict[str, list[str]], file: str) -> dict[str, Int64]:
    numbers = {}
    for name, values in columns.items():
        try:
            numbers[name] = np.array([int(value or 0) for value in values], dtype=np.int64)
        except (ValueError, OverflowError) as error:
            raise InstanceError(f"{file}: column {name} wants whole numbers of at most 18 digits") from error
    return numbers


def _region_list(text: str, line: int) -> list[int]:
    """Return the codes of one fund."""
    codes = [code.strip() for code in text.split("|") if code.strip()]
    if not all(code.isdecimal() for code in codes):
        raise InstanceError(f"funds.csv, line {line}: regions want six-digit codes with | between them")
    return [int(code) for code in codes]


def read_instance(folder: Path, *, today: int = 0) -> CashInstance:
    """Return the instance in a folder. Raises InstanceError, or OSError if a file is missing."""
    need_names = set(CashNeeds.__dataclass_fields__) - {"id", "gap_fen"}
    needs = _numbers(_read(folder / "needs.csv", {"id", "gap_fen"}, need_names), "needs.csv")
    fund_names = set(Funds.__dataclass_fields__) - {"id", "available_fen", "region_offsets", "region_codes"}
    columns = _read(folder / "funds.csv", {"id", "available_fen"}, fund_names | {"regions"})
    regions = columns.pop("regions", [""] * len(columns["id"]))
    lists = [_region_list(text, line) for line, text in enumerate(regions, start=2)]
    funds = _numbers(columns, "funds.csv")
    promises = Promises()
    if (folder / "promises.csv").exists():
        names = set(Promises.__dataclass_fields__)
        promises = Promises(**_numbers(_read(folder / "promises.csv", names, names), "promises.csv"))
    return CashInstance(
        CashNeeds.of(ids=needs.pop("id"), gap_fen=needs.pop("gap_fen"), **needs),
        Funds.of(ids=funds.pop("id"), available_fen=funds.pop("available_fen"), regions=lists, **funds),
        promises,
        today,
    )


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
