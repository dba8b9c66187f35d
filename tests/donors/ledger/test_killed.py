"""Whoever is killed at any named point and tries again has exactly one effect. docs/ledger.md lists the points."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from donors.ledger import services
from donors.ledger.export import export_to
from donors.ledger.models import FundBalance, LedgerTransaction, Reservation
from donors.ledger.verify import verify
from tests.donors.world import NOW, make_fund, make_world
from tests.killing import BEGUN, COMMIT, COMMITTED, Point, was_killed_at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LOCKED = r"FROM ledger_fundbalance b JOIN"
KEY = r"body_hash FROM ledger_ledgertransaction WHERE key"
CHARTER = r'FROM "donors_fundcharter"'
RESERVATION = r'INSERT INTO "ledger_reservation"'
LEGS = r"INSERT INTO ledger_leg"
ENTRY = r'INSERT INTO "ledger_ledgertransaction"'

POINTS: dict[str, list[Point]] = {
    "receive": [
        Point("before anything", BEGUN),
        Point("the book is locked", LOCKED),
        Point("the key is looked up", KEY),
        Point("the legs are written, the entry is not", LEGS),
        Point("the entry is written, the balance moved", ENTRY),
        Point("everything is written, nothing committed", COMMIT),
        Point("committed, and nobody heard of it", COMMITTED),
    ],
    "reserve": [
        Point("the charter is read", CHARTER),
        Point("the reservation is written, its entry is not", RESERVATION),
        Point("the legs are written, the entry is not", LEGS),
        Point("the entry is written, the balance moved", ENTRY),
        Point("everything is written, nothing committed", COMMIT),
        Point("committed, and nobody heard of it", COMMITTED),
    ],
    "disburse": [
        Point("the reservation is read under the lock", r'FROM "ledger_reservation"'),
        Point("the legs are written, the entry is not", LEGS),
        Point("the entry is written, balance and reservation moved", ENTRY),
        Point("everything is written, nothing committed", COMMIT),
        Point("committed, and nobody heard of it", COMMITTED),
    ],
    "release": [
        Point("the entry is written, balance and reservation moved", ENTRY),
        Point("committed, and nobody heard of it", COMMITTED),
    ],
    "transfer": [
        Point("both books are locked", LOCKED),
        Point("both charters are read", CHARTER, nth=2),
        Point("the giving side is written", ENTRY),
        Point("the taking side's legs are written", LEGS, nth=2),
        Point("both sides are written", ENTRY, nth=2),
        Point("everything is written, nothing committed", COMMIT),
        Point("committed, and nobody heard of it", COMMITTED),
    ],
    "reverse": [
        Point("the legs are written, the entry is not", LEGS),
        Point("the entry is written, the balance moved", ENTRY),
        Point("committed, and nobody heard of it", COMMITTED),
    ],
}


class Acts:
    """Each act as a function of its key, ready to be tried again."""

    def __init__(self) -> None:
        world = make_world()
        terms = {"transfers_in": True, "transfers_out": True}
        self.funds = [make_fund(world, name, **terms) for name in ("甲", "乙")]
        for fund in self.funds:
            services.receive(fund=fund, amount_fen=1_000_000, key=f"seed:{fund.pk}", by=None, now=NOW)

    def prepared(self, act: str, key: str) -> Callable[[], Any]:
        """Return the act with what it needs already there."""
        request: dict[str, Any] = {"key": key, "by": None, "now": NOW}
        if act in {"disburse", "release"}:
            request["reservation"] = self._reserve(f"{key}-held")
        elif act == "reverse":
            request["entry"] = services.receive(
                fund=self.funds[0], amount_fen=7, key=f"{key}-in", by=None, now=NOW
            )
        else:
            request |= {"fund": self.funds[0], "amount_fen": 7}
        if act == "transfer":
            request["to_fund"] = self.funds[1]
        return lambda: getattr(services, act)(**request)

    def _reserve(self, key: str) -> Reservation:
        return services.reserve(fund=self.funds[0], amount_fen=7, key=key, by=None, now=NOW)


def entries_under(key: str) -> int:
    return LedgerTransaction.objects.filter(key__in=[key, f"{key}#in"]).count()


def sums() -> dict[Any, tuple[int, ...]]:
    rows = FundBalance.objects.values_list(
        "pk", "external_fen", "available_fen", "reserved_fen", "disbursed_fen", "transit_fen"
    )
    return {row[0]: row[1:] for row in rows}


def everything_holds() -> None:
    file = io.StringIO()
    export_to(file=file)
    verify(file.getvalue().splitlines())


@pytest.mark.parametrize("act", POINTS)
def test_killed_at_any_point_and_tried_again_it_has_one_effect(act: str) -> None:
    acts = Acts()
    for number, point in enumerate(POINTS[act]):
        key = f"once-{number}"
        again = acts.prepared(act, key)
        before, whole = sums(), 2 if act == "transfer" else 1
        assert was_killed_at(point, again), point.name
        stands = entries_under(key) == whole
        assert stands is point.leaves_an_effect, point.name
        assert (sums() == before) is not stands, point.name
        again()
        after = sums()
        again()
        assert (entries_under(key), sums()) == (whole, after), point.name
        assert after != before
    everything_holds()


def test_a_point_that_the_act_never_reaches_is_noticed() -> None:
    again = Acts().prepared("receive", "k")
    assert not was_killed_at(Point("nowhere", r"INSERT INTO nowhere"), again)
    connection.close()
    assert entries_under("k") == 1
