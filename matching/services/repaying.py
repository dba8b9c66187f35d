"""Revolving funds (周转金): what was lent to a need comes back from later relief."""

from datetime import datetime

from django.db import transaction

from donors.errors import InvalidPayment
from donors.ledger import services as ledger
from donors.models import FundKind
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_pay
from jiujinan.audit.services import record
from matching.models import Commitment, Repayment
from matching.services.delivery import KeyReused


@transaction.atomic
def repay(
    *, commitment: Commitment, amount_fen: int, key: str, by: User, now: datetime, note: str = ""
) -> Repayment:
    """
    Take money back into the revolving fund that lent it; the need itself stays served.

    Once for each key. Raises NotAllowed, InvalidPayment (no revolving fund, or more than is still out), KeyReused.
    """
    locked = Commitment.objects.select_for_update(of=("self",)).select_related("fund").get(pk=commitment.pk)
    fund = locked.fund
    if fund is None or fund.kind != FundKind.REVOLVING:
        raise InvalidPayment(reason="not_revolving")
    if not can_pay(by, organisation_id=fund.holder_id):
        raise NotAllowed("only a payer of the holding charity books what came back")
    known = Repayment.objects.filter(key=key).first()
    if known is not None:
        if (known.commitment_id, known.amount) != (locked.pk, amount_fen):
            raise KeyReused(key)
        return known
    if not 0 < amount_fen <= locked.disbursed - locked.repaid:
        raise InvalidPayment(reason="more_than_lent")
    entry = ledger.return_(
        fund=fund,
        amount_fen=amount_fen,
        key=f"repayment:{key}",
        by=by,
        now=now,
        refs={"commitment": str(locked.pk), "reason": "repaid"},
    )
    locked.repaid += amount_fen
    locked.save(update_fields=["repaid"])
    commitment.repaid = locked.repaid
    record(
        stream=f"need:{commitment.item.need_id}",
        action="commitment.repay",
        by=by,
        subject=f"commitment:{locked.pk}",
        data={"amount": amount_fen},
        reason=note,
        now=now,
    )
    return Repayment.objects.create(
        commitment=locked, amount=amount_fen, key=key, entry=entry, note=note, by=by, at=now
    )
