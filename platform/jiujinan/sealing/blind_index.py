"""Searching for a sealed value without opening any: a keyed hash with a key of its own."""

import hashlib
import hmac

from django.conf import settings


def blind_index(value: str, *, kind: str) -> str:
    """Return the index (32 hex digits) of a normalised value; `kind` keeps two fields' equal values apart."""
    key = bytes.fromhex(settings.BLIND_INDEX_KEY)
    return hmac.new(key, f"{kind}\x1f{value}".encode(), hashlib.sha256).hexdigest()[:32]
