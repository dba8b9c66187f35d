"""From a cell as it stands to a typed value, by the kind of its column."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.utils.datetime import from_excel

from jiujinan.tabular import numbers
from jiujinan.tabular.outcome import CellError
from jiujinan.tabular.schema import Column, Kind, label_key, normal, tidy

_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_SERIALS = (20_000, 80_000)  # 1954 to 2119: a date that lost its format
_NUMBER_NOISE = re.compile(r"[,\s¥￥]|(?:人民币)|(?:RMB)", re.IGNORECASE)
_UNIT = re.compile(r"(元|人|口|名|户|个|件|次|套|‰|分钟|小时|周|天)$")
_SPLIT = re.compile(r"[、,，;；/|\n]+")
_SHOWN_CODES = 12
_SHOWN_CHARACTERS = 20
_FEN = Decimal(100)
_TEN_THOUSAND = Decimal(10_000)
_LARGEST = 10**18
_FLOAT_NOISE = Decimal("0.000001")
_YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "已同意", "同意", "已"})
_NO = frozenset({"否", "无", "n", "no", "false", "0", "×", "不同意", "未同意", "未"})


def is_blank(cell: object) -> bool:
    """Return whether the cell holds nothing, or white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def parse(cell: object, column: Column) -> Any:
    """Return the column's value of a cell that is not blank; raise `CellError` if it takes no such."""
    return _PARSERS[column.kind](cell, column)


def _text(cell: object, column: Column) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    text = tidy(cell if isinstance(cell, str) else str(cell))
    if len(text) > column.limit:
        raise CellError("too_long", limit=column.limit)
    return text


def _texts(cell: object, column: Column) -> tuple[str, ...]:
    parts = (part.strip() for part in _SPLIT.split(_text(cell, column)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _code(cell: object, column: Column) -> str:
    return _one_code(_text(cell, column), column)


def _codes(cell: object, column: Column) -> tuple[str, ...]:
    found = (_one_code(part, column) for part in _texts(cell, column))
    return tuple(dict.fromkeys(found))


def _one_code(text: str, column: Column) -> str:
    assert column.codes is not None, column.name
    code = column.codes.by_spelling.get(text) or column.codes.by_key.get(label_key(text))
    if code is None:
        labels = [entry.label for entry in column.codes.entries]
        shown = "、".join(labels[:_SHOWN_CODES]) + ("……" if len(labels) > _SHOWN_CODES else "")
        raise CellError("unknown_code", value=text[:_SHOWN_CHARACTERS], allowed=shown)
    return code


def _day(cell: object, column: Column) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = _TIME.sub("", normal(str(cell)))
    found = _DAY.match(text) or _COMPACT_DAY.match(text)
    if found is None:
        return _serial(text)
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("date_impossible") from None


def _serial(text: str) -> date:
    if text.isdigit() and _SERIALS[0] <= int(text) <= _SERIALS[1]:
        moment = from_excel(int(text))
        return date(moment.year, moment.month, moment.day)
    raise CellError("date_format")


def _decimal(cell: object) -> Decimal:
    if type(cell) is int and abs(cell) <= _LARGEST:
        return Decimal(cell)
    if isinstance(cell, bool | datetime | date):
        raise CellError("not_number")
    text = _NUMBER_NOISE.sub("", normal(str(cell)))
    text = _UNIT.sub("", text)
    times = _TEN_THOUSAND if text.endswith("万") else Decimal(1)
    try:
        value = Decimal(text.removesuffix("万")) * times
    except ArithmeticError:  # what is no number, and what is too large to be one
        raise CellError("not_number") from None
    if not value.is_finite() or abs(value) > _LARGEST:
        raise CellError("not_number")
    return value


def _bounded(value: Decimal, column: Column, unit: Decimal = Decimal(1)) -> Decimal:
    if value < 0 and (column.minimum is None or column.minimum >= 0):
        raise CellError("negative")
    if column.minimum is not None and value < column.minimum:
        raise CellError("too_small", limit=f"{column.minimum / unit:f}")
    if column.maximum is not None and value > column.maximum:
        raise CellError("too_great", limit=f"{column.maximum / unit:f}")
    return value


def _whole(value: Decimal, code: str) -> int:
    nearest = value.to_integral_value()
    if abs(value - nearest) > _FLOAT_NOISE:
        raise CellError(code)
    return int(nearest)


def _money(cell: object, column: Column) -> int:
    fen = _bounded(_decimal(cell) * _FEN, column, _FEN)
    return _whole(fen, "money_decimals")


def _integer(cell: object, column: Column) -> int:
    return _whole(_bounded(_decimal(cell), column), "not_whole")


def _number(cell: object, column: Column) -> Decimal:
    return _bounded(_decimal(cell), column)


def _yes_no(cell: object, column: Column) -> bool:
    word = "1" if cell is True else "0" if cell is False else label_key(_text(cell, column))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("yes_no")


_PARSERS: Mapping[Kind, Callable[[object, Column], Any]] = {
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.DATE: _day,
    Kind.MONEY: _money,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.ID_NUMBER: lambda cell, column: numbers.id_number(cell),
    Kind.PHONE: lambda cell, column: numbers.phone(cell),
    Kind.ACCOUNT: lambda cell, column: numbers.account(cell),
    Kind.CREDIT_CODE: lambda cell, column: numbers.credit_code(cell),
}
