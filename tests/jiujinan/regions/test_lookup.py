"""Resolving codes and names against the table in memory."""

from datetime import date

import pytest

from jiujinan.regions import source
from jiujinan.regions.lookup import Abolished, Found, RegionLookup

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def lookup() -> RegionLookup:
    return RegionLookup.of(source.merge(source.read_package(), source.read_abolished()))


def test_the_package_has_every_province_and_every_row_a_parent() -> None:
    rows = source.read_package()
    codes = {row.code for row in rows}
    assert len([row for row in rows if row.parent is None]) == 34
    assert {"710000", "810000", "820000"} <= codes
    assert {row.parent for row in rows} - {None} <= codes
    assert len(codes) == len(rows) > 3000


def test_every_abolished_code_names_a_living_heir() -> None:
    living = {row.code for row in source.read_package()}
    abolished = source.read_abolished()
    known = living | {row.code for row in abolished}
    for row in abolished:
        assert row.code not in living
        assert row.replaced_by in living
        assert row.valid_to is not None
        assert row.parent in known


@pytest.mark.parametrize(
    ("code", "heir"),
    [
        ("110228", "密云区"), ("330183", "富阳区"), ("440402", None), ("510124", "郫都区"), ("522401", "七星关区"),
        ("142202", "原平市"), ("320602", "崇川区"), ("440107", "荔湾区"),
    ],
)  # fmt: skip
def test_codes_given_up_since_2000_are_known(lookup: RegionLookup, code: str, heir: str | None) -> None:
    found = lookup.resolve(code, on=TODAY)
    assert isinstance(found, Abolished if heir else Found)
    assert heir is None or (isinstance(found, Abolished) and found.replaced_by_name == heir)


@pytest.mark.parametrize(
    "text", ["370116", "370116001", "370116001201", "莱芜区", "济南市莱芜区", "山东省济南市莱芜区"]
)
def test_a_code_or_a_unique_name_is_found(lookup: RegionLookup, text: str) -> None:
    assert lookup.resolve(text, on=TODAY) == Found("370116", "莱芜区", is_leaf=True)


def test_a_name_that_several_divisions_bear_is_not_guessed(lookup: RegionLookup) -> None:
    assert lookup.resolve("长安区", on=TODAY) is None
    assert lookup.resolve("西安市长安区", on=TODAY) == Found("610116", "长安区", is_leaf=True)


def test_an_abolished_code_names_its_heir_from_the_day_on(lookup: RegionLookup) -> None:
    assert lookup.resolve("371202", on=date(2018, 12, 26)) == Abolished(
        "371202", "莱城区", date(2018, 12, 26), "370116", "莱芜区"
    )
    assert lookup.resolve("371202", on=date(2018, 12, 25)) == Found("371202", "莱城区", True)


def test_a_prefecture_with_counties_is_no_leaf_and_one_without_is(lookup: RegionLookup) -> None:
    assert lookup.resolve("370100", on=TODAY) == Found("370100", "济南市", is_leaf=False)
    assert lookup.resolve("441900", on=TODAY) == Found("441900", "东莞市", is_leaf=True)


@pytest.mark.parametrize("text", ["", "999999", "37", "无此县"])
def test_what_no_row_names_is_nothing(lookup: RegionLookup, text: str) -> None:
    assert lookup.resolve(text, on=TODAY) is None
