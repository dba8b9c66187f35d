"""Between two runs: what changed is read off the trail and the ledger, and answered by an engine that stays loaded.

Every act leaves an entry in the audit trail, and every fen a leg in the ledger, in the act's own transaction: together
they are the feed. A step reads what is new, looks up how things stand now, tells the engine, and writes its proposals
and how far it has read in one transaction. A process whose engine is not the last that read, that sees a newer run or
another day, loads anew. Should it fail, the hourly run sees the same needs.
"""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils import timezone

from donors.ledger.models import Leg
from donors.queries import paired_regions
from jiujinan.accounts.models import User
from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import record
from matching import columns as c
from matching import snapshot as s
from matching.engine import ENGINE_VERSION
from matching.gathering import funds_open, gather, open_items
from matching.models import Commitment, MatchRun, OnlineMark, Proposal
from matching.rules import RULE_VERSION
from matching.services.keeping import answer_dates
from matching.states import CommitmentState, ProposalState
from matching.waking import Offer, Told, Watch
from needs.models import Need, NeedItem

LATE_ENTRIES = 500
"""Entries may become visible out of order; so many before the newest are looked at again."""
FORECAST_DAYS = 28
FORECASTS = 3
_SUBJECT = re.compile(r"(need|case|fund):([0-9a-f-]{32,36})$")
PURPOSE = "online"


@dataclass
class _Held:
    """What this process keeps: its engine, and what of the feed it has seen."""

    token: UUID = field(default_factory=uuid.uuid4)
    watch: Watch | None = None
    today: int = 0
    seen: set[int] = field(default_factory=set)


_held = _Held()


def forget() -> None:
    """Let this process's engine go; the next step loads anew."""
    global _held  # one engine a process is the point
    _held = _Held()


@transaction.atomic
def step(*, by: User, now: datetime) -> int:
    """Answer what changed since the last step; return how many proposals were made. The mark's row is locked."""
    OnlineMark.objects.get_or_create(pk=1)
    mark = OnlineMark.objects.select_for_update().get(pk=1)
    newest = MatchRun.objects.exclude(header={}).aggregate(at=Max("at"))["at"]
    today = timezone.localdate(now).toordinal()
    stale = mark.holder != _held.token or mark.run_at != newest or _held.today != today
    if _held.watch is None or stale:
        return _load(mark, newest, by, now)
    told, mark.leg = _news(mark, now)
    offers = _held.watch.tell(told) if told else []
    mark.save(update_fields=["entry", "leg"])
    return _propose(offers, by, now)


def _load(mark: OnlineMark, newest: datetime | None, by: User, now: datetime) -> int:
    """Load how things stand; what every forecast would give to waiting needs is proposed at once."""
    _held.seen = set(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:LATE_ENTRIES])
    mark.entry, mark.leg = max(_held.seen, default=0), Leg.objects.aggregate(last=Max("pk"))["last"] or 0
    snapshot = gather(now=now)
    _held.watch = Watch(snapshot, forecasts(snapshot, now))
    _held.today = snapshot.today
    mark.holder, mark.run_at = _held.token, newest
    mark.save()
    return _propose(_held.watch.first, by, now)


def forecasts(snapshot: s.Snapshot, now: datetime) -> list[c.Columns]:
    """Return the cash items of the last periods of four weeks, each as a sample of what may come."""
    samples = []
    for back in range(FORECASTS):
        end = now - timedelta(days=FORECAST_DAYS * back)
        came = Need.objects.filter(
            published_at__gt=end - timedelta(days=FORECAST_DAYS), published_at__lte=end
        )
        items = open_items(
            timezone.localdate(end),
            snapshot.languages,
            only=list(came.values_list("pk", flat=True)),
            came=True,
        )[s.CASH]
        if len(items["id"]):
            samples.append({**items, "gap": items["lacking"]})
    return samples


