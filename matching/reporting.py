"""What a donor is told: where the money went, what it did, and what lies idle and why."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from donors.models import Fund
from matching.models import Commitment, DonorReport
from matching.queries import why_supply
from matching.states import CommitmentState
from needs.models import GateDecision


@dataclass(frozen=True)
class ReportLine:
    """One project that the fund helped. Amounts in fen; the project's number and words are the public ones."""

    project: str
    title_zh: str
    title_en: str
    kind: str
    category: str  # empty where the gate lets only the kind be said: a report may be passed on
    committed_fen: int
    disbursed_fen: int
    state: str
    receipts: tuple[str, ...]
    fulfilled_percent: int


@dataclass(frozen=True)
class FundReport:
    """One fund's report at a moment; amounts in fen."""

    fund: str
    name: str
    holder: str
    named_for: str
    on: date
    received_fen: int
    available_fen: int
    reserved_fen: int
    disbursed_fen: int
    lines: tuple[ReportLine, ...]
    idle_reasons: dict[str, object]

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the content."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()


def report_on(*, fund: Fund, now: datetime) -> FundReport:
    """Return what the fund's donor is to be told now."""
    balance = fund.balance
    latest = why_supply(kind="fund", supply=fund.pk)
    return FundReport(
        fund=str(fund.pk),
        name=fund.name,
        holder=fund.holder.name,
        named_for=fund.named_for.name if fund.named_for else "",
        on=timezone.localdate(now),
        received_fen=-balance.external_fen,
        available_fen=balance.available_fen,
        reserved_fen=balance.reserved_fen,
        disbursed_fen=balance.disbursed_fen,
        lines=_lines(fund),
        idle_reasons={"outcome": latest.reasons.outcome, "failed": list(latest.reasons.failed)}
        if latest
        else {},
    )


@transaction.atomic
def file_report(*, fund: Fund, now: datetime) -> FundReport:
    """Make the fund's report and keep its digest, so that what was told can be proven later."""
    report = report_on(fund=fund, now=now)
    DonorReport.objects.create(fund=fund, at=now, digest=report.digest())
    return report


def _lines(fund: Fund) -> tuple[ReportLine, ...]:
    given = (
        Commitment.objects.filter(fund=fund)
        .exclude(state=CommitmentState.RELEASED)
        .select_related("item")
        .prefetch_related("disbursements")
    )
    commitments = list(given.order_by("at", "pk"))
    decisions = {
        decision.need_id: decision
        for decision in GateDecision.objects.filter(
            need_id__in=[one.item.need_id for one in commitments], outcome="published"
        ).select_related("project")
    }
    return tuple(_line(one, decisions.get(one.item.need_id)) for one in commitments)


def _line(commitment: Commitment, decision: GateDecision | None) -> ReportLine:
    project = decision.project if decision else None
    place = decision.item_places.get(str(commitment.item_id)) if decision else None
    shown = project.items.filter(place=place).first() if project and place is not None else None
    return ReportLine(
        project=project.number if project else "",
        title_zh=project.title_zh if project else "",
        title_en=project.title_en if project else "",
        kind=commitment.item.kind,
        category=shown.category if shown else "",
        committed_fen=commitment.amount,
        disbursed_fen=commitment.disbursed,
        state=commitment.state,
        receipts=tuple(sorted(one.receipt for one in commitment.disbursements.all() if one.receipt)),
        fulfilled_percent=shown.fulfilled_percent if shown else 0,
    )
