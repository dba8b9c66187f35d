"""Which announced contribution each bank line belongs to, and every way in which the two disagree."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from donors.banking.references import references_in
from donors.banking.statements import Line


class Verdict(StrEnum):
    """What is the case with one contribution or one line."""

    MATCHED = "matched"
    SPLIT = "split"  # several lines, together the amount
    WRONG_AMOUNT = "wrong_amount"
    WRONG_NAME = "wrong_name"
    DOUBLE = "double"  # paid in full, and again
    REFUND = "refund"  # money went back
    MISSING = "missing"
    STRAY = "stray"  # money that belongs to no announced contribution


# What may be posted without anybody looking.
CLEAN = frozenset({Verdict.MATCHED, Verdict.SPLIT})


@dataclass(frozen=True)
class Expected:
    """An announced contribution, as far as matching needs it."""

    id: str
    reference: str
    name: str
    amount_fen: int
    announced_on: date


@dataclass(frozen=True)
class Finding:
    """One contribution with its lines, or (contribution None) one stray line. Net is in less back, in fen."""

    verdict: Verdict
    contribution: str | None
    lines: tuple[Line, ...]
    net_fen: int


def reconcile(
    expected: Sequence[Expected], lines: Iterable[Line], *, today: date, patience_days: int = 7
) -> list[Finding]:
    """
    Return one finding for each contribution that has lines or is overdue, then one for each stray line.

    A line belongs to the contribution whose reference is in its memo; a line without any valid reference
    belongs to the only contribution, still without lines, of the same name and amount. A line whose
    references name several contributions is stray: a person must look.
    """
    by_reference = {one.reference: one for one in expected}
    of: dict[str, list[Line]] = defaultdict(list)
    loose: list[Line] = []
    stray: list[Line] = []
    for line in lines:
        named = [by_reference[code] for code in references_in(line.memo) if code in by_reference]
        if len(named) == 1:
            of[named[0].id].append(line)
        else:
            (stray if named else loose).append(line)
    stray += _by_name(expected, loose, of)
    findings = [_judge(one, of[one.id], today, patience_days) for one in expected]
    strays = [Finding(Verdict.STRAY, None, (line,), line.amount_fen) for line in stray]
    return [finding for finding in findings if finding is not None] + strays


def plain_name(name: str) -> str:
    """Return a payer's name without width, blanks, brackets and case, for comparing."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in plain if char.isalnum())


def _by_name(expected: Sequence[Expected], loose: list[Line], of: dict[str, list[Line]]) -> list[Line]:
    """Give loose lines to the only fitting contribution; return those that fit none, or several."""
    waiting: dict[tuple[str, int], list[Expected]] = defaultdict(list)
    for one in expected:
        if not of[one.id]:
            waiting[plain_name(one.name), one.amount_fen].append(one)
    fitting: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in loose:
        fitting[plain_name(line.name), line.amount_fen].append(line)
    left: list[Line] = []
    for key, same in fitting.items():
        if len(same) == 1 and len(waiting[key]) == 1 and key[0]:
            of[waiting[key][0].id].append(same[0])
        else:
            left += same
    return left


def _judge(one: Expected, lines: list[Line], today: date, patience_days: int) -> Finding | None:
    net_fen = sum(line.amount_fen for line in lines)
    if not lines:
        overdue = today > one.announced_on + timedelta(days=patience_days)
        return Finding(Verdict.MISSING, one.id, (), 0) if overdue else None
    return Finding(_verdict(one, lines), one.id, tuple(lines), net_fen)


def _verdict(one: Expected, lines: list[Line]) -> Verdict:
    into = [line.amount_fen for line in lines if line.amount_fen > 0]
    if len(into) < len(lines):
        return Verdict.REFUND
    if len(into) > 1 and one.amount_fen in into:
        return Verdict.DOUBLE
    if sum(into) != one.amount_fen:
        return Verdict.WRONG_AMOUNT
    if any(plain_name(line.name) != plain_name(one.name) for line in lines):
        return Verdict.WRONG_NAME
    return Verdict.MATCHED if len(into) == 1 else Verdict.SPLIT
