"""Writing down what organisations offer."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from donors import charter_rules
from donors.errors import InvalidCharter, InvalidQuantity, WrongOrganisation
from donors.models import GoodsLot, Pairing, ServiceOffer
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.codes import CATEGORY_KINDS, ItemCategory, ItemKind


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
    """Offer a service. Raises InvalidQuantity, InvalidCharter (an unknown code)."""
    _require_counts(weekly_capacity, total)
    _require_codes(category, ItemKind.SERVICE, regions, groups)
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
    terms: dict[str, object] = {"regions": list(regions), "starts_on": starts_on, "ends_on": ends_on}
    if problems := charter_rules.charter_problems(terms):
        raise InvalidCharter(problems=problems)
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
def withdraw_supply(*, supply: ServiceOffer | GoodsLot) -> None:
    """Take an offer or a lot off; what is held of it stays promised."""
    type(supply)._default_manager.filter(pk=supply.pk).update(active=False)
    supply.active = False


def _require_counts(*counts: int) -> None:
    for count in counts:
        if type(count) is not int or not 0 <= count <= 10**12:
            raise InvalidQuantity(quantity=repr(count))


def _require_codes(category: str, kind: ItemKind, regions: Collection[str], groups: Collection[str]) -> None:
    terms: dict[str, object] = {"regions": list(regions), "groups": list(groups), "starts_on": date.min}
    problems = charter_rules.charter_problems(terms)
    if category not in frozenset(ItemCategory) or CATEGORY_KINDS[ItemCategory(category)] is not kind:
        problems.append(("category", "unknown_code"))
    if problems:
        raise InvalidCharter(problems=problems)
