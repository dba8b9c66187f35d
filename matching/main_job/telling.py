"""Write-backs for the government's case records, as signed JSON lines (the shape of Standard Webhooks 1.0.0)."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings

from jiujinan.outbox.models import OutboxEvent
from jiujinan.outbox.services import relay
from jiujinan.outbox.signature import sign


def write_backs(path: Path, *, now: datetime) -> int:
    """Append every waiting write-back to the file; return how many lines it took.

    A crash may write a line twice, never lose one: receivers take each `id` once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:

        def send(event: OutboxEvent) -> None:
            file.write(envelope(event) + "\n")
            file.flush()

        return relay(destination="case-record", send=send, now=now).delivered


def envelope(event: OutboxEvent) -> str:
    """Return one line: id, type, timestamp, place in the case's order, data, and the signature over its body."""
    timestamp = int(event.at.timestamp())
    body = {
        "id": str(event.pk),
        "type": event.kind,
        "timestamp": timestamp,
        "subject": event.stream.subject,
        "seq": event.seq,
        "data": event.payload,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signature = sign(message_id=str(event.pk), timestamp=timestamp, body=text, secret=settings.WEBHOOK_SECRET)
    return json.dumps({**body, "signature": signature}, ensure_ascii=False, sort_keys=True)
