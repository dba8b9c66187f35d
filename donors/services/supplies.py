"""Writing down what organisations offer."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TypeVar

from django.db import models, transaction

from donors import charter_rules
from donors.errors import InvalidCharter, InvalidQuantity, WrongOrganisation
from donors.models import GoodsLot, Pairing, ServiceOffer
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.audit import services as audit
from jiujinan.codes import CATEGORY_KINDS, ItemCategory, ItemKind

Supply = TypeVar("Supply", ServiceOffer, GoodsLot)
_BOTH = frozenset({"name", "category", "unit", "total", "regions", "groups"})
OFFER_FIELDS = _BOTH | {"weekly_capacity", "languages", "hours", "starts_on", "ends_on"}
LOT_FIELDS = _BOTH | {"expires_on", "delivers"}
PAIRING_FIELDS = frozenset({"regions", "starts_on", "ends_on", "pledged_fen", "jobs", "goods", "services"})


@transaction.atomic
def create_offer(
    *,
    organisation: Organisation,
    name: str,
    category: str,
    unit: str,
    weekly_capacity: int,
    total: int,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    regions: Collection[str] = (),
    groups: Collection[str] = (),
    languages: Collection[str] = (),
    hours: str = "",
) -> ServiceOffer:
    """Offer a service. Raises InvalidQuantity, InvalidCharter (an unknown code, a reversed period)."""
    _require_counts(weekly_capacity, total)
    _require_codes(category, ItemKind.SERVICE, regions, groups, starts_on, ends_on)
    return ServiceOffer.objects.create(
        organisation=organisation,
        name=name,
        category=category,
        unit=unit,
        weekly_capacity=weekly_capacity,
        total=total,
        starts_on=starts_on,
        ends_on=ends_on,
        regions=list(regions),
        groups=list(groups),
        languages=list(languages),
        hours=hours,
        created_at=now,
    )


@transaction.atomic
def create_lot(
    *,
    station: Organisation,
    name: str,
    category: str,
    unit: str,
    total: int,
    now: datetime,
    expires_on: date | None = None,
    regions: Collection[str] = (),
    groups: Collection[str] = (),
    delivers: bool = False,
) -> GoodsLot:
    """Put goods on a station's shelf. Raises WrongOrganisation, InvalidQuantity, InvalidCharter."""
    if station.kind != OrganisationKind.GOODS_STATION:
        raise WrongOrganisation(kind=station.kind)
    _require_counts(total)
    _require_codes(category, ItemKind.GOODS, regions, groups)
    return GoodsLot.objects.create(
        station=station,
        name=name,
        category=category,
        unit=unit,
        total=total,
        expires_on=expires_on,
        regions=list(regions),
        groups=list(groups),
        delivers=delivers,
        created_at=now,
    )


@transaction.atomic
def create_pairing(
    *,
    partner: Organisation,
    regions: Collection[str],
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    pledged_fen: int = 0,
    jobs: int = 0,
    goods: str = "",
    services: str = "",
) -> Pairing:
    """Bind a partner to regions for a period. Raises WrongOrganisation, InvalidQuantity, InvalidCharter."""
    if partner.kind != OrganisationKind.PARTNER:
        raise WrongOrganisation(kind=partner.kind)
    _require_counts(pledged_fen, jobs)
    _require_period(regions, starts_on, ends_on)
    return Pairing.objects.create(
        partner=partner,
        regions=list(regions),
        starts_on=starts_on,
        ends_on=ends_on,
        pledged_fen=pledged_fen,
        jobs=jobs,
        goods=goods,
        services=services,
        created_at=now,
    )


@transaction.atomic
def edit_offer(
    *, offer: ServiceOffer, changes: Mapping[str, object], by: User | None, now: datetime
) -> ServiceOffer:
    """
    Change an offer's fields; what is reserved or used stays promised.

    Raises InvalidQuantity (also a total under what is promised), InvalidCharter.
    """
    locked = ServiceOffer.objects.select_for_update().get(pk=offer.pk)
    _take_over(locked, changes, OFFER_FIELDS)
    _require_counts(locked.weekly_capacity, locked.total)
    _require_codes(
        locked.category, ItemKind.SERVICE, locked.regions, locked.groups, locked.starts_on, locked.ends_on
    )
    return _save_edited(locked, changes, by, now)


