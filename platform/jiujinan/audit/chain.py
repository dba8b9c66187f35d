"""The hash of an audit entry (pure): anyone can recompute it from an export."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def entry_hash(
    *,
    previous: str,
    stream: str,
    seq: int,
    at: datetime,
    by: int | None,
    action: str,
    subject: str,
    reason: str,
    data: Mapping[str, object],
) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of the entry and its predecessor's hash."""
    body = [previous, stream, seq, at.astimezone(UTC).isoformat(), by, action, subject, reason, data]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
