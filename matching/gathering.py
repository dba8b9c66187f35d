"""From the database to a snapshot: what stands open on both sides at a moment."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, Sum

from donors.models import Fund, FundCharter, GoodsLot, ServiceOffer
from donors.models.supplies import SupplyQuerySet
from donors.pairing_rules import narrowed
from donors.queries import paired_regions
from jiujinan.codes import ItemKind
from matching.models import Commitment, Proposal
from matching.rules import priority
from matching.snapshot import FundRow, ItemRow, PromiseRow, Snapshot, UnitRow
from matching.states import CommitmentState, ProposalState
from needs.models import GateDecision, NeedItem
from needs.states import OFFERED_NEEDS, ProjectState

Amounts = dict[UUID, int]
Paired = Mapping[int, tuple[str, ...]]  # partner → the divisions of its pairings in force


def gather(*, now: datetime) -> Snapshot:
    """Return what a run started now would see; what proposals hold for an answer is already taken off."""
    today = now.date()
    items = _open_items(today)
    paired = paired_regions(today=today)
    funds = _fund_rows(today, paired)
    return Snapshot(
        today=today.toordinal(),
        cash=items[ItemKind.CASH],
        services=items[ItemKind.SERVICE],
        goods=items[ItemKind.GOODS],
        funds=funds,
        promises=_promises(today),
        offers=_unit_rows(
            ServiceOffer.objects.active().exclude(organisation__evidence_expires_on__lt=today),
            "offer",
            "ends_on",
            today,
            paired,
        ),
        lots=_unit_rows(
            GoodsLot.objects.active().exclude(station__evidence_expires_on__lt=today),
            "lot",
            "expires_on",
            today,
            paired,
        ),
    )


def _proposed(field: str) -> Amounts:
    """Return what unanswered proposals hold, by item, fund, offer or lot."""
    waiting = Proposal.objects.filter(state=ProposalState.PROPOSED).exclude(**{field: None})
    return dict(waiting.order_by().values_list(field).annotate(Sum("amount")))


def _open_items(today: date) -> dict[ItemKind, tuple[ItemRow, ...]]:
    """Return what lacks, by kind, of needs that the gate let through; a need that is merely called public is not."""
    held = _proposed("item")
    passed = GateDecision.objects.filter(
        outcome="published", withdrawn_at=None, project__state=ProjectState.PUBLISHED
    )
    open_items = (
        NeedItem.objects.filter(gap__gt=0, need__state__in=OFFERED_NEEDS, need__suspended_at=None)
        .filter(need__in=passed.values("need"))
        .select_related("need__case")
        .order_by("pk")
    )
    rows: dict[ItemKind, list[ItemRow]] = defaultdict(list)
    for item in open_items.iterator(chunk_size=2000):
        gap = item.gap - held.get(item.pk, 0)
        if gap > 0:
            rows[ItemKind(item.kind)].append(_item_row(item, gap, today))
    return {kind: tuple(rows[kind]) for kind in ItemKind}


def _item_row(item: NeedItem, gap: int, today: date) -> ItemRow:
    case = item.need.case
    return ItemRow(
        item=str(item.pk),
        gap=gap,
        lacking=item.lacking,
        region=case.region_id,
        category=item.category,
        tier=item.need.tier,
        groups=tuple(sorted(case.groups)),
        priority=priority(score=item.need.score, waiting_days=(today - case.applied_on).days),
        government_done=case.government_done,
        household=household_number(case.household_id),
    )


def household_number(household: UUID) -> int:
    """Return the 62-bit number that stands for a household in a snapshot; never 0."""
    return (household.int >> 66) | 1


def charters_in_force() -> dict[UUID, FundCharter]:
    """Return the latest charter of each fund."""
    latest = FundCharter.objects.values("fund").annotate(latest=Max("version"))
    newest = Q()
    for row in latest:
        newest |= Q(fund=row["fund"], version=row["latest"])
    return {charter.fund_id: charter for charter in FundCharter.objects.filter(newest)} if newest else {}


def _fund_rows(today: date, paired: Paired) -> tuple[FundRow, ...]:
    held = _proposed("fund")
    charters = charters_in_force()
    rows = []
    # Whose evidence has expired accepts nothing: proposing to it would keep needs waiting for no answer.
    able = Fund.objects.open().exclude(holder__evidence_expires_on__lt=today)
    for fund in able.select_related("balance").order_by("pk"):
        charter = charters[fund.pk]
        available = fund.balance.available_fen - charter.reserve_fen - held.get(fund.pk, 0)
        in_period = charter.starts_on <= today and (charter.ends_on is None or today <= charter.ends_on)
        regions = _where(charter.regions, fund.named_for_id, paired)
        if available > 0 and in_period and regions is not None:
            rows.append(fund_row(charter, available, regions=regions))
    return tuple(rows)


def _where(own: Collection[str], owner_id: int | None, paired: Paired) -> tuple[str, ...] | None:
    """Return where a resource may go: its own regions, within those of its owner's pairings; None for nowhere."""
    if owner_id is None or owner_id not in paired:
        return tuple(sorted(own))
    return narrowed(own, paired[owner_id])


