"""What only several cells together can tell: an item's amounts, a member's age, a case's dates."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import CATEGORY_KINDS, ItemCategory
from jiujinan.tabular.numbers import birth_date, check_character
from jiujinan.tabular.outcome import Row
from needs.intake.checks import MisfitError, age_misfits, case_misfits, holds_item, item_of, member_of
from needs.intake.lists import UNIT_OF_KIND
from tests.needs.intake.casefiles import TODAY

CATEGORIES = st.sampled_from([str(category) for category in ItemCategory])
AMOUNTS = st.none() | st.decimals(0, 10**8, places=2, allow_nan=False)
Result = TypeVar("Result")
DAYS = st.dates(date(1890, 1, 1), date(2030, 12, 31))
COLUMNS = (
    "item_kind",
    "item_category",
    "item_unit",
    "item_required",
    "item_government",
    "item_insurance",
    "item_note",
)


def item_cells(category: str, required: Any, government: Any, insurance: Any) -> dict[str, Any]:
    cells = dict.fromkeys(COLUMNS) | {"item_category": category, "item_required": required}
    return cells | {"item_government": government, "item_insurance": insurance}


def tried(do: Callable[[], Result]) -> Result | MisfitError:
    """Return what came of it, or the refusal."""
    try:
        return do()
    except MisfitError as misfit:
        return misfit


def person(born: date, serial: int) -> str:
    digits = f"990121{born:%Y%m%d}{serial:03d}"
    return digits + check_character(digits)


@given(CATEGORIES, AMOUNTS, AMOUNTS, AMOUNTS)
def test_an_item_is_whole_units_that_lack_nothing_negative_or_says_which_cell_is_wrong(
    category: str, required: Any, government: Any, insurance: Any
) -> None:
    cells = item_cells(category, required, government, insurance)
    kind = CATEGORY_KINDS[ItemCategory(category)].value
    scale = 100 if kind == "cash" else 1
    item = tried(lambda: item_of(Row("items", "需求事项", 2, cells)))
    if isinstance(item, MisfitError):
        assert item.column in {"item_required", "item_government", "item_insurance"}
        return
    assert (item.kind, item.unit) == (kind, UNIT_OF_KIND[kind])
    assert item.lacking >= 0 < item.required
    said = [Decimal(amount or 0) * scale for amount in (required, government, insurance)]
    assert [item.required, item.government, item.insurance] == said


@given(
    CATEGORIES, st.sampled_from(["cash", "goods", "service"]), st.sampled_from(["fen", "piece", "session"])
)
def test_kind_and_unit_agree_with_the_category_or_are_refused(category: str, kind: str, unit: str) -> None:
    cells = item_cells(category, Decimal(1), None, None) | {"item_kind": kind, "item_unit": unit}
    own = CATEGORY_KINDS[ItemCategory(category)].value
    if kind == own and unit == UNIT_OF_KIND[own]:
        assert item_of(Row("items", "需求事项", 2, cells)).kind == own
        return
    with pytest.raises(MisfitError) as refused:
        item_of(Row("items", "需求事项", 2, cells))
    assert refused.value.code == ("kind_mismatch" if kind != own else "unit_mismatch")


@given(st.sets(st.sampled_from(COLUMNS)))
def test_a_row_holds_an_item_as_soon_as_one_of_its_amounts_or_its_kind_is_filled_in(filled: set[str]) -> None:
    cells = {name: ("x" if name in filled else None) for name in COLUMNS}
    assert holds_item(cells) is bool(filled - {"item_unit", "item_note"})


@given(DAYS, st.integers(0, 999))
def test_an_age_is_between_none_and_130_years(born: date, serial: int) -> None:
    codes = [misfit.code for misfit in age_misfits(person(born, serial), TODAY)]
    too_old = TODAY.year - born.year > 130
    assert codes == (["id_too_young"] if born > TODAY else ["id_too_old"] if too_old else [])


@given(DAYS, st.integers(0, 999), st.none() | DAYS, st.booleans())
def test_a_members_birth_date_is_the_id_numbers_and_never_lies_ahead(
    born: date, serial: int, said: date | None, has_number: bool
) -> None:
    number = person(born, serial) if has_number else None
    values = {
        "id_number": number,
        "born_on": said,
        "relation": None,
        "sex": None,
        "groups": (),
        "name": "测试",
    }
    member = tried(lambda: member_of(Row("members", "家庭成员", 2, values), TODAY))
    if isinstance(member, MisfitError):
        assert member.column == ("id_number" if has_number else "born_on")
        assert has_number or said is None or said > TODAY
        return
    assert member.born_on == (birth_date(number) if number else said)
    assert member.born_on <= TODAY


@given(
    st.lists(
        st.none() | st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9)), min_size=3, max_size=3
    )
)
def test_dates_lie_behind_us_and_nothing_is_withdrawn_before_it_was_given(days: list[date | None]) -> None:
    names = ("applied_on", "consent_on", "consent_withdrawn_on")
    values = dict(zip(names, days, strict=True)) | {"id_number": person(date(1970, 5, 12), 1)}
    found = [(misfit.column, misfit.code) for misfit in case_misfits(values, TODAY)]
    ahead = [(name, "date_future") for name, day in zip(names, days, strict=True) if day and day > TODAY]
    _, given_, withdrawn = days
    early = withdrawn is not None and (given_ is None or withdrawn < given_)
    assert found == [*ahead, *([("consent_withdrawn_on", "date_order")] if early else [])]
