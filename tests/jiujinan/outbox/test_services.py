"""What is told outside: once for each key, in order for each subject, at least once; one effect at the receiver."""

from datetime import timedelta

import pytest
from django.db import transaction

from jiujinan.outbox.models import InboxMessage, OutboxEvent, OutboxStream
from jiujinan.outbox.services import DeliveryFailed, Relayed, is_first_receipt, relay, tell
from tests.town import NOW

pytestmark = pytest.mark.django_db


def say(subject: str, number: int, destination: str = "case-record") -> OutboxEvent:
    return tell(
        destination=destination,
        subject=subject,
        kind=f"step.{number}",
        payload={"number": number},
        key=f"{destination}:{subject}:{number}",
        now=NOW,
    )


class Receiver:
    """The other side: it keeps what it was sent, and refuses what it is told to."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)
        self.got: list[tuple[str, int]] = []

    def __call__(self, event: OutboxEvent) -> None:
        if f"{event.stream.subject}:{event.payload['number']}" in self.refused:
            raise DeliveryFailed("the other side answered 503 " + "…" * 400)
        self.got.append((event.stream.subject, event.seq))


def deliver(receiver: Receiver, destination: str = "case-record") -> Relayed:
    return relay(destination=destination, send=receiver, now=NOW + timedelta(minutes=1))


def test_the_same_key_is_told_once() -> None:
    first = say("case:1", 1)
    assert say("case:1", 1) == first
    assert OutboxEvent.objects.count() == 1
    assert OutboxStream.objects.get().length == 1


def test_each_subject_is_told_in_its_own_order() -> None:
    for number in range(1, 4):
        for subject in ("case:1", "case:2"):
            say(subject, number)
    receiver = Receiver()
    assert deliver(receiver) == Relayed(delivered=6, failed=0)
    for subject in ("case:1", "case:2"):
        assert [seq for told, seq in receiver.got if told == subject] == [1, 2, 3]


def test_a_destination_is_told_only_what_is_meant_for_it() -> None:
    say("case:1", 1)
    say("fund:1", 1, destination="donor")
    receiver = Receiver()
    deliver(receiver, "donor")
    assert receiver.got == [("fund:1", 1)]
    assert OutboxEvent.objects.get(delivered_at=None).stream.destination == "case-record"


def test_a_failure_holds_back_its_own_subject_and_no_other() -> None:
    for number in range(1, 4):
        for subject in ("case:1", "case:2"):
            say(subject, number)
    receiver = Receiver("case:1:2")
    assert deliver(receiver) == Relayed(delivered=4, failed=1)
    assert [seq for subject, seq in receiver.got if subject == "case:1"] == [1]
    assert [seq for subject, seq in receiver.got if subject == "case:2"] == [1, 2, 3]


def test_a_failed_event_is_noted_and_delivered_by_a_later_round_in_order() -> None:
    for number in range(1, 4):
        say("case:1", number)
    receiver = Receiver("case:1:2")
    for _ in range(2):
        deliver(receiver)
    held = OutboxEvent.objects.get(seq=2)
    assert (held.attempts, held.delivered_at, len(held.last_error)) == (2, None, 300)
    receiver.refused.clear()
    assert deliver(receiver) == Relayed(delivered=2, failed=0)
    assert receiver.got == [("case:1", 1), ("case:1", 2), ("case:1", 3)]
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()


def test_what_is_delivered_is_not_sent_again() -> None:
    say("case:1", 1)
    receiver = Receiver()
    deliver(receiver)
    assert deliver(receiver) == Relayed(delivered=0, failed=0)
    assert receiver.got == [("case:1", 1)]


def test_a_crash_after_sending_sends_again_what_was_not_recorded() -> None:
    say("case:1", 1)
    say("case:1", 2)
    got: list[int] = []

    def crash(event: OutboxEvent) -> None:
        got.append(event.seq)
        if event.seq == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        relay(destination="case-record", send=crash, now=NOW)
    receiver = Receiver()
    deliver(receiver)
    assert (got, receiver.got) == ([1, 2], [("case:1", 2)])


def test_an_act_that_is_undone_tells_nothing() -> None:
    class ActFails(Exception):
        """The act that the event would tell of."""

    def act() -> None:
        say("case:1", 1)
        raise ActFails

    with pytest.raises(ActFails), transaction.atomic():
        act()
    assert not OutboxEvent.objects.exists()
    assert say("case:1", 1).seq == 1


def test_a_message_has_its_effect_once_for_each_source() -> None:
    seen = [
        is_first_receipt(source=source, message_id="m1", now=NOW)
        for source in ("hospital", "hospital", "school", "hospital")
    ]
    assert seen == [True, False, True, False]
    assert InboxMessage.objects.count() == 2


def test_a_repeated_message_leaves_the_transaction_around_it_whole() -> None:
    with transaction.atomic():
        is_first_receipt(source="hospital", message_id="m1", now=NOW)
        assert not is_first_receipt(source="hospital", message_id="m1", now=NOW)
        say("case:1", 1)
    assert OutboxEvent.objects.count() == 1
