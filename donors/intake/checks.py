"""What only several cells together, or the sheet of organisations, can tell about a row. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from donors.intake.lists import ORGANISATION_KINDS
from donors.intake.rows import OrganisationRow
from jiujinan.codes import CATEGORY_KINDS, ItemCategory, ItemKind
from jiujinan.regions.lookup import Abolished, RegionLookup
from jiujinan.tabular import lists
from jiujinan.tabular.outcome import CellError
from jiujinan.tabular.schema import label_key

_KINDS_ZH = {ItemKind.CASH: "现金类", ItemKind.GOODS: "物资类", ItemKind.SERVICE: "服务类"}


class MisfitError(CellError):
    """A value that does not fit the rest of its row; `column` is the column's name in the schema."""

    def __init__(self, column: str, code: str, **params: object) -> None:
        super().__init__(code, **params)
        self.column = column


class Register:
    """The organisations that rows may refer to, by name and by credit code."""

    def __init__(self, known: Iterable[OrganisationRow]) -> None:
        self._by_key: dict[str, OrganisationRow] = {}
        self._refused: set[str] = set()
        for organisation in known:
            self._enter(organisation)

    def add(self, organisation: OrganisationRow) -> None:
        """Enter an organisation of the file; raise `MisfitError` if an earlier row has its name or code."""
        for key in self._keys(organisation):
            first = self._by_key.get(key)
            if first is not None and first.row > 0:
                raise MisfitError("name", "duplicate_organisation", other=first.row)
        self._enter(organisation)

    def refuse(self, name: str) -> None:
        """Remember that the file has an organisation of that name which was not taken."""
        self._refused.add(label_key(name))

    def find(self, text: str, column: str, kinds: tuple[str, ...]) -> OrganisationRow:
        """Return the organisation that is meant; raise `MisfitError` if there is none of these kinds."""
        found = self._by_key.get(label_key(text))
        if found is None:
            is_refused = label_key(text) in self._refused
            raise MisfitError(
                column, "organisation_refused" if is_refused else "unknown_organisation", value=text
            )
        if kinds and found.kind not in kinds:
            labels = "、".join(ORGANISATION_KINDS.labels[kind] for kind in kinds)
            raise MisfitError(column, "wrong_organisation_kind", value=text, kinds=labels)
        return found

    def _enter(self, organisation: OrganisationRow) -> None:
        self._by_key.update(dict.fromkeys(self._keys(organisation), organisation))

    def _keys(self, organisation: OrganisationRow) -> tuple[str, str]:
        return label_key(organisation.name), label_key(organisation.credit_code)


def region_code(text: str, column: str, regions: RegionLookup, today: date) -> str:
    """Return the six-digit code of a division of any level that stands today."""
    found = regions.resolve(text, on=today)
    if found is None:
        raise MisfitError(column, "unknown_region", value=text)
    if isinstance(found, Abolished):
        heir = f"{found.replaced_by_name}（{found.replaced_by}）" if found.replaced_by else "现行代码"
        day = found.valid_to.isoformat()
        raise MisfitError(column, "abolished_region", value=found.code, name=found.name, day=day, heir=heir)
    return found.code


def check_categories(categories: Iterable[str], column: str, kind: ItemKind) -> None:
    """Raise `MisfitError` for a category of another kind than money, goods or services, as asked."""
    for category in categories:
        if CATEGORY_KINDS[ItemCategory(category)] is not kind:
            label = lists.CATEGORIES.labels[category]
            raise MisfitError(column, "wrong_category", value=label, kind=_KINDS_ZH[kind])


def check_period(values: Mapping[str, Any], start_zh: str) -> None:
    """Raise `MisfitError` if the last day lies before the first."""
    if values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        raise MisfitError("ends_on", "date_order", other=start_zh)


def check_fund(values: Mapping[str, Any]) -> None:
    """Raise `MisfitError` where a fund's amounts contradict each other."""
    check_categories(values["categories"], "categories", ItemKind.CASH)
    check_period(values, "启用日期")
    if values["kind"] == "named" and not values["named_for"]:
        raise MisfitError("named_for", "named_for_whom")
    cap, period = values["per_household_cap_fen"], values["household_period_days"]
    if (cap is None) != (period is None):
        raise MisfitError(
            "household_period_days" if period is None else "per_household_cap_fen", "cap_without_period"
        )
    case_cap, minimum = values["per_case_cap_fen"], values["minimum_grant_fen"] or 0
    for column, amount in (("per_case_cap_fen", case_cap), ("per_household_cap_fen", cap)):
        if amount == 0:
            raise MisfitError(column, "too_small", limit=1)
    if case_cap is not None and minimum > case_cap:
        raise MisfitError("minimum_grant_fen", "minimum_above_cap")
    if (values["reserve_fen"] or 0) > values["opening_fen"]:
        raise MisfitError("reserve_fen", "reserve_above_balance")
