"""Authenticated encryption of one field (pure): AES-256-GCM, or SM4-GCM (GM/T 0002) by setting.

Layout of a sealed value: version (1 byte) · length of the key id (1) · key id · nonce (12) · ciphertext, tag.
The row and the column are bound as associated data: a value moved to another place does not open.
"""

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSIONS = {"AES-256-GCM": 1, "SM4-GCM": 2}
_NONCE, _TAG = 12, 16


class CannotOpen(Exception):
    """The value was sealed with a key that is not here, for another place, or it was altered."""


@dataclass(frozen=True)
class KeyRing:
    """Sealing keys (32 bytes each) by id: `primary` seals, all of them open."""

    primary: str
    keys: dict[str, bytes] = field(repr=False)
    cipher: str = "AES-256-GCM"

    @classmethod
    def parse(cls, entries: list[str], cipher: str) -> "KeyRing":
        """Return the ring for `["id=hex", …]`; raise ValueError on anything else."""
        keys = {}
        for entry in entries:
            name, _, digits = entry.partition("=")
            key = bytes.fromhex(digits)
            if not name or len(key) != 32:
                raise ValueError(f"sealing key {name!r} needs the form id=<64 hex digits>")
            keys[name] = key
        if not keys or cipher not in _VERSIONS:
            raise ValueError("name at least one sealing key, and the cipher AES-256-GCM or SM4-GCM")
        return cls(entries[0].partition("=")[0], keys, cipher)

    @cached_property
    def mark(self) -> bytes:
        """The bytes that every value begins with which this ring seals: cipher and key id."""
        key_id = self.primary.encode()
        return bytes([_VERSIONS[self.cipher], len(key_id)]) + key_id


def seal(text: str, *, ring: KeyRing, place: str) -> bytes:
    """Return the sealed form of the text for one place (`table.column.row`)."""
    nonce = os.urandom(_NONCE)
    key, bound = ring.keys[ring.primary], place.encode()
    if ring.cipher == "AES-256-GCM":
        body = _aes(key).encrypt(nonce, text.encode(), bound)
    else:
        encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        body = encryptor.update(text.encode()) + encryptor.finalize() + encryptor.tag
    return ring.mark + nonce + body


def unseal(blob: bytes, *, ring: KeyRing, place: str) -> str:
    """Return the text; raise CannotOpen when key, place or content is not what it was."""
    if len(blob) < 2 or len(blob) < 2 + blob[1] + _NONCE + _TAG:
        raise CannotOpen("the sealed value was cut short")
    version, key_id, rest = blob[0], key_id_of(blob), blob[2 + blob[1] :]
    if key_id not in ring.keys or version not in _VERSIONS.values():
        raise CannotOpen(f"no sealing key named {key_id!r}")
    nonce, body, bound = rest[:_NONCE], rest[_NONCE:], place.encode()
    try:
        if version == _VERSIONS["AES-256-GCM"]:
            return _aes(ring.keys[key_id]).decrypt(nonce, body, bound).decode()
        decryptor = Cipher(_sm4(ring.keys[key_id]), modes.GCM(nonce, body[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(bound)
        return (decryptor.update(body[:-_TAG]) + decryptor.finalize()).decode()
    except InvalidTag:
        raise CannotOpen("the sealed value was altered or moved") from None


def key_id_of(blob: bytes) -> str:
    """Return the id of the key that sealed the value."""
    return blob[2 : 2 + blob[1]].decode(errors="replace")


@lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def _sm4(key: bytes) -> algorithms.SM4:
    return algorithms.SM4(hashlib.sha256(b"sm4" + key).digest()[:16])
