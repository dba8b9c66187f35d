"""
What an entry is made of, decided without a database: the two accounts of each kind, amounts, hashes.

The chain's format is written down in docs/ledger.md; `donors.ledger.verify` recomputes it on its own.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

# kind → (account that the amount leaves, account that it enters)
MOVES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "receive": ("external", "available"),
        "reserve": ("available", "reserved"),
        "release": ("reserved", "available"),
        "disburse": ("reserved", "disbursed"),
        "return": ("disbursed", "available"),
        "refund": ("available", "external"),
        "fee": ("available", "fee"),
        "transfer_out": ("available", "transit"),
        "transfer_in": ("transit", "available"),
    }
)
REVERSIBLE_KINDS = frozenset({"receive", "disburse", "return", "refund", "fee"})

# The largest amount of one entry: ten billion yuan. The sums of a book stay far inside 64 bits.
LARGEST_AMOUNT_FEN = 10**12


def is_valid_amount(amount_fen: object) -> bool:
    """Return whether this is a whole, positive number of fen within the limit (a bool is not)."""
    return type(amount_fen) is int and 0 < amount_fen <= LARGEST_AMOUNT_FEN


def legs_of(kind: str, amount_fen: int) -> list[tuple[str, int]]:
    """Return (account, fen) for each leg of an entry, sorted by account."""
    leaves, enters = MOVES[kind]
    return sorted([(leaves, -amount_fen), (enters, amount_fen)])


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks, only ASCII."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical text of a value."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def genesis_hash(fund_id: str) -> str:
    """Return what the first entry of a fund continues."""
    return digest({"fund": fund_id, "ledger": 1})


def timestamp(at: datetime) -> str:
    """Return a moment as the chain writes it: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(facts: Mapping[str, object], legs: list[tuple[str, int]]) -> str:
    """Return an entry's link of the chain: every fact of the entry is in it, the legs sorted by account."""
    return digest({**facts, "legs": [list(leg) for leg in sorted(legs)]})
