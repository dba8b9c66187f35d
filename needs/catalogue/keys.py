"""Orders as one whole number each, the same in every engine, and the cursors made of them (pure).

The functions take numbers or whole numpy columns: they only add and multiply.
"""

import re
from typing import Any

from needs.catalogue.question import Sort

EPOCH_YEAR = 2000
MONTHS = 4096
_TAIL = 42  # bits for the number: eight characters of base 36
_NUMBER_LENGTH = 8
_CURSOR = re.compile(r"([a-z]{3,6})\.([0-9]{1,2})\.([0-9a-f]{1,16})")


def month_index(year: int, month: int) -> int:
    """Return the months since January 2000, kept within 12 bits."""
    return min(max((year - EPOCH_YEAR) * 12 + month - 1, 0), MONTHS - 1)


def number_key(number: str) -> int:
    """Return a project number as a whole number in the order of its characters."""
    return int(number[:_NUMBER_LENGTH].ljust(_NUMBER_LENGTH, "0"), 36)


def sort_key(sort: Sort, *, urgency: Any, covered: Any, published: Any, wanted: Any, number: Any) -> Any:
    """Return the key that ascends in the order; 59 bits at most."""
    full = (covered == 100) * 1
    if sort is Sort.NEW:
        head = (MONTHS - 1 - published) * 16 + urgency
    elif sort is Sort.GAP:
        head = covered * 16 + urgency
    elif sort is Sort.CLOSE:
        head = (full * 128 + 100 - covered) * 16 + urgency
    elif sort is Sort.SOON:
        head = (full * MONTHS + wanted) * 16 + urgency
    else:
        head = (full * 16 + urgency) * 128 + covered
    return (head << _TAIL) + number


def write_cursor(sort: Sort, level: int, key: int) -> str:
    """Return the cursor of a place in an order."""
    return f"{sort}.{level}.{key:x}"


def read_cursor(text: str, sort: Sort) -> tuple[int, int] | None:
    """Return level and key of a cursor of this order; None for anything else."""
    match = _CURSOR.fullmatch(text)
    if match is None or match[1] != sort:
        return None
    key = int(match[3], 16)
    return (int(match[2]), key) if key < 1 << 62 else None
