"""Payment references: short codes that a donor can type, with a check character."""

import re
import unicodedata

# Without 0, 1, I, L and O, which people confuse; 31 characters, a prime, so that the check finds every
# single wrong character and every swap of two neighbours.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "JJ"
_BODY = 7
_PATTERN = re.compile(f"{PREFIX}([{ALPHABET}]{{{_BODY + 1}}})")
_SEPARATORS = re.compile(r"[\s\-_.:：·/]+")


def reference_for(number: int) -> str:
    """Return the reference of a number from 0 to 31**7 − 1."""
    if not 0 <= number < len(ALPHABET) ** _BODY:
        raise ValueError(f"no reference for {number}")
    body = ""
    for _ in range(_BODY):
        number, digit = divmod(number, len(ALPHABET))
        body = ALPHABET[digit] + body
    return PREFIX + body + _check(body)


def references_in(memo: str) -> list[str]:
    """Return the valid references in a memo, however it is spaced, in full or half width, in either case."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", memo).upper())
    found = [PREFIX + match.group(1) for match in _PATTERN.finditer(plain)]
    return [reference for reference in dict.fromkeys(found) if _is_valid(reference)]


def _is_valid(reference: str) -> bool:
    body = reference[len(PREFIX) :]
    return _check(body[:-1]) == body[-1]


def _check(body: str) -> str:
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]
