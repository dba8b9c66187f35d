"""Reading a bank's statement file: three layouts, UTF-8 (with or without mark) or GB18030."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

_AMOUNT = re.compile(r"([+-]?)¥?(\d{1,3}(?:,\d{3})*|\d+)(?:\.(\d{1,2}))?")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One movement on the account; in is positive, out is negative, in fen."""

    serial: str
    booked_on: date
    amount_fen: int
    name: str
    memo: str
    row: int = field(default=0, compare=False)  # of the file; 0 for a line that was kept


@dataclass(frozen=True)
class RejectedRow:
    """A row that could not be read: its number in the file (the header is 1), the column, what is wrong."""

    row: int
    column: str
    code: str


@dataclass(frozen=True)
class Statement:
    """What a file says."""

    layout: str
    lines: tuple[Line, ...]
    rejected: tuple[RejectedRow, ...]


class UnknownLayoutError(ValueError):
    """The file is none of the layouts, or in no known encoding."""


class _RowError(ValueError):
    def __init__(self, column: str, code: str) -> None:
        super().__init__(f"{column}: {code}")
        self.column, self.code = column, code


@dataclass(frozen=True)
class Layout:
    """How one bank writes its statements: delimiter, columns by meaning, and how the amount is written."""

    name: str
    delimiter: str
    serial: str
    booked_on: str
    other_side: str
    memo: str
    amount_columns: tuple[str, ...]
    amount: Callable[[Row], int]

    @property
    def columns(self) -> set[str]:
        """The headings that tell this layout."""
        return {self.serial, self.booked_on, self.other_side, self.memo, *self.amount_columns}


def parse_fen(text: str, column: str = "") -> int:
    """Return fen for `1,234.50`, `-7` or `¥30`; raise ValueError for anything else, full-width digits too."""
    match = _AMOUNT.fullmatch(text.strip()) if text.isascii() or "¥" in text else None
    if match is None or any(char.isdigit() and not char.isascii() for char in text):
        raise _RowError(column, "not_an_amount")
    sign, whole, cents = match.groups()
    fen = int(whole.replace(",", "")) * 100 + int((cents or "0").ljust(2, "0"))
    return -fen if sign == "-" else fen


def parse_statement(data: bytes) -> Statement:
    """Read a statement; bad rows are named and never stop good ones. Raises UnknownLayoutError."""
    text = _decode(data)
    layout, header_row, rows = _find_layout(text)
    lines: list[Line] = []
    rejected: list[RejectedRow] = []
    for number, row in enumerate(rows, start=header_row + 1):
        if not any(value and value.strip() for value in row.values() if isinstance(value, str)):
            continue
        try:
            lines.append(_line(layout, row, number))
        except _RowError as error:
            rejected.append(RejectedRow(number, error.column, error.code))
    return Statement(layout.name, tuple(lines), tuple(rejected))


def _two_columns(row: Row) -> int:
    into, out = (row["收入金额"] or "").strip(), (row["支出金额"] or "").strip()
    in_fen = parse_fen(into, "收入金额") if into else 0
    out_fen = parse_fen(out, "支出金额") if out else 0
    if (in_fen > 0) == (out_fen > 0):
        raise _RowError("收入金额", "either_in_or_out")
    return in_fen - out_fen


def _marked(row: Row) -> int:
    mark = (row["借贷标志"] or "").strip()
    if mark not in {"借", "贷"}:
        raise _RowError("借贷标志", "neither_debit_nor_credit")
    fen = parse_fen(row["交易金额"] or "", "交易金额")
    if fen <= 0:
        raise _RowError("交易金额", "not_an_amount")
    return fen if mark == "贷" else -fen


def _signed(row: Row) -> int:
    fen = parse_fen(row["发生额"] or "", "发生额")
    if fen == 0:
        raise _RowError("发生额", "not_an_amount")
    return fen


LAYOUTS = (
    Layout(
        "two_columns",
        ",",
        "交易流水号",
        "交易日期",
        "对方户名",
        "摘要",
        ("收入金额", "支出金额"),
        _two_columns,
    ),
    Layout("marked", ",", "凭证号", "交易时间", "对手名称", "附言", ("借贷标志", "交易金额"), _marked),
    Layout("signed", ";", "流水号", "记账日期", "对方名称", "用途", ("发生额",), _signed),
)


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnknownLayoutError("neither UTF-8 nor GB18030")


def _find_layout(text: str) -> tuple[Layout, int, "csv.DictReader[str]"]:
    """Find the header within the first rows: banks put titles above it."""
    rows = text.splitlines()
    for number, row in enumerate(rows[:20], start=1):
        for layout in LAYOUTS:
            cells = {cell.strip().strip('"') for cell in row.split(layout.delimiter)}
            if layout.columns <= cells:
                rest = io.StringIO("\n".join(rows[number - 1 :]))
                reader = csv.DictReader(rest, delimiter=layout.delimiter, skipinitialspace=True)
                return layout, number, reader
    raise UnknownLayoutError("no known headings in the first rows")


def _line(layout: Layout, row: Row, number: int) -> Line:
    serial = (row[layout.serial] or "").strip()
    if not serial:
        raise _RowError(layout.serial, "missing")
    return Line(
        serial=serial,
        booked_on=_date(row[layout.booked_on] or "", layout.booked_on),
        amount_fen=layout.amount(row),
        name=(row[layout.other_side] or "").strip(),
        memo=(row[layout.memo] or "").strip(),
        row=number,
    )


def _date(text: str, column: str) -> date:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise _RowError(column, "not_a_date")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise _RowError(column, "not_a_date") from None