def _news(mark: OnlineMark, now: datetime) -> tuple[Told | None, int]:
    """Return how the needs and funds of the new entries and legs stand now, and how far the ledger was read."""
    entries = AuditEntry.objects.filter(pk__gt=mark.entry - LATE_ENTRIES).exclude(stream="matching")
    fresh = [row for row in entries.values_list("pk", "stream_id", "subject") if row[0] not in _held.seen]
    legs = Leg.objects.filter(pk__gt=mark.leg).values_list("pk", "transaction__fund_id")
    moved = list(legs)
    named: dict[str, set[UUID]] = {"need": set(), "case": set(), "fund": {fund for _, fund in moved}}
    for _, *texts in fresh:
        for text in texts:
            if found := _SUBJECT.match(text):
                named[found[1]].add(UUID(found[2]))
    numbers = {row[0] for row in fresh}
    mark.entry = max(mark.entry, *numbers, 0) if numbers else mark.entry
    _held.seen = {number for number in _held.seen | numbers if number > mark.entry - LATE_ENTRIES}
    leg = max((number for number, _ in moved), default=mark.leg)
    needs = named["need"] | set(Need.objects.filter(case__in=named["case"]).values_list("pk", flat=True))
    if not needs and not named["fund"]:
        return None, leg
    return _standing(needs, named["fund"], now), leg


def _standing(needs: Collection[UUID], funds: Collection[UUID], now: datetime) -> Told:
    """Return how these needs and funds stand now."""
    today = timezone.localdate(now)
    assert _held.watch is not None, "only a loaded engine is told"
    items = open_items(today, _held.watch.languages, only=list(needs))[s.CASH]
    known = set(NeedItem.objects.filter(need__in=needs).values_list("pk", flat=True))
    funds = set(funds) | _held.watch.promisers(known)
    able = funds_open(today, paired_regions(today=today), only=list(funds), also_empty=True)
    promised, declined = _promises(known)
    return Told(
        items=items,
        funds=able,
        gone_items=sorted(known - set(c.uuids(items["id"]))),
        gone_funds=sorted(funds - set(c.uuids(able["id"]))),
        promised=promised,
        declined=declined,
    )


def _promises(items: Collection[UUID]) -> tuple[dict[tuple[UUID, UUID], int], frozenset[tuple[UUID, UUID]]]:
    """Return what funds have promised to these items and still mean, and which pairs a fund has declined."""
    sums: dict[tuple[UUID, UUID], int] = {}
    given = Commitment.objects.filter(item__in=items, fund__isnull=False).exclude(
        state=CommitmentState.RELEASED
    )
    offered = Proposal.objects.filter(item__in=items, fund__isnull=False)
    waiting = offered.filter(state=ProposalState.PROPOSED)
    for rows, amount in ((given, F("amount") - F("repaid")), (waiting, F("amount"))):
        for item, fund, fen in rows.order_by().values_list("item_id", "fund_id").annotate(fen=Sum(amount)):
            assert fund is not None, "filtered above"
            sums[item, fund] = sums.get((item, fund), 0) + fen
    refused = offered.filter(state=ProposalState.DECLINED).values_list("item_id", "fund_id")
    return sums, frozenset((item, fund) for item, fund in refused if fund is not None)


def _propose(offers: list[Offer], by: User, now: datetime) -> int:
    """Write proposals down under a run of their own; nothing where there are none."""
    if not offers:
        return 0
    run = MatchRun.objects.create(
        at=now, by=by, rule_version=RULE_VERSION, engine_version=ENGINE_VERSION,
        snapshot_digest="", outcome_digest="", summary={"purpose": PURPOSE, "matches": len(offers)},
    )  # fmt: skip
    items = NeedItem.objects.select_related("need__case").in_bulk([one.item for one in offers])
    Proposal.objects.bulk_create(
        [
            Proposal(
                run=run, item_id=one.item, fund_id=one.fund, amount=one.amount,
                expires_at=_answer_by(items[one.item], now), **_reasons(one),
            )
            for one in offers
        ]
    )  # fmt: skip
    record(
        stream="matching",
        action="match.online",
        by=by,
        subject=f"run:{run.pk}",
        data=dict(run.summary),
        now=now,
    )
    return len(offers)


def _answer_by(item: NeedItem, now: datetime) -> datetime:
    row = s.items_table(
        [s.ItemRow(str(item.pk), 1, 1, item.need.case.region_id, item.category, item.need.tier)]
    )
    return answer_dates(row, now)[0][0]


def _reasons(one: Offer) -> dict[str, Any]:
    return {
        "rules_passed": sum(check.rule for check in one.why.checks if check.passed),
        "rank": one.why.rank,
        "competitors": max(one.why.competitors, 0),
        "idle_otherwise": one.why.exhausted_tier < 0,
    }
