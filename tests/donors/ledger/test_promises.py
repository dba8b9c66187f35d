"""docs/ledger.md against what is there: every guard, constraint, function and rule that it names."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from donors.ledger import guards
from tests.donors.ledger import test_killed as ledger_killed
from tests.donors.ledger.test_guards_removed import CONSTRAINTS
from tests.donors.ledger.test_stateful import Books
from tests.donors.test_payments_stateful import Payments
from tests.matching.services import test_killed as matching_killed
from tests.matching.services.test_stateful import Matching

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "ledger.md").read_text("utf-8")
MODELS = {"Books": Books, "Payments": Payments, "Matching": Matching}
GUARDS = {*guards.statements("sqlite"), *guards.statements("postgresql")}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table whose first heading is this."""
    lines = DOCUMENT.split(f"| {heading} |", 1)[1].split("\n")[2:]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines[: next(n for n, line in enumerate(lines) if not line.startswith("|"))]
    ]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def constraints() -> set[str]:
    named: set[str] = set()
    for model in apps.get_models():
        named |= {constraint.name for constraint in model._meta.constraints}
        unique = [field.name for field in model._meta.local_fields if field.unique]
        named |= {f"{model.__name__}.{name}" for name in unique}
    return named


PROMISES = rows("promise")


@pytest.mark.parametrize("row", PROMISES, ids=[row[0][:40] for row in PROMISES])
def test_a_promise_is_kept_where_the_document_says(row: list[str]) -> None:
    _, database, code, model = row
    assert set(names(database)) <= GUARDS | constraints()
    assert all(callable(import_string(name)) for name in names(code))
    assert names(code)
    assert names(model)
    for name in names(model):
        machine, _, rule = name.partition(".")
        assert hasattr(MODELS[machine], rule), name


def test_no_guard_and_no_constraint_of_the_ledger_is_missing_from_the_document() -> None:
    told = {name for row in PROMISES for name in names(row[1])}
    columns = {
        f"LedgerTransaction.{name.removesuffix('_id')}" for name in ("key", "counterpart_id", "reverses_id")
    }
    named = {name for name in CONSTRAINTS if "_is_" in name or len(name.split("_")) > 2}
    assert (GUARDS | columns | named) - told == set()


def points(*tables: dict[str, Any]) -> set[tuple[str, str]]:
    return {(act, point.name) for table in tables for act, found in table.items() for point in found}


def test_the_document_lists_the_points_of_death_that_are_tried() -> None:
    listed = {(row[0], point) for row in rows("act") for point in row[1].split("; ")}
    tried = points(ledger_killed.POINTS, matching_killed.POINTS)
    assert listed == tried
    assert len(tried) >= 15
