"""Proposals end in parts, by resource: each with its trail and what is told, and whoever dies in between goes on."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donors.models import Fund
from jiujinan.audit.models import AuditEntry
from jiujinan.clocks.models import Notice
from jiujinan.outbox.models import OutboxEvent
from matching.models import MatchRun, Proposal
from matching.services import expiring
from matching.services.expiring import expire_proposals
from matching.services.runs import run_matching
from matching.states import ProposalState
from needs.models import NeedItem
from tests.killing import COMMIT, Point, was_killed_at
from tests.matching.invariants import trails_hold
from tests.town import NOW, Town, build_town

LATER = NOW + timedelta(days=40)


class World:
    """A town with a run, an item, and proposals of it as many as one likes."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.run: MatchRun = run_matching(by=town.chen, now=NOW)
        self.item: NeedItem = town.verified().items.get()

    def propose(self, number: int, fund: Fund | None = None) -> None:
        """Propose so many times of one fund, as runs of their own would."""
        giver = fund or self.town.fund(yuan=0)
        Proposal.objects.bulk_create(
            Proposal(
                id=uuid4(),
                run=self.run,
                item=self.item,
                amount=1,
                rules_passed=1,
                expires_at=NOW + timedelta(days=30),
                fund=giver,
            )
            for _ in range(number)
        )


@pytest.fixture
def world(town: Town) -> World:
    return World(town)


def told() -> list[str]:
    """Return the proposals that givers were told of."""
    events = OutboxEvent.objects.filter(kind="proposals.expired").values_list("payload", flat=True)
    return [key for payload in events for key in payload["proposals"]]


def ended() -> list[int]:
    entries = AuditEntry.objects.filter(action="proposals.expire").order_by("seq")
    return [entry.data["ended"] for entry in entries]


def everything_is_told_once() -> None:
    expired = Proposal.objects.filter(state=ProposalState.EXPIRED).values_list("pk", flat=True)
    assert Counter(told()) == Counter(str(key) for key in expired)
    assert sum(ended()) == len(expired)
    trails_hold()


def test_resources_come_together_as_long_as_a_part_holds_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "PART", 4)
    for number in (2, 2, 9):
        world.propose(number)
    assert expire_proposals(now=LATER) == 13
    assert sorted(ended()) in ([1, 4, 4, 4], [1, 2, 2, 4, 4])  # the nine may come between the others
    subjects = OutboxEvent.objects.filter(kind="proposals.expired").values_list("stream__subject", flat=True)
    assert sorted(Counter(subjects).values()) == [1, 1, 3]
    assert Notice.objects.filter(step="proposal").count() == len(ended())
    everything_is_told_once()
    assert expire_proposals(now=LATER) == 0


def test_what_has_time_left_stays(world: World) -> None:
    world.propose(3)
    assert expire_proposals(now=NOW) == 0
    assert not ended()


def test_a_part_takes_as_many_queries_for_one_as_for_many(world: World) -> None:
    counts, fund = [], world.town.fund(yuan=0)
    for number in (2, 1, 3, 60):  # the first opens the streams
        world.propose(number, fund)
        with CaptureQueriesContext(connection) as queries:
            assert expire_proposals(now=LATER) == number
        counts.append(len(queries))
    assert counts[2:] == counts[1:2] * 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_between_parts_has_lost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(build_town())
    monkeypatch.setattr(expiring, "PART", 2)
    for _ in range(3):
        world.propose(2)

    def act() -> Any:
        return expire_proposals(now=LATER)

    trail = r'UPDATE "audit_auditstream"'
    assert was_killed_at(Point("the second part is on the trail", trail, nth=2), act)
    assert ended() == [2]
    everything_is_told_once()
    assert was_killed_at(Point("everything of a part is written, nothing committed", COMMIT), act)
    assert ended() == [2]
    assert act() == 4
    everything_is_told_once()
