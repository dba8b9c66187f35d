"""What a code says by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.regions import rules
from jiujinan.regions.rules import Level

codes = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)


@pytest.mark.parametrize(
    ("code", "level", "prefix", "parent"),
    [
        ("370000", Level.PROVINCE, "37", None),
        ("370100", Level.PREFECTURE, "3701", "370000"),
        ("370116", Level.COUNTY, "370116", "370100"),
        ("110101", Level.COUNTY, "110101", "110000"),
        ("500229", Level.COUNTY, "500229", "500000"),
        ("419001", Level.COUNTY, "419001", "410000"),
        ("990121", Level.COUNTY, "990121", "990100"),
    ],
)
def test_a_code_tells_its_level_its_prefix_and_what_stands_above_it(
    code: str, level: Level, prefix: str, parent: str | None
) -> None:
    assert (rules.level(code), rules.prefix(code), rules.parent_code(code)) == (
        level,
        prefix,
        parent,
    )


@pytest.mark.parametrize("text", ["", "37", "37010a", "０１２３４５", "3701011", "001100"])
def test_another_text_is_refused(text: str) -> None:
    assert not rules.is_well_formed(text)
    with pytest.raises(ValueError, match="six-digit"):
        rules.level(text)


@given(codes)
def test_every_division_lies_within_itself_and_its_parent(code: str) -> None:
    parent = rules.parent_code(code)
    assert rules.is_within(code, code)
    assert parent is None or rules.is_within(code, parent)


@given(codes, codes)
def test_two_divisions_that_contain_each_other_are_one(left: str, right: str) -> None:
    if rules.is_within(left, right) and rules.is_within(right, left):
        assert left == right
