"""What is told outside when something happens to a need: the case's source, and the donor."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from jiujinan.accounts.models import User
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


class _Expired(NamedTuple):
    """One proposal that expired, its resource, and whose case it was for."""

    pk: UUID
    fund: UUID | None
    offer: UUID | None
    lot: UUID | None
    owner: int
    case: UUID
    number: str

    @property
    def resource(self) -> str:
        """Return the subject under which the resource's giver is told."""
        kind = "fund" if self.fund else "offer" if self.offer else "lot"
        return f"{kind}:{self.fund or self.offer or self.lot}"


def tell_expired_proposals(proposals: Collection[UUID], now: datetime) -> None:
    """Tell those who let proposals expire, by resource, and the owners of the cases, each once for all of them."""
    by_owner: dict[int, list[_Expired]] = defaultdict(list)
    by_resource: dict[str, list[_Expired]] = defaultdict(list)
    told = Proposal.objects.filter(pk__in=proposals).order_by("expires_at", "pk")
    for row in told.values_list(
        "pk", "fund_id", "offer_id", "lot_id",
        "item__need__case__owner_id", "item__need__case_id", "item__need__case__number",
    ):  # fmt: skip
        proposal = _Expired(*row)
        by_owner[proposal.owner].append(proposal)
        by_resource[proposal.resource].append(proposal)
    owners = User.objects.in_bulk(list(by_owner))
    for owner, expired in by_owner.items():
        first, others = expired[0], len(expired) - 1
        notify(
            to=owners[owner],
            kind="ended",
            subject=f"proposal:{first.pk}",
            step=Step.PROPOSAL,
            case=first.case,
            label=f"{first.number} +{others}" if others else first.number,
            key=f"proposal:{first.pk}:expired",
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
