"""Announcing contributions and matching them to the bank's statements; the money is at the charity's bank."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from donors.banking.reconciling import CLEAN, Expected, Finding, reconcile
from donors.banking.references import ALPHABET, reference_for
from donors.banking.statements import Line, RejectedRow, Statement, parse_statement
from donors.ledger import services as ledger
from donors.ledger.errors import FundClosed, InvalidAmount
from donors.ledger.rules import is_valid_amount
from donors.models import BankLine, Contribution, ContributionState, Fund, FundState, Payment, Source
from jiujinan.accounts.evidence import require_valid_evidence
from jiujinan.accounts.models import Organisation, User

_REFERENCES = len(ALPHABET) ** 7


@transaction.atomic
def announce_contribution(
    *,
    fund: Fund,
    donor_name: str,
    source: Source,
    amount_fen: int,
    now: datetime,
    donor: Organisation | None = None,
) -> Contribution:
    """
    Note down what a donor means to give, with the reference to write into the bank transfer.

    Raises FundClosed, InvalidAmount, EvidenceLapsed (the holder may take nothing new on).
    """
    require_valid_evidence(fund.holder, timezone.localdate(now, timezone.get_default_timezone()))
    if not is_valid_amount(amount_fen):
        raise InvalidAmount(amount=repr(amount_fen))
    if fund.state != FundState.OPEN:
        raise FundClosed(fund=str(fund.pk))
    return Contribution.objects.create(
        fund=fund,
        donor=donor,
        donor_name=donor_name,
        source=source,
        amount_fen=amount_fen,
        reference=reference_for(secrets.randbelow(_REFERENCES)),
        announced_at=now,
    )


@transaction.atomic
def read_statement(*, holder: Organisation, data: bytes, by: User | None, now: datetime) -> Statement:
    """
    Keep the lines of a statement file; a line that was read before, in whatever file, is kept once.

    Returns what the file says, with the rows that could not be read, and those whose serial number
    stands for another movement already. Raises UnknownLayoutError.
    """
    statement = parse_statement(data)
    BankLine.objects.bulk_create(
        [
            BankLine(
                holder=holder,
                serial=line.serial,
                booked_on=line.booked_on,
                amount_fen=line.amount_fen,
                name=line.name,
                memo=line.memo,
                read_by=by,
                read_at=now,
            )
            for line in statement.lines
        ],
        ignore_conflicts=True,
    )
    return replace(statement, rejected=(*statement.rejected, *_contradictions(holder, statement)))


@transaction.atomic
def settle_contributions(*, holder: Organisation, by: User | None, now: datetime) -> list[Finding]:
    """
    Match the announced contributions to the lines kept; post those without any doubt, return all findings.

    Only a contribution whose lines agree in reference or name and in amount is posted; every other
    finding waits for a person. Repeating it posts nothing twice.
    """
    findings, contributions = locked_findings(holder=holder, now=now)
    for finding in findings:
        if finding.verdict in CLEAN and finding.contribution is not None:
            post_contribution(
                contribution=contributions[finding.contribution],
                amount_fen=contributions[finding.contribution].amount_fen,
                lines=finding.lines,
                by=by,
                now=now,
            )
    return findings


def locked_findings(*, holder: Organisation, now: datetime) -> tuple[list[Finding], dict[str, Contribution]]:
    """Return what matching finds now, with the waiting contributions, whose rows stay locked; in a transaction."""
    waiting = Contribution.objects.select_for_update(of=("self",)).filter(
        fund__holder=holder, state=ContributionState.ANNOUNCED
    )
    contributions = {str(one.pk): one for one in waiting.select_related("fund").order_by("pk")}
    today = timezone.localdate(now, timezone.get_default_timezone())
    expected = [_expected(one) for one in contributions.values()]
    return reconcile(expected, _free_lines(holder), today=today), contributions


def current_findings(*, holder: Organisation, now: datetime) -> list[Finding]:
    """Return what matching finds now, for reading; nothing is locked or booked."""
    waiting = Contribution.objects.filter(fund__holder=holder, state=ContributionState.ANNOUNCED)
    today = timezone.localdate(now, timezone.get_default_timezone())
    return reconcile([_expected(one) for one in waiting.order_by("pk")], _free_lines(holder), today=today)


def give_receipt_number(*, contribution: Contribution, number: str) -> bool:
    """Write the number of the donation receipt, once; return whether it is now that number."""
    try:
        with transaction.atomic():
            Contribution.objects.filter(
                pk=contribution.pk, state=ContributionState.RECEIVED, receipt_number=None
            ).update(receipt_number=number)
    except IntegrityError:  # the number is another contribution's
        return False
    contribution.refresh_from_db(fields=["receipt_number"])
    return contribution.receipt_number == number


def _contradictions(holder: Organisation, statement: Statement) -> list[RejectedRow]:
    serials = [line.serial for line in statement.lines]
    kept = {line.serial: line for line in BankLine.objects.filter(holder=holder, serial__in=serials)}
    return [
        RejectedRow(line.row, "serial", "stands_for_another_line")
        for line in statement.lines
        if (kept[line.serial].amount_fen, kept[line.serial].booked_on) != (line.amount_fen, line.booked_on)
    ]


def _expected(contribution: Contribution) -> Expected:
    return Expected(
        id=str(contribution.pk),
        reference=contribution.reference,
        name=contribution.donor_name,
        amount_fen=contribution.amount_fen,
        announced_on=timezone.localdate(contribution.announced_at, timezone.get_default_timezone()),
    )


def _free_lines(holder: Organisation) -> list[Line]:
    """Return the holder's lines that no contribution or payment has used, and nobody has settled by hand."""
    used = {
        serial
        for refs in Contribution.objects.filter(fund__holder=holder, entry__isnull=False).values_list(
            "entry__refs", flat=True
        )
        for serial in refs.get("bank_line", "").split()
    }
    paid = set(
        Payment.objects.filter(batch__holder=holder, paid_fen__gt=0).values_list("bank_serial", "paid_fen")
    )
    return [
        Line(line.serial, line.booked_on, line.amount_fen, line.name, line.memo)
        for line in BankLine.objects.filter(holder=holder, settlement=None).order_by("booked_on", "pk")
        if line.serial not in used and (line.serial, -line.amount_fen) not in paid
    ]


def post_contribution(
    *, contribution: Contribution, amount_fen: int, lines: Sequence[Line], by: User | None, now: datetime
) -> None:
    """Book an amount (fen) as this contribution's, once; the lines go into the ledger's chain."""
    contribution.entry = ledger.receive(
        fund=contribution.fund,
        amount_fen=amount_fen,
        key=f"contribution:{contribution.pk}",
        by=by,
        now=now,
        refs={
            "contribution": str(contribution.pk),
            "source": contribution.source,
            "bank_line": " ".join(line.serial for line in lines),
        },
    )
    contribution.state, contribution.received_at = ContributionState.RECEIVED, now
    contribution.received_fen = amount_fen
    contribution.save(update_fields=["entry", "state", "received_at", "received_fen"])
