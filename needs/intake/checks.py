"""What only several cells together can tell about a row. Pure; today is an argument."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jiujinan.codes import CATEGORY_KINDS, ItemCategory
from jiujinan.regions.lookup import Abolished, RegionLookup
from jiujinan.tabular import lists
from jiujinan.tabular.numbers import birth_date, sex
from jiujinan.tabular.outcome import CellError, Row
from needs.intake.lists import UNIT_OF_KIND, UNITS
from needs.intake.rows import ItemRow, MemberRow

_OLDEST = 130
_FEN = 100
_ITEM_FIELDS = ("item_category", "item_required", "item_government", "item_insurance", "item_kind")
_UNKNOWN_SEX = "9"


class MisfitError(CellError):
    """A value that does not fit the rest of its row; `column` is the column's name in the schema."""

    def __init__(self, column: str, code: str, **params: object) -> None:
        super().__init__(code, **params)
        self.column = column


def county(text: str, regions: RegionLookup, today: date) -> str:
    """Return the six-digit code of the county that stands today; raise `MisfitError` for anything else."""
    found = regions.resolve(text, on=today)
    if found is None:
        raise MisfitError("region", "unknown_region", value=text)
    if isinstance(found, Abolished):
        heir = f"{found.replaced_by_name}（{found.replaced_by}）" if found.replaced_by else "现行代码"
        raise MisfitError(
            "region",
            "abolished_region",
            value=found.code,
            name=found.name,
            day=found.valid_to.isoformat(),
            heir=heir,
        )
    if not found.is_leaf:
        raise MisfitError("region", "coarse_region", name=found.name)
    return found.code


def case_misfits(values: Mapping[str, Any], today: date) -> Iterator[MisfitError]:
    """Yield what is wrong with the dates of a case and with its head's age."""
    for column in ("applied_on", "consent_on", "consent_withdrawn_on"):
        if values[column] is not None and values[column] > today:
            yield MisfitError(column, "date_future")
    given, withdrawn = values["consent_on"], values["consent_withdrawn_on"]
    if withdrawn is not None and (given is None or withdrawn < given):
        yield MisfitError("consent_withdrawn_on", "date_order", other="授权同意公开日期")
    yield from age_misfits(values["id_number"], today)


def age_misfits(id_number: str, today: date) -> Iterator[MisfitError]:
    """Yield what is wrong with the age that an ID number says."""
    born = birth_date(id_number)
    if born > today:
        yield MisfitError("id_number", "id_too_young")
    elif today.year - born.year > _OLDEST:
        yield MisfitError("id_number", "id_too_old", limit=_OLDEST)


def holds_item(values: Mapping[str, Any]) -> bool:
    """Return whether a row of the case sheet also holds a need item."""
    return any(values[name] is not None for name in _ITEM_FIELDS)


def item_of(row: Row) -> ItemRow:
    """Return the need item of a row; raise `MisfitError` where its cells contradict each other."""
    values = row.values
    for column in ("item_category", "item_required"):
        if values[column] is None:
            raise MisfitError(column, "required")
    category = values["item_category"]
    kind = CATEGORY_KINDS[ItemCategory(category)].value
    _check_kind(values, kind)
    required = _amount(values, "item_required", kind)
    if required <= 0:
        raise MisfitError("item_required", "not_positive")
    item = ItemRow(
        sheet=row.title,
        row=row.number,
        kind=kind,
        category=category,
        unit=UNIT_OF_KIND[kind],
        required=required,
        government=_amount(values, "item_government", kind),
        insurance=_amount(values, "item_insurance", kind),
        note=values["item_note"] or "",
    )
    if item.lacking < 0:
        raise MisfitError("item_required", "covered_past_need")
    return item


def member_of(row: Row, today: date) -> MemberRow:
    """Return the member of a row; raise `MisfitError` without a birth date or with an impossible one."""
    values = row.values
    number = values["id_number"] or ""
    for misfit in age_misfits(number, today) if number else ():
        raise misfit
    born_on = birth_date(number) if number else values["born_on"]
    if born_on is None:
        raise MisfitError("born_on", "birth_unknown")
    if born_on > today:
        raise MisfitError("born_on", "date_future")
    return MemberRow(
        row=row.number,
        relation=values["relation"] or "",
        sex=sex(number) if number else values["sex"] or _UNKNOWN_SEX,
        groups=values["groups"],
        name=values["name"],
        id_number=number,
        born_on=born_on,
    )


def _check_kind(values: Mapping[str, Any], kind: str) -> None:
    kind_zh = lists.KINDS.labels[kind]
    if values["item_kind"] not in (None, kind):
        label = lists.CATEGORIES.labels[values["item_category"]]
        raise MisfitError("item_kind", "kind_mismatch", category=label, kind=kind_zh)
    if values["item_unit"] not in (None, UNIT_OF_KIND[kind]):
        unit = UNITS.labels[UNIT_OF_KIND[kind]]
        raise MisfitError("item_unit", "unit_mismatch", kind=kind_zh, unit=unit)


def _amount(values: Mapping[str, Any], column: str, kind: str) -> int:
    amount: Decimal = values[column] or Decimal(0)
    whole = amount * _FEN if kind == "cash" else amount
    if whole != whole.to_integral_value():
        raise MisfitError(column, "money_decimals" if kind == "cash" else "not_whole")
    return int(whole)
