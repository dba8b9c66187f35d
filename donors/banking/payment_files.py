"""The payment file for the bank, and the bank's answer: CSV, UTF-8 with mark, amounts in yuan. Pure."""

import csv
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from donors.banking.statements import parse_fen

OUT_COLUMNS = ("付款编号", "收款人代号", "金额", "用途")
ANSWER_COLUMNS = ("付款编号", "结果", "实付金额", "交易流水号", "失败原因")
RESULTS = {"成功": "paid", "部分成功": "partly_paid", "失败": "failed"}


@dataclass(frozen=True)
class Order:
    """One payment as the bank gets it; the payee is a pseudonym that the charity's own system resolves."""

    payment: uuid.UUID
    payee_ref: str
    amount_fen: int


@dataclass(frozen=True)
class Answer:
    """What the bank says of one payment."""

    payment: uuid.UUID
    result: str
    paid_fen: int
    bank_serial: str
    failure: str


class BadAnswerError(ValueError):
    """A row of the bank's answer that cannot be right: `row` is its number in the file."""

    def __init__(self, row: int, code: str) -> None:
        super().__init__(f"row {row}: {code}")
        self.row, self.code = row, code


def payment_file(orders: Iterable[Order]) -> bytes:
    """Return the file for the bank. A cell never begins with a character that a spreadsheet would compute."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(OUT_COLUMNS)
    for order in orders:
        yuan = f"{order.amount_fen // 100}.{order.amount_fen % 100:02d}"
        writer.writerow([str(order.payment), _plain(order.payee_ref), yuan, "救助款"])
    return text.getvalue().encode("utf-8-sig")


def read_answers(data: bytes) -> list[Answer]:
    """Return the bank's answers. Raises BadAnswerError at the first row that cannot be right."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    if not set(ANSWER_COLUMNS) <= set(reader.fieldnames or ()):
        raise BadAnswerError(1, "unknown_headings")
    return [_answer(number, row) for number, row in enumerate(reader, start=2)]


def _answer(number: int, row: dict[str, str | None]) -> Answer:
    cells = {name: (row[name] or "").strip() for name in ANSWER_COLUMNS}
    result = RESULTS.get(cells["结果"])
    if result is None:
        raise BadAnswerError(number, "unknown_result")
    try:
        payment = uuid.UUID(cells["付款编号"])
        paid_fen = parse_fen(cells["实付金额"]) if result != "failed" else 0
    except ValueError as error:
        raise BadAnswerError(number, "unreadable_number_or_amount") from error
    if result != "failed" and (paid_fen <= 0 or not cells["交易流水号"]):
        raise BadAnswerError(number, "paid_without_amount_or_serial")
    return Answer(payment, result, paid_fen, cells["交易流水号"], cells["失败原因"])


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
