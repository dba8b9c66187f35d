"""Tracking numbers (pure): long enough that nobody guesses one, with a check character against slips of the pen.

A number is eleven characters (54 bits) of an alphabet without look-alikes, and a check character: the weighted sum of
all twelve is 0 modulo 31. 31 is prime, so every single wrong character and every swap of two neighbours is noticed.
It is written `ABCD-EFGH-JKLM`.
"""

import hashlib
import hmac
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # 31 characters, a prime: no 0/O, 1/I, no U
LENGTH = 12
GROUP = 4


def number_for(token: str, *, key: bytes) -> str:
    """Return the number that belongs to one filled-in form: the same form sent twice gets the same number."""
    digest = int.from_bytes(hmac.new(key, b"tracking\x1f" + token.encode(), hashlib.sha256).digest())
    body = ""
    for _ in range(LENGTH - 1):
        digest, place = divmod(digest, len(ALPHABET))
        body += ALPHABET[place]
    return body + _check(body)


def normalised(text: str) -> str | None:
    """Return the number as it is kept, or None where it cannot be one (a slip of the pen, or a guess)."""
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
    if len(kept) != LENGTH or any(sign not in ALPHABET for sign in kept):
        return None
    return kept if _check(kept[:-1]) == kept[-1] else None


def shown(number: str) -> str:
    """Return the number in groups, as it is printed and read out on the telephone."""
    return "-".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))


def _check(body: str) -> str:
    """Weights 2 … 12 are distinct and not zero modulo 31, as are their differences between neighbours."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]