@transaction.atomic
def edit_lot(*, lot: GoodsLot, changes: Mapping[str, object], by: User | None, now: datetime) -> GoodsLot:
    """Change a lot's fields; raises as `edit_offer`."""
    locked = GoodsLot.objects.select_for_update().get(pk=lot.pk)
    _take_over(locked, changes, LOT_FIELDS)
    _require_counts(locked.total)
    _require_codes(locked.category, ItemKind.GOODS, locked.regions, locked.groups)
    return _save_edited(locked, changes, by, now)


@transaction.atomic
def edit_pairing(
    *, pairing: Pairing, changes: Mapping[str, object], by: User | None, now: datetime
) -> Pairing:
    """Change what a partner undertook. Raises InvalidQuantity, InvalidCharter."""
    locked = Pairing.objects.select_for_update().get(pk=pairing.pk)
    _take_over(locked, changes, PAIRING_FIELDS)
    _require_counts(locked.pledged_fen, locked.jobs)
    _require_period(locked.regions, locked.starts_on, locked.ends_on)
    locked.save(update_fields=sorted(changes))
    _record(locked, "edit", by, now, sorted(changes))
    return locked


@transaction.atomic
def set_active(
    *, supply: ServiceOffer | GoodsLot | Pairing, active: bool, by: User | None, now: datetime
) -> None:
    """Pause an offer, a lot or a pairing, or go on with it; what is promised stays promised."""
    type(supply)._default_manager.filter(pk=supply.pk).update(active=active)
    supply.active = active
    _record(supply, "resume" if active else "pause", by, now, [])


def _take_over(row: models.Model, changes: Mapping[str, object], fields: frozenset[str]) -> None:
    if unknown := changes.keys() - fields:
        raise InvalidCharter(problems=[(name, "unknown_field") for name in sorted(unknown)])
    for name, value in changes.items():
        setattr(row, name, value)


def _save_edited(supply: Supply, changes: Mapping[str, object], by: User | None, now: datetime) -> Supply:
    if supply.total < supply.reserved + supply.used:
        raise InvalidQuantity(promised=supply.reserved + supply.used)
    supply.save(update_fields=sorted(changes))
    _record(supply, "edit", by, now, sorted(changes))
    return supply


def _record(
    row: ServiceOffer | GoodsLot | Pairing, act: str, by: User | None, now: datetime, fields: list[str]
) -> None:
    name = row._meta.model_name
    audit.record(
        stream=f"offers:{_owner_id(row)}",
        action=f"{act}_{name}",
        by=by,
        subject=f"{name}:{row.pk}",
        data={"fields": fields},
        now=now,
    )


def _owner_id(row: ServiceOffer | GoodsLot | Pairing) -> int:
    if isinstance(row, ServiceOffer):
        return row.organisation_id
    return row.station_id if isinstance(row, GoodsLot) else row.partner_id


@transaction.atomic
def withdraw_supply(*, supply: ServiceOffer | GoodsLot) -> None:
    """Take an offer or a lot off; what is held of it stays promised."""
    type(supply)._default_manager.filter(pk=supply.pk).update(active=False)
    supply.active = False


def _require_period(regions: Collection[str], starts_on: date, ends_on: date | None) -> None:
    terms: dict[str, object] = {"regions": list(regions), "starts_on": starts_on, "ends_on": ends_on}
    if problems := charter_rules.charter_problems(terms):
        raise InvalidCharter(problems=problems)


def _require_counts(*counts: int) -> None:
    for count in counts:
        if type(count) is not int or not 0 <= count <= 10**12:
            raise InvalidQuantity(quantity=repr(count))


def _require_codes(
    category: str,
    kind: ItemKind,
    regions: Collection[str],
    groups: Collection[str],
    starts_on: date = date.min,
    ends_on: date | None = None,
) -> None:
    terms: dict[str, object] = {
        "regions": list(regions),
        "groups": list(groups),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    problems = charter_rules.charter_problems(terms)
    if category not in frozenset(ItemCategory) or CATEGORY_KINDS[ItemCategory(category)] is not kind:
        problems.append(("category", "unknown_code"))
    if problems:
        raise InvalidCharter(problems=problems)
