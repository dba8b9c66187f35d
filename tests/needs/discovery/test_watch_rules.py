"""Watch groups by rule."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needs.discovery
from jiujinan.codes import Group
from needs.discovery.watch_rules import Facts, WrongRule, belongs, check

facts = st.builds(
    Facts,
    region=st.sampled_from(["990121", "990122", "110101"]),
    size=st.integers(1, 6),
    ages=st.lists(st.integers(0, 110), max_size=6).map(tuple),
    groups=st.frozensets(st.sampled_from(list(Group)), max_size=4),
)
leaves = st.one_of(
    st.sampled_from(list(Group)).map(lambda code: {"group": code.value}),
    st.integers(0, 130).map(lambda years: {"somebody_from_age": years}),
    st.integers(1, 10).map(lambda people: {"size_up_to": people}),
    st.just({"region": "990100"}),
)
rules = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"all": some}),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"any": some}),
        parts.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=2),
)


@given(rules, facts)
def test_not_turns_a_rule_around(rule: dict[str, object], home: Facts) -> None:
    assert belongs({"not": rule}, home) is not belongs(rule, home)


@given(rules, rules, facts)
def test_all_and_any_are_what_they_say(one: dict[str, object], two: dict[str, object], home: Facts) -> None:
    assert belongs({"all": [one, two]}, home) is (belongs(one, home) and belongs(two, home))
    assert belongs({"any": [one, two]}, home) is (belongs(one, home) or belongs(two, home))


@given(junk, facts)
def test_a_rule_is_either_refused_with_its_place_or_can_be_applied(rule: object, home: Facts) -> None:
    assert _fate(rule, home) in {True, False, "rule"}


def _fate(rule: object, home: Facts) -> bool | str:
    try:
        check(rule)
    except WrongRule as wrong:
        return wrong.where[:4]
    return belongs(rule, home)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({}, "rule"),
        ({"all": []}, "rule.all"),
        ({"group": "dragon"}, "rule.group"),
        ({"any": [{"size_up_to": True}]}, "rule.any[0].size_up_to"),
        ({"region": "99"}, "rule.region"),
        ({"weather": "wet"}, "rule.weather"),
    ],
)
def test_a_wrong_rule_names_its_place(rule: object, where: str) -> None:
    with pytest.raises(WrongRule) as wrong:
        check(rule)
    assert wrong.value.where == where


def test_unknown_ages_prove_nothing() -> None:
    assert not belongs({"everybody_from_age": 60}, Facts(region="990121", size=2, ages=(80,)))
    assert belongs({"everybody_from_age": 60}, Facts(region="990121", size=2, ages=(80, 61)))


def test_the_groups_that_come_with_the_platform_can_be_read() -> None:
    path = Path(needs.discovery.__file__).parent / "data" / "watch_groups.json"
    groups = json.loads(path.read_text(encoding="utf-8"))["groups"]
    for group in groups:
        check(group["rule"])
    assert len(groups) == 9
