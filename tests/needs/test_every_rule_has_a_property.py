"""Every pure rule of demand and clocks is tested by properties, or over all there is: nobody adds one without."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = [
    "needs/rules.py",
    "needs/states.py",
    "needs/aid/rules.py",
    "needs/assessment/approval.py",
    "needs/assessment/circle.py",
    "needs/assessment/comparing.py",
    "needs/assessment/score.py",
    "needs/assessment/score_table.py",
    "needs/assessment/standards.py",
    "needs/discovery/complaint_states.py",
    "needs/discovery/numbers.py",
    "needs/discovery/rules.py",
    "needs/discovery/states.py",
    "needs/discovery/statistics.py",
    "needs/discovery/watch_rules.py",
    "needs/intake/checks.py",
    "needs/intake/similarity.py",
    "needs/reporting/periods.py",
    "needs/reporting/rolling_up.py",
    "needs/reporting/scorecard.py",
    "platform/jiujinan/clocks/rules.py",
    "platform/jiujinan/regions/dated.py",
    "platform/jiujinan/regions/rules.py",
]
# Small enough to be walked whole: each state with each act, each situation.
WALKED = {"needs/discovery/complaint_states.py", "needs/discovery/states.py", "needs/discovery/rules.py"}
OTHERS = {"needs/guards/rules.py"}  # triggers of the database; attacked one by one in test_guards.py


def written() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]


@pytest.mark.parametrize("rule", RULES)
def test_it_is_tested_by_properties(rule: str) -> None:
    module = rule.removeprefix("platform/").removesuffix(".py").replace("/", ".")
    how = "parametrize" if rule in WALKED else "@given"
    walks = "check(" if rule in WALKED else how
    assert any(f"from {module} import" in text and (how in text or walks in text) for text in written())


def test_the_list_holds_every_file_of_rules() -> None:
    found = {
        str(path.relative_to(ROOT))
        for room in ("needs", "platform/jiujinan/clocks")
        for path in (ROOT / room).rglob("*.py")
        if path.name == "rules.py"
        or path.name.endswith(("_rules.py", "states.py"))
        or (path.parent.name == "assessment" and path.name != "__init__.py")
    }
    local = {
        "needs/models/local_rules.py",
        "needs/services/local_rules.py",
    }  # rows and their writing, no decision
    assert found - local - OTHERS <= set(RULES)
