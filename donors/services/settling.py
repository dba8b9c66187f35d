"""Settling by hand what the bank's statement and the announcements disagree on; each decision with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from donors.banking.reconciling import Finding, Verdict
from donors.errors import ActNotFitting, FindingGone, ReasonMissing
from donors.ledger import services as ledger
from donors.models import (
    BankLine,
    Contribution,
    ContributionState,
    Fund,
    Settlement,
    SettlementAct,
    Source,
)
from donors.services.contributions import announce_contribution, locked_findings, post_contribution
from jiujinan.accounts.models import Organisation, User
from jiujinan.audit import services as audit

_Act = SettlementAct
# What may be decided about each fault; a missing gift that may still come is left alone.
ACTS_FOR: Mapping[Verdict, tuple[SettlementAct, ...]] = {
    Verdict.WRONG_AMOUNT: (_Act.ACCEPT,),
    Verdict.WRONG_NAME: (_Act.ACCEPT, _Act.CANCEL),
    Verdict.DOUBLE: (_Act.ACCEPT, _Act.ACCEPT_ONCE),
    Verdict.REFUND: (_Act.ACCEPT, _Act.CANCEL),
    Verdict.MISSING: (_Act.CANCEL,),
    Verdict.STRAY: (_Act.ASSIGN, _Act.NEW_GIFT, _Act.REFUND, _Act.SET_ASIDE),
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decided; the fields that an act needs are filled in."""

    act: SettlementAct
    reason: str
    contribution: Contribution | None = None  # of assign and refund
    fund: Fund | None = None  # of new_gift
    source: Source = Source.CHARITY
    donor_name: str = ""


def finding_key(finding: Finding) -> str:
    """Return what names a finding from one look to the next: its contribution and its lines."""
    return "|".join([finding.contribution or "", *(line.serial for line in finding.lines)])


def acts_for(finding: Finding) -> tuple[SettlementAct, ...]:
    """Return what may be decided about this finding."""
    acts = ACTS_FOR.get(finding.verdict, ())
    into = finding.net_fen > 0
    if finding.verdict is Verdict.STRAY:
        outward = (_Act.REFUND, _Act.SET_ASIDE)
        return tuple(act for act in acts if (act != _Act.REFUND if into else act in outward))
    if finding.verdict is Verdict.REFUND:
        return (_Act.ACCEPT,) if into else (_Act.CANCEL,)
    return acts


@transaction.atomic
def settle_by_hand(
    *, holder: Organisation, key: str, decision: Decision, by: User, now: datetime
) -> Settlement:
    """
    Carry out a decision about the finding of that key, as it still is; its lines are never matched again.

    Raises ReasonMissing, FindingGone, ActNotFitting, and the ledger's refusals.
    """
    if not decision.reason.strip():
        raise ReasonMissing
    findings, waiting = locked_findings(holder=holder, now=now)
    finding = next((one for one in findings if finding_key(one) == key), None)
    if finding is None:
        raise FindingGone(key=key)
    if decision.act not in acts_for(finding):
        raise ActNotFitting(reason="not_for_this_fault")
    contribution = waiting.get(finding.contribution or "") or decision.contribution
    booked_fen, contribution = _carry_out(holder, finding, decision, contribution, by, now)
    settlement = Settlement.objects.create(
        holder=holder,
        contribution=contribution,
        verdict=finding.verdict,
        act=decision.act,
        booked_fen=booked_fen,
        reason=decision.reason.strip()[:300],
        by=by,
        at=now,
    )
    _keep_lines(holder, finding, settlement)
    audit.record(
        stream=f"gifts:{holder.pk}",
        action="settle_by_hand",
        by=by,
        subject=f"settlement:{settlement.pk}",
        reason=settlement.reason,
        data={
            "verdict": finding.verdict,
            "act": decision.act,
            "booked_fen": booked_fen,
            "contribution": str(contribution.pk) if contribution else None,
            "lines": [line.serial for line in finding.lines],
        },
        now=now,
    )
    return settlement


def _carry_out(
    holder: Organisation,
    finding: Finding,
    decision: Decision,
    contribution: Contribution | None,
    by: User,
    now: datetime,
) -> tuple[int, Contribution | None]:
    """Do the act; return what was booked (fen, negative for money back) and whose it is."""
    net_fen = finding.net_fen
    if decision.act == _Act.SET_ASIDE:
        return 0, None
    if decision.act == _Act.NEW_GIFT:
        contribution = _new_gift(holder, finding, decision, now)
    if contribution is None or contribution.fund.holder_id != holder.pk:
        raise ActNotFitting(reason="whose_gift")
    if decision.act == _Act.CANCEL:
        contribution.state = ContributionState.CANCELLED
        contribution.save(update_fields=["state"])
        return 0, contribution
    if decision.act == _Act.REFUND:
        return _refund(contribution, finding, by, now), contribution
    if contribution.state != ContributionState.ANNOUNCED:
        raise ActNotFitting(reason="already_received")
    booked_fen = contribution.amount_fen if decision.act == _Act.ACCEPT_ONCE else net_fen
    if booked_fen <= 0:
        raise ActNotFitting(reason="nothing_came")
    post_contribution(contribution=contribution, amount_fen=booked_fen, lines=finding.lines, by=by, now=now)
    return booked_fen, contribution


def _new_gift(holder: Organisation, finding: Finding, decision: Decision, now: datetime) -> Contribution:
    if decision.fund is None or decision.fund.holder_id != holder.pk:
        raise ActNotFitting(reason="which_fund")
    return announce_contribution(
        fund=decision.fund,
        donor_name=decision.donor_name.strip() or finding.lines[0].name or "—",
        source=decision.source,
        amount_fen=finding.net_fen,
        now=now,
    )


def _refund(contribution: Contribution, finding: Finding, by: User, now: datetime) -> int:
    """Book money that the bank already sent back to the donor."""
    locked = (
        Contribution.objects.select_for_update(of=("self",)).select_related("fund").get(pk=contribution.pk)
    )
    back_fen = -finding.net_fen
    if (
        locked.state != ContributionState.RECEIVED
        or back_fen > (locked.received_fen or 0) - locked.refunded_fen
    ):
        raise ActNotFitting(reason="more_than_came")
    ledger.refund(
        fund=locked.fund,
        amount_fen=back_fen,
        key=f"refund:{locked.pk}:{finding.lines[0].serial}",
        by=by,
        now=now,
        refs={
            "contribution": str(locked.pk),
            "source": locked.source,
            "bank_line": " ".join(line.serial for line in finding.lines),
        },
    )
    locked.refunded_fen += back_fen
    locked.save(update_fields=["refunded_fen"])
    return -back_fen


def _keep_lines(holder: Organisation, finding: Finding, settlement: Settlement) -> None:
    serials: Sequence[str] = [line.serial for line in finding.lines]
    BankLine.objects.filter(holder=holder, serial__in=serials).update(settlement=settlement)
