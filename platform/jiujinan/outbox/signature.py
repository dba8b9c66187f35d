"""Signatures after Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body` (pure)."""

import base64
import hashlib
import hmac


def sign(*, message_id: str, timestamp: int, body: str, secret: str) -> str:
    """Return the header value `v1,<base64>`; `timestamp` is in whole seconds since the epoch."""
    content = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(bytes.fromhex(secret), content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def is_signed_by(header: str, *, message_id: str, timestamp: int, body: str, secrets: list[str]) -> bool:
    """Return whether any signature of the header is by any of the secrets (several while rotating)."""
    expected = [sign(message_id=message_id, timestamp=timestamp, body=body, secret=s) for s in secrets]
    given = [
        one.encode() for one in header.split(" ")
    ]  # as bytes: text with other than ASCII can't be compared
    return any(hmac.compare_digest(one, own.encode()) for one in given for own in expected)
