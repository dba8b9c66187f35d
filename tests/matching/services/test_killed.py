"""A promise, a payment or a return that dies at any named point: after trying again there is exactly one of it."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from donors.ledger.models import LedgerTransaction
from jiujinan.outbox.models import OutboxEvent
from jiujinan.states import ForbiddenAct
from matching.models import Commitment, Disbursement
from matching.services.delivery import deliver_commitment, release_commitment
from matching.services.proposals import accept_proposal
from matching.services.runs import run_matching
from needs.models import NeedItem
from tests.killing import COMMIT, COMMITTED, Point, was_killed_at
from tests.matching.invariants import everything_holds, trails_hold
from tests.matching.services.crowding import needs_with_offers
from tests.town import NOW, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ENTRY = r'INSERT INTO "ledger_ledgertransaction"'
ITEM = r'UPDATE "needs_needitem"'
TRAIL = r'UPDATE "audit_auditstream"'
TOLD = r'INSERT INTO "outbox_outboxevent"'
END = [
    Point("the trail is written", TRAIL),
    Point("it is queued to be told", TOLD),
    Point("everything is written, nothing committed", COMMIT),
    Point("committed, and nobody heard of it", COMMITTED),
]
POINTS: dict[str, list[Point]] = {
    "accept": [
        Point("the proposal is locked", r'FROM "matching_proposal"'),
        Point("the proposal is answered", r'UPDATE "matching_proposal"'),
        Point("the money is reserved", ENTRY),
        Point("the commitment is written", r'INSERT INTO "matching_commitment"'),
        Point("the gap is taken", ITEM),
        *END,
    ],
    "pay": [
        Point("the commitment is moved on", r'UPDATE "matching_commitment"'),
        Point("the money is disbursed", ENTRY),
        Point("the payment is written", r'INSERT INTO "matching_disbursement"'),
        Point("the delivery is on the item", ITEM),
        *END,
    ],
    "give back": [
        Point("the commitment is ended", r'UPDATE "matching_commitment"'),
        Point("the money is released", ENTRY),
        Point("the gap is open again", ITEM),
        *END,
    ],
}


class Acts:
    """Each act, prepared so that it can be tried again."""

    def __init__(self) -> None:
        self.town: Town = build_town()
        self.run = run_matching(by=self.town.chen, now=NOW)
        self.fund = self.town.fund(yuan=1_000_000)

    def prepared(self, act: str) -> tuple[NeedItem, Callable[[], Any]]:
        """Return the act and the item that it is about, which lacks 3,000 yuan."""
        [one] = needs_with_offers(self.town, self.run, [self.fund], 1)
        accept = {"proposal": one.proposals[0], "by": self.town.chen, "now": NOW}
        if act == "accept":
            return one.item, lambda: accept_proposal(**accept)
        commitment = accept_proposal(**accept)
        assert isinstance(commitment, Commitment)
        if act == "pay":
            people = {"payer": self.town.he, "approver": None}
            pay = {"amount": 1, "key": f"pay:{commitment.pk}", "bank_line": "B1", **people}
            return one.item, lambda: deliver_commitment(commitment=commitment, now=NOW, **pay)
        back = {"reason": "另有安排", "by": self.town.chen, "now": NOW}
        return one.item, lambda: release_commitment(commitment=commitment, **back)


def effects() -> tuple[int, ...]:
    counted = (Commitment, Disbursement, LedgerTransaction, OutboxEvent)
    return tuple(model.objects.count() for model in counted)


def tried_again(act: Callable[[], Any]) -> None:
    with contextlib.suppress(ForbiddenAct):  # what is given back is not given back twice
        act()


@pytest.mark.parametrize("act", POINTS)
def test_killed_at_any_point_and_tried_again_it_has_one_effect(act: str) -> None:
    acts = Acts()
    for point in POINTS[act]:
        item, again = acts.prepared(act)
        committed, before = NeedItem.objects.get(pk=item.pk).committed, effects()
        assert was_killed_at(point, again), point.name
        assert (effects() != before) is point.leaves_an_effect, point.name
        everything_holds()
        tried_again(again)
        after = effects()
        tried_again(again)
        assert effects() == after != before, point.name
        left = NeedItem.objects.get(pk=item.pk)
        assert (left.committed != committed) is (act != "pay")
        assert left.fulfilled == (1 if act == "pay" else 0)
    everything_holds()
    trails_hold()
