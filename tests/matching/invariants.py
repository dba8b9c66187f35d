"""What must hold after any act of matching, whoever did it: needs, funds, supplies and traces agree."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from donors.ledger.models import FundBalance
from donors.ledger.queries import replayed
from donors.models import Fund, GoodsLot, ServiceOffer
from jiujinan.audit.models import AuditStream
from jiujinan.audit.services import first_broken_entry
from matching.columns import uuids
from matching.engine import Outcome
from matching.models import Commitment, MatchRun, Referral
from matching.parts import TABLES, whole
from matching.snapshot import SUPPLY_OF
from matching.states import RUNNING_REFERRALS, STANDING_COMMITMENTS, WAITING_REFERRALS
from needs.models import NeedItem

Sums = dict[UUID, int]


def everything_holds() -> None:
    """Assert every invariant that the database's rows can show."""
    commitments = list(Commitment.objects.prefetch_related("disbursements"))
    referrals = list(Referral.objects.all())
    for one in commitments:
        assert (
            sum(paid.amount for paid in one.disbursements.all() if paid.state == "paid")
            == one.disbursed
            <= one.amount
        )
    _items_hold(commitments, referrals)
    _funds_hold(commitments)
    _supplies_hold(commitments, referrals)
    for run in MatchRun.objects.exclude(
        snapshot_digest=""
    ):  # those that solved; some tests write theirs by hand
        every_row_has_its_reason(run)


def trails_hold() -> None:
    """Assert that every stream of the trail is whole."""
    for name in AuditStream.objects.values_list("name", flat=True):
        assert first_broken_entry(stream=name) is None


def every_row_has_its_reason(run: MatchRun) -> None:
    """Assert that each need and each resource that the run saw has an outcome, and one that fits what is left."""
    for table in TABLES[:-1]:
        seen, became = whole(run, table, "seen"), whole(run, table, "became")
        assert len(became["outcome"]) == len(seen["id"])
        assert set(became["outcome"].tolist()) <= set(Outcome)
        full = became["outcome"] == Outcome.MATCHED
        assert (became["open"][full] == 0).all()
        assert (became["open"][~full] > 0).all()


def open_after(run: MatchRun) -> dict[UUID, int]:
    """Return what the run left open of each item."""
    found: dict[UUID, int] = {}
    for table in SUPPLY_OF:
        keys, left = whole(run, table, "seen")["id"], whole(run, table, "became")["open"]
        found |= dict(zip(uuids(keys), left.tolist(), strict=True))
    return found


def _promised(commitment: Commitment) -> int:
    return commitment.amount if commitment.state in STANDING_COMMITMENTS else commitment.disbursed


def _asked(referral: Referral) -> int:
    return referral.quantity if referral.state in WAITING_REFERRALS | RUNNING_REFERRALS else referral.given


def _sums(rows: Iterable[tuple[UUID | None, int]]) -> Sums:
    sums: Sums = defaultdict(int)
    for key, amount in rows:
        if key is not None:
            sums[key] += amount
    return sums


def _items_hold(commitments: list[Commitment], referrals: list[Referral]) -> None:
    committed = _sums(
        [(one.item_id, _promised(one)) for one in commitments]
        + [(one.item_id, _asked(one)) for one in referrals]
    )
    fulfilled = _sums(
        [(one.item_id, one.disbursed) for one in commitments]
        + [(one.item_id, one.given) for one in referrals]
    )
    for item in NeedItem.objects.all():
        assert (item.committed, item.fulfilled) == (committed[item.pk], fulfilled[item.pk])
        assert item.gap == item.lacking - item.committed >= 0
        assert item.fulfilled <= item.committed


def _funds_hold(commitments: list[Commitment]) -> None:
    promised = _sums((one.fund_id, _promised(one)) for one in commitments)
    paid = _sums((one.fund_id, one.disbursed) for one in commitments)
    for fund in Fund.objects.all():
        book = FundBalance.objects.get(fund=fund)
        assert book.available_fen >= 0
        assert book.reserved_fen + book.disbursed_fen == promised[fund.pk]
        assert book.disbursed_fen == paid[fund.pk]
        assert {name: getattr(book, f"{name}_fen") for name in replayed(fund=fund)} == replayed(fund=fund)


def _supplies_hold(commitments: list[Commitment], referrals: list[Referral]) -> None:
    used = _sums(
        [(one.lot_id, one.disbursed) for one in commitments]
        + [(one.offer_id, one.given) for one in referrals]
    )
    taken = _sums(
        [(one.lot_id, _promised(one)) for one in commitments]
        + [(one.offer_id, _asked(one)) for one in referrals]
    )
    for supply in (*ServiceOffer.objects.all(), *GoodsLot.objects.all()):
        assert (supply.reserved + supply.used, supply.used) == (taken[supply.pk], used[supply.pk])
        assert supply.reserved + supply.used <= supply.total
