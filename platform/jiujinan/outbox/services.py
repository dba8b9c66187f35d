"""Write an event beside its act; deliver the waiting ones in order, at least once."""

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from jiujinan.outbox.models import InboxMessage, OutboxEvent, OutboxStream

logger = logging.getLogger(__name__)


class DeliveryFailed(Exception):
    """The receiver could not be told now; the event waits and is tried again."""


@dataclass(frozen=True)
class Relayed:
    """How one round of deliveries went, in events."""

    delivered: int
    failed: int


@transaction.atomic
def tell(
    *, destination: str, subject: str, kind: str, payload: Mapping[str, object], key: str, now: datetime
) -> OutboxEvent:
    """Queue one event for the destination; the same key queues nothing twice."""
    stream = _locked(destination, subject)
    known = OutboxEvent.objects.filter(key=key).first()
    if known:
        return known
    stream.length += 1
    stream.save(update_fields=["length"])
    return OutboxEvent.objects.create(
        id=uuid.uuid4(), stream=stream, seq=stream.length, kind=kind, key=key, payload=dict(payload), at=now
    )


def _locked(destination: str, subject: str) -> OutboxStream:
    """Return the subject's stream under its lock; it is made by whoever writes to it first."""
    known = OutboxStream.objects.select_for_update().filter(destination=destination, subject=subject).first()
    if known is None:
        OutboxStream.objects.get_or_create(destination=destination, subject=subject)
        known = OutboxStream.objects.select_for_update().get(destination=destination, subject=subject)
    return known


def relay(
    *, destination: str, send: Callable[[OutboxEvent], None], now: datetime, most: int = 1000
) -> Relayed:
    """Send what waits for the destination, subject by subject, at most so many events of each.

    A failure holds back its own subject alone. `send` may be called again for an event that it has already sent
    (a crash between sending and recording), so receivers de-duplicate by the event's id.
    """
    delivered, failed = 0, 0
    waiting = OutboxEvent.objects.filter(stream__destination=destination, delivered_at=None)
    for stream in list(waiting.order_by("stream_id").values_list("stream_id", flat=True).distinct()):
        for event in waiting.filter(stream_id=stream).select_related("stream").order_by("seq")[:most]:
            try:
                send(event)
            except DeliveryFailed as error:
                failed += 1
                _note_failure(event, str(error))
                break
            OutboxEvent.objects.filter(pk=event.pk).update(delivered_at=now, attempts=event.attempts + 1)
            delivered += 1
    return Relayed(delivered, failed)


def _note_failure(event: OutboxEvent, error: str) -> None:
    logger.warning("outbox event %s was not delivered", event.pk)
    OutboxEvent.objects.filter(pk=event.pk).update(attempts=event.attempts + 1, last_error=error[:300])


def is_first_receipt(*, source: str, message_id: str, now: datetime) -> bool:
    """Record an incoming message; return whether this is the first time it is seen."""
    try:
        with transaction.atomic():
            InboxMessage.objects.create(source=source, message_id=message_id, at=now)
    except IntegrityError:
        return False
    return True
