"""Reserving, using and giving back units of an offer or a lot, each act once for each key."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from donors.errors import ExceedsHold, InvalidQuantity, KeyReused, NotEnough, NotOffered
from donors.ledger.rules import digest
from donors.models import GoodsLot, HoldMove, MoveKind, ServiceOffer, SupplyHold
from jiujinan.accounts.models import User


@transaction.atomic
def hold_supply(
    *,
    supply: ServiceOffer | GoodsLot,
    quantity: int,
    key: str,
    by: User | None,
    now: datetime,
    expires_at: datetime | None = None,
) -> SupplyHold:
    """Promise units to somebody. Raises NotOffered, NotEnough, InvalidQuantity, KeyReused."""
    _require_quantity(quantity)
    locked = _lock(supply)
    body = _body(MoveKind.HOLD, supply.pk, quantity, by)
    if move := _find_move(key, body):
        return move.hold
    today = timezone.localdate(now, timezone.get_default_timezone())
    if not locked.active or not _is_in_time(locked, today):
        raise NotOffered(supply=str(supply.pk))
    free = locked.free_on(today)
    if quantity > free:
        raise NotEnough(free=free)
    _shift(locked, reserved=quantity)
    hold = SupplyHold.objects.create(
        offer=locked if isinstance(locked, ServiceOffer) else None,
        lot=locked if isinstance(locked, GoodsLot) else None,
        quantity=quantity,
        expires_at=expires_at,
        created_at=now,
    )
    _write_move(hold, MoveKind.HOLD, quantity, key, body, by, now)
    return hold


@transaction.atomic
def use_hold(*, hold: SupplyHold, quantity: int, key: str, by: User | None, now: datetime) -> SupplyHold:
    """Record that held units were given. Raises ExceedsHold, InvalidQuantity, KeyReused."""
    return _end(MoveKind.USE, hold, quantity, key, by, now)


@transaction.atomic
def release_hold(
    *, hold: SupplyHold, key: str, by: User | None, now: datetime, quantity: int | None = None
) -> SupplyHold:
    """Give held units back, all that are outstanding if no quantity is named. Raises as `use_hold`."""
    return _end(MoveKind.RELEASE, hold, quantity, key, by, now)


def expire_holds(*, now: datetime, limit: int = 1000) -> int:
    """Release what is outstanding of holds whose time is over; return how many."""
    overdue = SupplyHold.objects.filter(expires_at__lte=now, quantity__gt=F("used") + F("released"))
    count = 0
    for hold in overdue.order_by("expires_at")[:limit]:
        try:
            release_hold(hold=hold, key=f"expire:{hold.pk}", by=None, now=now)
            count += 1
        except ExceedsHold:
            continue  # somebody used or released it while we were on our way
    return count


def _end(
    kind: MoveKind, hold: SupplyHold, quantity: int | None, key: str, by: User | None, now: datetime
) -> SupplyHold:
    if quantity is not None:
        _require_quantity(quantity)
    locked = _lock(_supply_of(hold))
    body = _body(kind, hold.pk, quantity, by)
    current = SupplyHold.objects.get(pk=hold.pk)
    if _find_move(key, body):
        return current
    wanted = current.outstanding if quantity is None else quantity
    if not 0 < wanted <= current.outstanding:
        raise ExceedsHold(outstanding=current.outstanding)
    if kind == MoveKind.USE:
        current.used += wanted
        _shift(locked, reserved=-wanted, used=wanted)
    else:
        current.released += wanted
        _shift(locked, reserved=-wanted)
    current.save(update_fields=["used", "released"])
    _write_move(current, kind, wanted, key, body, by, now)
    return current


def _lock(supply: ServiceOffer | GoodsLot) -> ServiceOffer | GoodsLot:
    rows: ServiceOffer | GoodsLot = type(supply)._default_manager.select_for_update().get(pk=supply.pk)
    return rows


def _supply_of(hold: SupplyHold) -> ServiceOffer | GoodsLot:
    supply = hold.offer or hold.lot
    assert supply is not None  # the table's check
    return supply


def _shift(supply: ServiceOffer | GoodsLot, *, reserved: int, used: int = 0) -> None:
    supply.reserved += reserved
    supply.used += used
    supply.save(update_fields=["reserved", "used"])


def _is_in_time(supply: ServiceOffer | GoodsLot, today: date) -> bool:
    if isinstance(supply, GoodsLot):
        return supply.expires_on is None or today <= supply.expires_on
    return supply.starts_on <= today and (supply.ends_on is None or today <= supply.ends_on)


def _body(kind: MoveKind, subject: object, quantity: int | None, by: User | None) -> str:
    return digest([kind, str(subject), quantity, by.pk if by else None])


def _find_move(key: str, body: str) -> HoldMove | None:
    move = HoldMove.objects.select_related("hold").filter(key=key).first()
    if move is not None and move.body_hash != body:
        raise KeyReused(key=key)
    return move


def _write_move(
    hold: SupplyHold, kind: MoveKind, quantity: int, key: str, body: str, by: User | None, now: datetime
) -> None:
    HoldMove.objects.create(hold=hold, kind=kind, quantity=quantity, key=key, body_hash=body, by=by, at=now)


def _require_quantity(quantity: int) -> None:
    if type(quantity) is not int or not 0 < quantity <= 10**12:
        raise InvalidQuantity(quantity=repr(quantity))