def fund_row(charter: FundCharter, available: int, *, regions: Collection[str] | None = None) -> FundRow:
    """Return the row of one fund, in these divisions or in those of its charter.

    The engine caps grants by item and by household. A charter's cap for each case covers all items of the case,
    so it is laid on the household too: stricter where a household has two open cases, never looser.
    """
    caps = [cap for cap in (charter.per_case_cap_fen, charter.per_household_cap_fen) if cap]
    return FundRow(
        fund=str(charter.fund_id),
        available=available,
        regions=tuple(sorted(charter.regions if regions is None else regions)),
        categories=tuple(sorted(charter.categories)),
        tiers=tuple(sorted(charter.tiers)),
        groups=tuple(sorted(charter.groups)),
        government_first=charter.government_first,
        minimum=charter.minimum_grant_fen,
        case_cap=charter.per_case_cap_fen or 0,
        share_cap=charter.share_cap_permille or 0,
        household_cap=min(caps, default=0),
        opens_on=charter.starts_on.toordinal(),
        expires_on=charter.ends_on.toordinal() if charter.ends_on else 0,
    )


def _promises(today: date) -> tuple[PromiseRow, ...]:
    """Return what funds have promised or paid, and what their proposals hold, within the longest cap period."""
    since = today - timedelta(days=366)
    given = Commitment.objects.exclude(state=CommitmentState.RELEASED).filter(
        fund__isnull=False, at__date__gte=since
    )
    waiting = Proposal.objects.filter(state=ProposalState.PROPOSED, fund__isnull=False)
    columns = ("item_id", "item__need__case__household_id", "fund_id", "amount")
    rows = [
        PromiseRow(str(item), household_number(household), str(fund), amount)
        for query in (given, waiting)
        for item, household, fund, amount in query.values_list(*columns)
    ]
    return tuple(sorted(rows, key=lambda row: (row.item, row.fund, row.amount)))


def _unit_rows(
    supplies: SupplyQuerySet[Any], field: str, end: str, today: date, paired: Paired
) -> tuple[UnitRow, ...]:
    held = _proposed(field)
    rows = []
    for supply in supplies.order_by("pk"):
        free = supply.free_on(today) - held.get(supply.pk, 0)
        ends_on = getattr(supply, end)
        owner_id = supply.organisation_id if field == "offer" else supply.station_id
        regions = _where(supply.regions, owner_id, paired)
        if free > 0 and (ends_on is None or ends_on >= today) and regions is not None:
            rows.append(
                UnitRow(
                    resource=str(supply.pk),
                    units=free,
                    regions=regions,
                    categories=(supply.category,),
                    groups=tuple(sorted(supply.groups)),
                    expires_on=ends_on.toordinal() if ends_on else 0,
                )
            )
    return tuple(rows)
