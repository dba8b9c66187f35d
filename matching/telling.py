"""What is told outside when something happens to a need: the case's source, and the donor."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import notify
from jiujinan.outbox.services import tell
from matching.models import Commitment, Disbursement, Proposal, Referral
from needs.models import NeedItem


def tell_case(*, item: NeedItem, kind: str, amount: int, key: str, now: datetime) -> None:
    """Queue the write-back for the government's case record: what came, for which item."""
    case = item.need.case
    tell(
        destination="case-record",
        subject=f"case:{case.pk}",
        kind=kind,
        payload={
            "source": case.source,
            "number": case.number,
            "item": {"kind": item.kind, "category": item.category, "unit": item.unit},
            "amount": amount,
            "required": item.required,
            "committed": item.committed,
            "delivered": item.fulfilled,
            "gap": item.gap,
        },
        key=key,
        now=now,
    )


def tell_commitment(commitment: Commitment, item: NeedItem, now: datetime) -> None:
    """Tell the case record that help was promised."""
    tell_case(
        item=item, kind="help.committed", amount=commitment.amount, key=f"commitment:{commitment.pk}", now=now
    )


def tell_disbursement(disbursement: Disbursement, item: NeedItem, now: datetime) -> None:
    """Tell the case record that help arrived, and queue the donor's receipt."""
    tell_case(
        item=item,
        kind="help.delivered",
        amount=disbursement.amount,
        key=f"disbursement:{disbursement.pk}",
        now=now,
    )
    commitment = disbursement.commitment
    tell(
        destination="donor",
        subject=f"{'fund' if commitment.fund_id else 'lot'}:{commitment.fund_id or commitment.lot_id}",
        kind="help.delivered",
        payload={
            "commitment": str(commitment.pk),
            "receipt": disbursement.receipt,
            "amount": disbursement.amount,
        },
        key=f"donor:disbursement:{disbursement.pk}",
        now=now,
    )


def tell_expired_proposals(proposals: Sequence[Proposal], now: datetime) -> None:
    """Tell those who let proposals expire, by resource, and the owners of the cases, each once for all of them."""
    by_owner: dict[int, list[Proposal]] = defaultdict(list)
    by_resource: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_owner[proposal.item.need.case.owner_id].append(proposal)
        kind = "fund" if proposal.fund_id else "offer" if proposal.offer_id else "lot"
        by_resource[f"{kind}:{proposal.fund_id or proposal.offer_id or proposal.lot_id}"].append(proposal)
    for expired in by_owner.values():
        case = expired[0].item.need.case
        more = f" +{len(expired) - 1}" if len(expired) > 1 else ""
        notify(
            to=case.owner,
            kind="ended",
            subject=f"proposal:{expired[0].pk}",
            step=Step.PROPOSAL,
            case=case.pk,
            label=f"{case.number}{more}",
            key=f"proposal:{expired[0].pk}:expired",
            now=now,
        )
    for resource, expired in by_resource.items():
        tell(
            destination="donor",
            subject=resource,
            kind="proposals.expired",
            payload={"proposals": [str(one.pk) for one in expired]},
            key=f"donor:expired:{expired[0].pk}",
            now=now,
        )


def tell_referral(referral: Referral, item: NeedItem, now: datetime) -> None:
    """Tell the case record what became of a referral."""
    tell_case(
        item=item,
        kind=f"referral.{referral.state}",
        amount=referral.given or referral.quantity,
        key=f"referral:{referral.pk}:{referral.state}:{referral.given}",
        now=now,
    )
