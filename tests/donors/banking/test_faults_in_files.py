"""The thousand faults once more, through the banks' own files: three layouts, two encodings, lines told twice."""

import random
from datetime import date

import pytest

from donors.banking.reconciling import Expected, Verdict, reconcile
from donors.banking.references import reference_for
from donors.banking.statements import Line, parse_statement
from tests.donors.banking.test_reconciling import NAMES, TODAY, Bank

EARLY = date(2026, 7, 1)


def yuan(fen: int) -> str:
    return f"{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def two_columns(line: Line) -> str:
    into, out = (yuan(line.amount_fen), "") if line.amount_fen > 0 else ("", yuan(line.amount_fen))
    return f'{line.serial},{line.booked_on:%Y%m%d},{line.name},{line.memo},"{into}","{out}"'


def marked(line: Line) -> str:
    mark = "贷" if line.amount_fen > 0 else "借"
    return f'{line.serial},{line.booked_on:%Y/%m/%d} 10:00,{line.name},{line.memo},{mark},"{yuan(line.amount_fen)}"'


def signed(line: Line) -> str:
    sign = "" if line.amount_fen > 0 else "-"
    return f"{line.serial};{line.booked_on:%Y-%m-%d};{line.name};{sign}{yuan(line.amount_fen)};{line.memo}"


FILES = [
    ("交易流水号,交易日期,对方户名,摘要,收入金额,支出金额", two_columns, "utf-8-sig"),
    ("凭证号,交易时间,对手名称,附言,借贷标志,交易金额", marked, "gb18030"),
    ("流水号;记账日期;对方名称;发生额;用途", signed, "gb18030"),
]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_fault_of_a_thousand_is_found_in_the_files_and_none_is_invented(seed: int) -> None:
    rng = random.Random(seed)
    bank = Bank(rng)
    faults = [one for one in Verdict if one not in {Verdict.MATCHED, Verdict.STRAY}]
    expected, truth = [], {}
    for number in range(1_600):
        one = Expected(
            f"c{number}",
            reference_for(number * 7_919 + seed),
            rng.choice(NAMES),
            rng.randint(10, 500_000),
            EARLY,
        )
        verdict = faults[number % len(faults)] if number < 1_000 else Verdict.MATCHED
        expected.append(one)
        truth[one.id] = verdict
        bank.pay(one, verdict)
    for number in range(100):
        bank.book(600_000 + number, "路人", "捐款")
    rng.shuffle(bank.lines)
    read: dict[str, Line] = {}
    for place, (head, write, encoding) in enumerate(FILES):
        rows = [write(line) for line in bank.lines[place::3]]
        data = "\r\n".join(["对账单", head, *rows, rows[0]]).encode(encoding)
        statement = parse_statement(data)
        assert statement.rejected == ()
        read |= {line.serial: line for line in statement.lines}
    findings = reconcile(expected, read.values(), today=TODAY)
    told = {finding.contribution: finding.verdict for finding in findings if finding.contribution}
    assert told == truth
    assert sum(verdict is not Verdict.MATCHED for verdict in told.values()) == 1_000
    assert [finding.verdict for finding in findings if finding.contribution is None] == [Verdict.STRAY] * 100
