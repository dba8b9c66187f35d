"""The end of a fund's period: what its charter says of the rest is proposed by the clock and done by two people."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from donors.charter_rules import are_alike
from donors.errors import NotAlike, ReasonMissing, StillReserved, WrongState
from donors.ledger import services as ledger
from donors.ledger.models import FundBalance
from donors.models import EndingState, Fund, FundCharter, FundEnding, FundState, OnEnd
from donors.queries import book_entries, current_charter, current_charters
from donors.services.funds import amend_charter, close_fund
from donors.sources import shares_by_source
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_approve_payment, can_manage_fund
from jiujinan.audit import services as audit
from jiujinan.outbox.services import tell


def propose_endings(*, now: datetime, today: date) -> int:
    """
    Look after every open fund whose period is over; return how many were moved on.

    A charter that says "stays until it is spent" is carried on without an end, as its next version;
    for the others the end is laid before the holder, once.
    """
    over = current_charters().filter(fund__state=FundState.OPEN, fund__ending=None, ends_on__lt=today)
    return sum(_move_on(charter, now) for charter in over.order_by("ends_on", "fund_id"))


@transaction.atomic
def decide_ending(
    *, ending: FundEnding, reason: str, by: User, now: datetime, to_fund: Fund | None = None
) -> FundEnding:
    """
    Say where the rest goes, as the charter allows. Raises NotAllowed, WrongState, ReasonMissing, NotAlike.

    To a like purpose: a fund that takes transfers and serves the same things (慈善法 58).
    Back to the donor: nothing to choose.
    """
    locked = _locked(ending, EndingState.PROPOSED, EndingState.DECIDED)
    if not can_manage_fund(by, organisation_ids=[locked.fund.holder_id]):
        raise NotAllowed("the holder's fund manager decides")
    if not reason.strip():
        raise ReasonMissing
    if locked.on_end == OnEnd.SIMILAR_PURPOSE and (
        to_fund is None or to_fund not in like_funds(fund=locked.fund)
    ):
        raise NotAlike(fund=str(locked.fund_id))
    locked.to_fund = to_fund if locked.on_end == OnEnd.SIMILAR_PURPOSE else None
    locked.reason, locked.state = reason.strip()[:300], EndingState.DECIDED
    locked.decided_by, locked.decided_at = by, now
    locked.save(update_fields=["to_fund", "reason", "state", "decided_by", "decided_at"])
    _record(locked, "decide_ending", by, now)
    return locked


@transaction.atomic
def carry_out_ending(*, ending: FundEnding, by: User, now: datetime) -> FundEnding:
    """
    Approve the decision as another person: the rest goes where it was decided, and the fund closes.

    Raises NotAllowed, WrongState, StillReserved, and the ledger's refusals; then nothing has happened.
    """
    locked = _locked(ending, EndingState.DECIDED)
    if not can_approve_payment(by, organisation_id=locked.fund.holder_id, payer_id=locked.decided_by_id or 0):
        raise NotAllowed("another person, with the role of approver, approves")
    book = FundBalance.objects.get(fund=locked.fund)
    if book.reserved_fen:
        raise StillReserved(reserved_fen=book.reserved_fen)
    locked.rest_fen = book.available_fen
    if book.available_fen and locked.to_fund is not None:
        _transfer(locked, locked.to_fund, by, now)
    elif book.available_fen:
        _return_to_donors(locked, by, now)
    close_fund(fund=locked.fund, by=by, now=now, reason=locked.reason)
    locked.state, locked.approved_by, locked.approved_at = EndingState.DONE, by, now
    locked.save(update_fields=["rest_fen", "state", "approved_by", "approved_at"])
    _record(locked, "carry_out_ending", by, now)
    return locked


def like_funds(*, fund: Fund) -> QuerySet[Fund]:
    """Return the open funds of a like purpose whose charters take transfers."""
    charter = current_charter(fund=fund)
    alike = [
        other.fund_id
        for other in current_charters().filter(fund__state=FundState.OPEN, transfers_in=True)
        if other.fund_id != fund.pk and are_alike(charter, other)
    ]
    return Fund.objects.filter(pk__in=alike).select_related("holder")


@transaction.atomic
def _move_on(charter: FundCharter, now: datetime) -> bool:
    ended_on = charter.ends_on
    assert ended_on is not None, "only charters whose last day is past are looked at"
    if charter.on_end == OnEnd.CONTINUE:
        amend_charter(
            fund=charter.fund, changes={"ends_on": None}, by=None, now=now, reason="stays until it is spent"
        )
        return True
    rest_fen = FundBalance.objects.get(fund=charter.fund).available_fen
    ending, is_new = FundEnding.objects.get_or_create(
        fund=charter.fund,
        defaults={
            "on_end": charter.on_end,
            "ended_on": ended_on,
            "rest_fen": rest_fen,
            "proposed_at": now,
        },
    )
    if is_new:
        _record(ending, "propose_ending", None, now)
        tell(
            destination="organisation",
            subject=f"organisation:{charter.fund.holder_id}",
            kind="fund.ended",
            payload={"fund": str(charter.fund_id), "rest_fen": rest_fen, "on_end": charter.on_end},
            key=f"ending:{ending.pk}",
            now=now,
        )
    return is_new


def _transfer(ending: FundEnding, to_fund: Fund, by: User, now: datetime) -> None:
    """Give the rest to the like fund; the donor agreed to that with the charter, which now says how."""
    charter = current_charter(fund=ending.fund)
    if not charter.transfers_out:
        amend_charter(
            fund=ending.fund,
            changes={"transfers_out": True},
            by=by,
            now=now,
            reason=ending.reason,
            donor_consent=f"charter version {charter.version}: on_end {ending.on_end}",
            donor_consent_on=charter.written_at.date(),
        )
    ledger.transfer(
        fund=ending.fund,
        to_fund=to_fund,
        amount_fen=ending.rest_fen,
        key=f"ending:{ending.pk}",
        by=by,
        now=now,
        refs={"reason": "end of the fund"},
    )


def _return_to_donors(ending: FundEnding, by: User, now: datetime) -> None:
    """Give what is left of each receipt back to whom it came from, first in first out (donors.sources)."""
    entries = book_entries(fund=ending.fund, by_receipt=True)
    for share in shares_by_source(entries):
        if share.held_fen:
            ledger.refund(
                fund=ending.fund,
                amount_fen=share.held_fen,
                key=f"ending:{ending.pk}:{share.source}",
                by=by,
                now=now,
                refs={"receipt_entry": share.source, "reason": "end of the fund"},
            )


def _locked(ending: FundEnding, *states: EndingState) -> FundEnding:
    locked = (
        FundEnding.objects.select_for_update(of=("self",)).select_related("fund", "to_fund").get(pk=ending.pk)
    )
    if locked.state not in states:
        raise WrongState(state=locked.state)
    return locked


def _record(ending: FundEnding, action: str, by: User | None, now: datetime) -> None:
    audit.record(
        stream=f"fund:{ending.fund_id}",
        action=action,
        by=by,
        subject=f"fund:{ending.fund_id}",
        reason=ending.reason,
        data={
            "on_end": ending.on_end,
            "rest_fen": ending.rest_fen,
            "to_fund": str(ending.to_fund_id) if ending.to_fund_id else None,
        },
        now=now,
    )
