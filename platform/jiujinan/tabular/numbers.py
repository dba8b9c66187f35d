"""
Numbers that identify: persons (GB 11643), organisations (GB 32100), phones, accounts.

Each function takes the cell as it stands and returns the number in its one standard form, or raises
`CellError`; the message never carries the number.
"""

import re
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from jiujinan.tabular.outcome import CellError
from jiujinan.tabular.schema import normal

_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d{1,2}$", re.IGNORECASE)
_ID_NUMBER = re.compile(r"^[1-9]\d{16}[\dX]$")
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK_CHARACTERS = "10X98765432"
_SEPARATORS = re.compile(r"[\s\-‐–—]+")
_MOBILE = re.compile(r"^1\d{10}$")
_LANDLINE = re.compile(r"^0\d{2,3}[2-9]\d{6,7}$")
_ACCOUNT = re.compile(r"^\d{8,30}$")
_EXCEL_DIGITS = 15  # significant digits that a spreadsheet keeps of a number
_FIRST_LOST = 1e15


def bare(cell: object) -> str:
    """Return the characters of a cell that should have been text: no spaces, hyphens, apostrophe."""
    if isinstance(cell, str) and cell.isascii() and cell.isalnum():
        return cell.upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _FIRST_LOST:
        cell = int(cell)
    text = normal(str(cell)).lstrip("'‘’")
    return _SEPARATORS.sub("", text).upper()


def is_scientific(cell: object, text: str) -> bool:
    """Return whether a spreadsheet has cut the number to its first fifteen digits."""
    if isinstance(cell, float):
        return abs(cell) >= _FIRST_LOST
    lost = isinstance(cell, int) and len(text) > _EXCEL_DIGITS and text.endswith("000")
    return lost or ("E" in text and _SCIENTIFIC.match(normal(str(cell))) is not None)


def check_character(digits: str) -> str:
    """Return the eighteenth character for the first seventeen digits (MOD 11-2, GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def id_number(cell: object) -> str:
    """Return the 18 characters of a resident's ID number."""
    text = bare(cell)
    if is_scientific(cell, text):
        raise CellError("id_scientific")
    if len(text) == _EXCEL_DIGITS and text.isdigit():
        raise CellError("id_15_digits")
    if not text.isascii() or not _ID_NUMBER.match(text):
        raise CellError("id_format")
    birth_date(text)
    if check_character(text[:17]) != text[17]:
        raise CellError("id_check_digit")
    return text


def birth_date(number: str) -> date:
    """Return the birth date inside an 18-character ID number; raise `CellError` if there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise CellError("id_birth_date") from None


def sex(number: str) -> str:
    """Return the GB/T 2261.1 code inside an 18-character ID number: 1 male, 2 female."""
    return "1" if int(number[16]) % 2 else "2"


def phone(cell: object) -> str:
    """Return the digits of a phone number, without the country's code and separators."""
    text = re.sub(r"[()]", "", bare(cell))
    text = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", text)
    if not text.isascii() or not (_MOBILE.match(text) or _LANDLINE.match(text)):
        raise CellError("phone")
    return text


def account(cell: object) -> str:
    """Return the digits of a bank account."""
    text = bare(cell)
    if is_scientific(cell, text) or not text.isascii() or not _ACCOUNT.match(text):
        raise CellError("account")
    return text


def credit_code(cell: object) -> str:
    """Return the 18 characters of a unified social credit code."""
    try:
        return str(uscc.validate(bare(cell)))
    except ValidationError:
        raise CellError("credit_code") from None
