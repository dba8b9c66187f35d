"""
Reads a resources file whole: cells by `schema`, then what only several cells or rows can tell.

Pure: the division table, today and the organisations that the platform knows are arguments. A bad
row rejects itself; rows that refer to a rejected organisation are rejected with that reason.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from donors.intake.checks import (
    MisfitError,
    Register,
    check_categories,
    check_fund,
    check_period,
    region_code,
)
from donors.intake.messages import TEXTS
from donors.intake.rows import (
    FundRow,
    LotRow,
    OfferRow,
    OrganisationRow,
    PairingRow,
    ResourceRow,
    ResourcesFile,
)
from donors.intake.schema import FUNDS, LOTS, OFFERS, ORGANISATIONS, PAIRINGS, SHEETS
from jiujinan.codes import ItemKind
from jiujinan.regions.lookup import RegionLookup
from jiujinan.tabular.limits import DEFAULT, Limits
from jiujinan.tabular.outcome import Rejection, Row
from jiujinan.tabular.reading import read_rows

_SHEETS = {sheet.name: sheet for sheet in SHEETS}
_PLACES = {sheet.name: place for place, sheet in enumerate(SHEETS)}
_SERVERS = ("social_work_agency", "charity", "enterprise", "partner", "goods_station")
_PARTNERS = ("partner",)
_DEFAULTS: dict[str, object] = {
    "government_first": False,
    "minimum_grant_fen": 0,
    "reserve_fen": 0,
    "delivers": False,
    "pledged_fen": 0,
    "jobs": 0,
    "purpose": "",
    "description": "",
    "hours": "",
    "goods": "",
    "services": "",
}
Of = TypeVar("Of", bound=ResourceRow)


def read_resources_file(
    path: Path,
    *,
    regions: RegionLookup,
    today: date,
    known: Iterable[OrganisationRow] = (),
    limits: Limits = DEFAULT,
) -> ResourcesFile:
    """Return the resources of an .xlsx file and every rejection; `known` (row 0) stand on the platform."""
    reader = _Reader(regions, today, known)
    reader.take(read_rows(path, SHEETS, limits=limits))
    return reader.finish()


class _Reader:
    def __init__(self, regions: RegionLookup, today: date, known: Iterable[OrganisationRow]) -> None:
        self._regions = regions
        self._today = today
        self._register = Register(known)
        self._taken: list[ResourceRow] = []
        self._identities: dict[tuple[object, ...], int] = {}
        self._rows: set[tuple[str, int]] = set()
        self._rejections: list[Rejection] = []

    def take(self, outcomes: Iterable[Row | Rejection]) -> None:
        """Sort every outcome to the sheet that it belongs to."""
        steps: dict[str, Callable[[Row, dict[str, Any]], ResourceRow]] = {
            ORGANISATIONS.name: self._organisation,
            FUNDS.name: self._fund,
            OFFERS.name: self._offer,
            LOTS.name: self._lot,
            PAIRINGS.name: self._pairing,
        }
        for outcome in outcomes:
            if isinstance(outcome, Rejection):
                self._take_rejection(outcome)
                continue
            self._rows.add((outcome.sheet, outcome.number))
            try:
                self._taken.append(steps[outcome.sheet](outcome, _filled(outcome)))
            except MisfitError as misfit:
                self._reject(outcome, misfit)

    def finish(self) -> ResourcesFile:
        """Return what was taken, by sheet, and the rejections by sheet and row."""
        by_place = sorted(self._rejections, key=lambda r: (_PLACES.get(r.sheet_name, -1), r.row))
        return ResourcesFile(
            organisations=self._of(OrganisationRow),
            funds=self._of(FundRow),
            offers=self._of(OfferRow),
            lots=self._of(LotRow),
            pairings=self._of(PairingRow),
            rejections=tuple(by_place),
            rows=len(self._rows),
        )

    def _of(self, kind: type[Of]) -> tuple[Of, ...]:
        return tuple(row for row in self._taken if isinstance(row, kind))

    def _organisation(self, row: Row, values: dict[str, Any]) -> OrganisationRow:
        values["region"] = region_code(values["region"], "region", self._regions, self._today)
        if values["evidence_expires_on"] is not None and values["evidence_expires_on"] < self._today:
            raise MisfitError("evidence_expires_on", "expired")
        found = OrganisationRow(row=row.number, **values)
        self._register.add(found)
        return found

    def _fund(self, row: Row, values: dict[str, Any]) -> FundRow:
        check_fund(values)
        holder = self._register.find(values.pop("organisation"), "organisation", ("charity",))
        if values["named_for"]:
            values["named_for"] = self._register.find(
                values["named_for"], "named_for", ("enterprise", "partner")
            ).credit_code
        self._once(row, (holder.credit_code, values["name"]))
        return FundRow(
            row=row.number,
            holder=holder.credit_code,
            **{**values, "named_for": values["named_for"] or "", "regions": self._area(values)},
        )

    def _offer(self, row: Row, values: dict[str, Any]) -> OfferRow:
        check_categories([values["category"]], "category", ItemKind.SERVICE)
        check_period(values, "开始日期")
        self._supply(row, values, _SERVERS)
        return OfferRow(row=row.number, **{**values, "unit": values["unit"] or "次"})

    def _lot(self, row: Row, values: dict[str, Any]) -> LotRow:
        check_categories([values["category"]], "category", ItemKind.GOODS)
        if values["expires_on"] is not None and values["expires_on"] < self._today:
            raise MisfitError("expires_on", "expired")
        self._supply(row, values, ("goods_station",))
        return LotRow(row=row.number, **{**values, "unit": values["unit"] or "件"})

    def _pairing(self, row: Row, values: dict[str, Any]) -> PairingRow:
        check_period(values, "开始日期")
        partner = self._register.find(values["organisation"], "organisation", _PARTNERS)
        area = self._area(values)
        self._once(row, (partner.credit_code, area, values["starts_on"]))
        return PairingRow(row=row.number, **{**values, "organisation": partner.credit_code, "regions": area})

    def _supply(self, row: Row, values: dict[str, Any], kinds: tuple[str, ...]) -> None:
        found = self._register.find(values["organisation"], "organisation", kinds)
        values["organisation"], values["regions"] = found.credit_code, self._area(values)
        self._once(row, tuple(values.values()))

    def _area(self, values: dict[str, Any]) -> tuple[str, ...]:
        codes = (region_code(one, "regions", self._regions, self._today) for one in values["regions"])
        return tuple(dict.fromkeys(codes))

    def _once(self, row: Row, identity: tuple[object, ...]) -> None:
        first = self._identities.setdefault((row.sheet, *identity), row.number)
        if first != row.number:
            first_column = _SHEETS[row.sheet].columns[0].name
            raise MisfitError(first_column, "duplicate_row", other=first)

    def _take_rejection(self, rejection: Rejection) -> None:
        self._rejections.append(rejection)
        if rejection.sheet_name:
            self._rows.add((rejection.sheet_name, rejection.row))
        if rejection.sheet_name == ORGANISATIONS.name:
            self._register.refuse(rejection.key)

    def _reject(self, row: Row, misfit: MisfitError) -> None:
        if row.sheet == ORGANISATIONS.name and misfit.code != "duplicate_organisation":
            self._register.refuse(row.values["name"])
        self._rejections.append(
            Rejection(
                sheet=row.title,
                row=row.number,
                column=_SHEETS[row.sheet].column(misfit.column).name_zh,
                code=misfit.code,
                params=misfit.params,
                sheet_name=row.sheet,
                texts=TEXTS[misfit.code],
            )
        )


def _filled(row: Row) -> dict[str, Any]:
    """Return the row's values with what stands for an empty cell."""
    return {
        name: _DEFAULTS.get(name, value) if value is None else value for name, value in row.values.items()
    }
