"""Searching for a sealed value without opening any: a keyed hash with a key of its own.

An index is four hex digits that tell its key (never the key itself), and 28 of HMAC-SHA-256. While the key is
being rotated, rows stand under the new and the old one: writers take `blind_index`, searchers `blind_indexes`.
"""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

MARK, DIGITS = 4, 28


def blind_index(value: str, *, kind: str) -> str:
    """Return the index (32 hex digits) of a normalised value; `kind` keeps two fields' equal values apart."""
    return _under(settings.BLIND_INDEX_KEY, value, kind)


def blind_indexes(value: str, *, kind: str) -> list[str]:
    """Return the value's index under the key in use and then under every retired one, for looking it up."""
    return [_under(key, value, kind) for key in (settings.BLIND_INDEX_KEY, *settings.RETIRED_INDEX_KEYS)]


def index_mark() -> str:
    """Return what every index under the key in use begins with."""
    return _key(settings.BLIND_INDEX_KEY)[0]


def _under(digits: str, value: str, kind: str) -> str:
    mark, key = _key(digits)
    return mark + hmac.digest(key, f"{kind}\x1f{value}".encode(), "sha256").hex()[:DIGITS]


@lru_cache(maxsize=16)
def _key(digits: str) -> tuple[str, bytes]:
    key = bytes.fromhex(digits)
    return hashlib.sha256(b"blind-index-key\x1f" + key).hexdigest()[:MARK], key
