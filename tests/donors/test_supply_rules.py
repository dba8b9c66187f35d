"""How much may still be promised."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.errors import InvalidCharter, InvalidQuantity, NotEnough
from donors.services import hold_supply
from donors.services.supplies import edit_lot, edit_offer, set_active
from donors.supply_rules import free_units
from jiujinan.audit.models import AuditEntry
from matching.gathering import gather
from tests.town import NOW, Town

TODAY = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("ends_in", "weekly", "free"), [(None, 2, 100), (0, 2, 2), (6, 2, 2), (7, 2, 4), (69, 2, 20), (-1, 2, 0)]
)
def test_an_offer_promises_no_more_than_its_weeks_hold(ends_in: int | None, weekly: int, free: int) -> None:
    ends_on = None if ends_in is None else TODAY + timedelta(days=ends_in)
    assert (
        free_units(total=100, reserved=0, used=0, today=TODAY, ends_on=ends_on, weekly_capacity=weekly)
        == free
    )


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 20), st.integers(-9, 99))
def test_what_is_free_is_never_negative_and_never_past_the_total(
    total: int, reserved: int, used: int, weekly: int, days: int
) -> None:
    free = free_units(
        total=total,
        reserved=reserved,
        used=used,
        today=TODAY,
        ends_on=TODAY + timedelta(days=days),
        weekly_capacity=weekly,
    )
    assert 0 <= free <= max(total - reserved - used, 0)


def offered(table: str) -> list[int]:
    """Return the free units of each supply that a run would see."""
    return [int(units) for units in gather(now=NOW).tables[table]["units"]]


def test_the_weeks_bind_holds_and_match_runs_alike(town: Town) -> None:
    offer = town.offer(sessions=10, ends_on=NOW.date() + timedelta(days=6))
    offer.weekly_capacity = 3
    offer.save()
    assert offered("offers") == [3]
    with pytest.raises(NotEnough):
        hold_supply(supply=offer, quantity=4, key="a", by=town.luo, now=NOW)
    hold_supply(supply=offer, quantity=3, key="b", by=town.luo, now=NOW)
    assert offered("offers") == []


def test_editing_keeps_what_is_promised_and_leaves_a_trail(town: Town) -> None:
    lot = town.lot(pieces=5)
    hold_supply(supply=lot, quantity=3, key="a", by=town.liang, now=NOW)
    with pytest.raises(InvalidQuantity):
        edit_lot(lot=lot, changes={"total": 2}, by=town.liang, now=NOW)
    with pytest.raises(InvalidCharter):
        edit_lot(lot=lot, changes={"reserved": 0}, by=town.liang, now=NOW)
    with pytest.raises(InvalidCharter):
        edit_lot(lot=lot, changes={"category": "counselling"}, by=town.liang, now=NOW)
    edited = edit_lot(lot=lot, changes={"total": 3, "delivers": True}, by=town.liang, now=NOW)
    assert (edited.total, edited.delivers, edited.reserved) == (3, True, 3)
    offer = town.offer()
    with pytest.raises(InvalidCharter):
        edit_offer(offer=offer, changes={"ends_on": date(2020, 1, 1)}, by=town.luo, now=NOW)
    set_active(supply=offer, active=False, by=town.luo, now=NOW)
    assert offered("offers") == []
    actions = AuditEntry.objects.filter(subject__in=[f"goodslot:{lot.pk}", f"serviceoffer:{offer.pk}"])
    assert sorted(actions.values_list("action", flat=True)) == ["edit_goodslot", "pause_serviceoffer"]


def test_whose_evidence_has_expired_is_proposed_nothing(town: Town) -> None:
    town.fund()
    town.offer()
    town.lot()
    for organisation in (town.charity, town.agency, town.station):
        organisation.evidence_expires_on = NOW.date() - timedelta(days=1)
        organisation.save()
    assert not len(gather(now=NOW).tables["funds"]["id"])
    assert (offered("offers"), offered("lots")) == ([], [])
