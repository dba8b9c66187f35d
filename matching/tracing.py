"""Following a fen the whole way: donor → fund → payment → project → receipt → bank line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from donors.ledger.models import Kind, LedgerTransaction
from donors.ledger.queries import traced
from donors.ledger.tracing import Share
from donors.models import Contribution, Fund
from matching.models import Commitment, Disbursement
from needs.models import GateDecision


@dataclass(frozen=True)
class Path:
    """
    One share of one payment, from the donor's transfer to the bank's line; amounts in fen, all else references.

    Empty is what there is none of: a gift without an announcement, a need that is not published, a handover that no
    bank saw. Donors and households are told by reference and project number, never by name.
    """

    fen: int
    contribution: str  # the reference that the donor wrote into the transfer
    source: str
    donation_receipt: str
    bank_line_in: str
    received: str  # the ledger's entries, by id
    fund: str
    payment: str
    commitment: str
    project: str
    receipt: str
    bank_line_out: str


def paths_of(*, fund: Fund) -> list[Path]:
    """Return the way of every paid fen of the fund, payment by payment in the order of its book."""
    shares = traced(fund=fund)
    found = _Found({UUID(share.payment) for share in shares} | {UUID(share.receipt) for share in shares})
    return [found.path(share) for share in shares]


class _Found:
    """What is known about the entries, read in a fixed number of queries."""

    def __init__(self, entry_ids: set[UUID]) -> None:
        self.entries = LedgerTransaction.objects.in_bulk(entry_ids)
        payments = [entry for entry in self.entries.values() if entry.kind == Kind.DISBURSE]
        promised = Commitment.objects.filter(hold__in={entry.reservation_id for entry in payments})
        paid = Disbursement.objects.filter(key__in=[entry.key for entry in payments])
        self.gifts = {one.entry_id: one for one in Contribution.objects.filter(entry__in=self.entries)}
        self.promised: dict[UUID | None, Commitment] = {
            one.hold: one for one in promised.select_related("item")
        }
        self.receipts = dict(paid.values_list("key", "receipt"))
        self.projects = _projects(one.item.need_id for one in self.promised.values())

    def path(self, share: Share) -> Path:
        came, paid = self.entries[UUID(share.receipt)], self.entries[UUID(share.payment)]
        gift, promise = self.gifts.get(came.pk), self.promised.get(paid.reservation_id)
        return Path(
            fen=share.fen,
            contribution=gift.reference if gift else "",
            source=came.refs.get("source", ""),
            donation_receipt=(gift.receipt_number or "") if gift else "",
            bank_line_in=came.refs.get("bank_line", ""),
            received=str(came.pk),
            fund=str(paid.fund_id),
            payment=str(paid.pk),
            commitment=str(promise.pk) if promise else "",
            project=self.projects.get(promise.item.need_id, "") if promise else "",
            receipt=self.receipts.get(paid.key, ""),
            bank_line_out=paid.refs.get("bank_line", ""),
        )


def _projects(need_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    published = GateDecision.objects.filter(need__in=set(need_ids), outcome="published", withdrawn_at=None)
    return dict(published.values_list("need_id", "project_id"))
