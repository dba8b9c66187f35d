"""Any valid table scores within 0–100 and adds up; any other says what is wrong; comparing counts every case."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.clocks.rules import LEVELS, Level
from jiujinan.codes import Cause, Group, ReliefCircle, Tier
from needs.assessment.approval import Approval, may_approve, required_level
from needs.assessment.comparing import Change, bin_of, compare
from needs.assessment.score import Facts, score
from needs.assessment.score_table import (
    CHOICES,
    INDICATOR_LABELS,
    THRESHOLDS,
    TableWrong,
    parse_table,
    shipped_table,
)
from tests.town import NOW

SHARE = st.integers(0, 1000)
FEN = st.integers(0, 10**11)
FACTS = st.builds(
    Facts,
    circle=st.sampled_from(ReliefCircle),
    tier=st.sampled_from(Tier),
    groups=st.frozensets(st.sampled_from([str(group) for group in Group])),
    yearly_income_fen=FEN,
    expenses_fen=FEN,
    cause=st.sampled_from([str(cause) for cause in Cause]),
    size=st.integers(1, 30),
    standard_fen=st.integers(1, 10**7),
    unmet_permille=SHARE,
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, dict[str, object]]:
    names = draw(st.lists(st.sampled_from(list(INDICATOR_LABELS)), min_size=1, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(names) - 1, max_size=len(names) - 1)))
    points = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    found: dict[str, dict[str, object]] = {}
    for name, share in zip(names, points, strict=True):
        line: dict[str, object] = {"points": share}
        if name in CHOICES:
            line["values"] = {str(code): draw(SHARE) for code in sorted(CHOICES[name])}
        elif name == "vulnerable":
            line |= {"each": draw(st.integers(1, 1000)), "groups": ["child", "elder"]}
        else:
            line[THRESHOLDS[name]] = draw(st.integers(1, 10**6))
        found[name] = line
    return found


@given(tables(), FACTS)
def test_every_valid_table_scores_0_to_100_and_its_parts_add_up(
    table: dict[str, dict[str, object]], facts: Facts
) -> None:
    parsed = parse_table(json.loads(json.dumps(table)))
    found = score(facts, parsed)
    assert 0 <= found.total <= 100
    assert sum(found.parts.values()) == found.total
    assert all(0 <= found.parts[name] <= line["points"] for name, line in table.items())  # type: ignore[operator]


@given(tables(), FACTS, st.integers(0, 1000))
def test_help_never_raises_a_score(table: dict[str, dict[str, object]], facts: Facts, less: int) -> None:
    parsed = parse_table(table)
    helped = replace(facts, unmet_permille=max(0, facts.unmet_permille - less))
    assert score(helped, parsed).total <= score(facts, parsed).total


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"urgency": None}, "wrong:urgency"),
        ({"weather": {"points": 0}}, "unknown:weather"),
        ({"burden": {"points": 29, "full_at": 2000}}, "points_not_100"),
        ({"burden": {"points": 30, "full_at": 0}}, "wrong:burden"),
        ({"burden": {"points": True, "full_at": 5}}, "wrong:burden"),
        ({"circle": {"points": 30, "values": {"basic": 1000}}}, "wrong:circle"),
        ({"vulnerable": {"points": 20, "each": 400, "groups": ["rich"]}}, "wrong:vulnerable"),
    ],
)
def test_a_table_that_is_no_score_says_what_is_wrong(change: dict[str, object], problem: str) -> None:
    with pytest.raises(TableWrong) as refusal:
        parse_table({**shipped_table(), **change})
    assert problem in refusal.value.problems


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=60))
def test_a_comparison_counts_every_case_once(pairs: list[tuple[int, int]]) -> None:
    changes = [Change(str(place), before, after) for place, (before, after) in enumerate(pairs)]
    found = compare(changes)
    assert found.cases == sum(found.before) == sum(found.after) == len(pairs)
    assert found.rises == sum(after > before for before, after in pairs)
    assert found.before[9] == sum(bin_of(before) == 9 for before, _ in pairs)
    steps = [one.by for one in found.risers]
    assert steps == sorted(steps, reverse=True)
    assert all(one.by < 0 for one in found.fallers)


ROWS = st.lists(
    st.builds(
        Approval,
        level=st.sampled_from(Level),
        tier=st.sampled_from(["", "critical", "joint"]),
        up_to_fen=st.none() | st.integers(0, 10**6),
        place=st.sampled_from(["", "990000", "990100", "990121", "370000"]),
        valid_from=st.just(NOW.date()),
    ),
    max_size=8,
)


@given(ROWS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_money_never_needs_a_lower_level(rows: list[Approval], few: int, more: int) -> None:
    def needed(amount: int) -> int:
        found = required_level(rows, region="990121", tier="joint", amount_fen=amount, on=NOW.date())
        assert may_approve(Level.PROVINCE, found)
        assert not may_approve(None, found)
        return LEVELS.index(found)

    assert needed(few) <= needed(few + more)


def test_a_region_without_a_table_lets_any_level_verify() -> None:
    assert required_level([], region="990121", tier="joint", amount_fen=10**12, on=NOW.date()) == "township"
