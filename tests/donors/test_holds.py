"""Capacity and stock: reserved, used, given back, never promised twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from donors.errors import (
    ExceedsHold,
    InvalidCharter,
    InvalidQuantity,
    KeyReused,
    NotEnough,
    NotOffered,
    WrongOrganisation,
)
from donors.models import GoodsLot, ServiceOffer, SupplyHold
from donors.services import (
    create_lot,
    create_offer,
    create_pairing,
    expire_holds,
    hold_supply,
    release_hold,
    use_hold,
    withdraw_supply,
)
from tests.donors.world import COUNTY, NOW, TODAY, World


def make_offer(world: World, **values: Any) -> ServiceOffer:
    usual: dict[str, Any] = {
        "name": "心理疏导",
        "category": "counselling",
        "unit": "次",
        "weekly_capacity": 5,
        "total": 10,
        "starts_on": date(2026, 1, 1),
    }
    return create_offer(organisation=world.agency, now=NOW, **{**usual, **values})


def make_lot(world: World, **values: Any) -> GoodsLot:
    usual: dict[str, Any] = {"name": "棉被", "category": "bedding", "unit": "床", "total": 10}
    return create_lot(station=world.station, now=NOW, **{**usual, **values})


def hold(supply: ServiceOffer | GoodsLot, quantity: int = 6, key: str = "h1", **more: Any) -> SupplyHold:
    return hold_supply(supply=supply, quantity=quantity, key=key, by=None, now=NOW, **more)


def counts(supply: ServiceOffer | GoodsLot) -> tuple[int, int]:
    supply.refresh_from_db()
    return supply.reserved, supply.used


@pytest.mark.parametrize("make", [make_offer, make_lot])
def test_units_are_reserved_used_and_given_back(world: World, make: Any) -> None:
    supply = make(world)
    held = hold(supply)
    assert counts(supply) == (6, 0)
    held = use_hold(hold=held, quantity=4, key="u1", by=None, now=NOW)
    assert (counts(supply), held.outstanding) == ((2, 4), 2)
    held = release_hold(hold=held, key="l1", by=None, now=NOW)
    assert (counts(supply), held.outstanding) == ((0, 4), 0)
    (row,) = type(supply).objects.active().with_free()
    assert row.free == 6


def test_no_unit_is_promised_twice(world: World) -> None:
    lot = make_lot(world)
    hold(lot)
    with pytest.raises(NotEnough) as refusal:
        hold(lot, 5, key="h2")
    assert refusal.value.facts == {"free": 4}
    hold(lot, 4, key="h2")
    assert counts(lot) == (10, 0)


def test_the_same_key_has_one_effect_and_another_body_is_refused(world: World) -> None:
    lot = make_lot(world)
    held = hold(lot)
    assert hold(lot) == held
    with pytest.raises(KeyReused):
        hold(lot, 5)
    use_hold(hold=held, quantity=1, key="u", by=None, now=NOW)
    assert use_hold(hold=held, quantity=1, key="u", by=None, now=NOW).used == 1
    with pytest.raises(KeyReused):
        use_hold(hold=held, quantity=2, key="u", by=None, now=NOW)
    assert counts(lot) == (5, 1)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, "3", 10**13])
def test_a_bad_quantity_is_refused(world: World, quantity: Any) -> None:
    with pytest.raises(InvalidQuantity):
        hold(make_lot(world), quantity)


def test_a_hold_ends_within_its_quantity(world: World) -> None:
    held = hold(make_lot(world))
    with pytest.raises(ExceedsHold):
        use_hold(hold=held, quantity=7, key="u", by=None, now=NOW)
    release_hold(hold=held, key="l", by=None, now=NOW)
    with pytest.raises(ExceedsHold):
        release_hold(hold=held, key="l2", by=None, now=NOW)


def test_what_is_past_its_date_or_withdrawn_is_not_promised(world: World) -> None:
    stale = make_lot(world, expires_on=TODAY - timedelta(days=1))
    early = make_offer(world, starts_on=TODAY + timedelta(days=1))
    over = make_offer(world, ends_on=TODAY - timedelta(days=1))
    gone = make_lot(world, name="米", category="food")
    withdraw_supply(supply=gone)
    for number, supply in enumerate((stale, early, over, gone)):
        with pytest.raises(NotOffered):
            hold(supply, key=f"h{number}")
    assert hold(make_lot(world, name="面", category="food", expires_on=TODAY), key="h9").quantity == 6


def test_an_expired_hold_gives_its_rest_back_once(world: World) -> None:
    lot = make_lot(world)
    held = hold(lot, expires_at=NOW + timedelta(days=1))
    use_hold(hold=held, quantity=2, key="u", by=None, now=NOW)
    assert expire_holds(now=NOW) == 0
    assert [expire_holds(now=NOW + timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert counts(lot) == (0, 2)


def test_the_database_keeps_the_stock_too(world: World) -> None:
    lot = make_lot(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodsLot.objects.filter(pk=lot.pk).update(reserved=11)


def test_offers_lots_and_pairings_belong_to_their_kind_of_organisation(world: World) -> None:
    with pytest.raises(WrongOrganisation):
        create_lot(station=world.agency, name="x", category="food", unit="袋", total=1, now=NOW)
    with pytest.raises(WrongOrganisation):
        create_pairing(partner=world.charity, regions=[COUNTY], starts_on=TODAY, now=NOW)
    pairing = create_pairing(
        partner=world.partner, regions=[COUNTY], starts_on=TODAY, pledged_fen=5, jobs=3, now=NOW
    )
    assert pairing.regions == [COUNTY]


@pytest.mark.parametrize(
    "values", [{"category": "food"}, {"category": "?"}, {"regions": ["1"]}, {"groups": ["?"]}]
)
def test_unknown_codes_are_refused(world: World, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidCharter):
        make_offer(world, **values)
