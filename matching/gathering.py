"""From the database to a snapshot: what stands open on both sides at a moment."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from donors.models import Fund, FundCharter, GoodsLot, ServiceOffer
from donors.models.supplies import SupplyQuerySet
from donors.pairing_rules import narrowed
from donors.queries import paired_regions
from jiujinan.codes import ItemKind
from matching import columns as c
from matching import snapshot as s
from matching.engine.columns import Int64
from matching.models import Commitment, Proposal, Referral
from matching.queries import weights_in_force
from matching.reading import CodesMask, Ordinal, flag, number, place_in, read
from matching.states import RUNNING_REFERRALS, WAITING_REFERRALS, CommitmentState, ProposalState
from needs.models import CaseRecord, GateDecision, NeedItem
from needs.queries import places_kept_from_funds
from needs.states import OFFERED_NEEDS, ProjectState

Paired = Mapping[int, tuple[str, ...]]  # partner → the divisions of its pairings in force
KIND_PLACE = {ItemKind.CASH.value: 0, ItemKind.SERVICE.value: 1, ItemKind.GOODS.value: 2}
TABLE_OF_KIND = dict(zip(KIND_PLACE.values(), (s.CASH, s.SERVICES, s.GOODS), strict=True))
LONGEST_CAP_DAYS = 366
MOST_LANGUAGES = 32
Only = Collection[UUID] | None
"""Rows to read, where not all are wanted."""


def gather(*, now: datetime) -> s.Snapshot:
    """Return what a run started now would see; what proposals hold for an answer is already taken off."""
    today = timezone.localdate(now)
    paired = paired_regions(today=today)
    languages = _languages()
    return s.Snapshot(
        today=today.toordinal(),
        tables={
            **open_items(today, languages),
            s.FUNDS: funds_open(today, paired),
            s.OFFERS: _offers(today, paired, languages),
            s.LOTS: _lots(today, paired),
            s.PROMISES: promises(today),
        },
        weights=weights_in_force(),
        languages=languages,
        province_rounds=settings.MATCHING_PROVINCE_ROUNDS,
    )


def offered_items() -> QuerySet[NeedItem]:
    """Return what lacks, of needs that the gate let through; a need that is merely called public is not among them."""
    passed = GateDecision.objects.filter(
        outcome="published", withdrawn_at=None, project__state=ProjectState.PUBLISHED
    )
    return NeedItem.objects.filter(
        gap__gt=0, need__state__in=OFFERED_NEEDS, need__suspended_at=None, need__in=passed.values("need")
    )


def open_items(
    today: date, languages: tuple[str, ...] = (), *, only: Only = None, came: bool = False
) -> dict[str, c.Columns]:
    """Return the items that lack something, by kind, sorted by key; `only` these needs' where it is given.

    With `came` all items of those needs, as they came: whatever has become of them since.
    """
    rows = NeedItem.objects.all() if came else offered_items()
    if only is not None:
        rows = rows.filter(need__in=only)
    read_columns = read(
        rows.order_by(),
        id="pk",
        need="need_id",
        household="need__case__household_id",
        kind=place_in("kind", KIND_PLACE),
        gap=number(F("required") - F("government") - F("insurance") if came else F("gap")),
        lacking=number(F("required") - F("government") - F("insurance")),
        region=number(F("need__case__region_id")),
        category=place_in("category", s.CATEGORY_PLACE),
        tier=place_in("need__tier", s.TIER_PLACE),
        groups=CodesMask("need__case__groups", s.GROUP_PLACE),
        languages=CodesMask("need__case__languages", {word: bit for bit, word in enumerate(languages)})
        if languages
        else number(0),
        score=number(F("need__score")),
        applied=Ordinal(F("need__case__applied_on")),
        done=flag("need__case__government_done"),
        package=number(F("package")),
    )
    read_columns = c.sorted_by_key(read_columns)
    if not came:
        read_columns["gap"] = read_columns["gap"] - _held("item", read_columns["id"])
    return _by_kind(read_columns, today)


def _by_kind(every: c.Columns, today: date) -> dict[str, c.Columns]:
    every["waiting"] = np.maximum(today.toordinal() - every.pop("applied"), 0)
    every["household"] = household_numbers(every["household"])
    every["region"] = _places_for_givers(every["need"], every["kind"], every["region"])
    every["package"] = _packages(every.pop("need"), every["package"])
    kind, lacking = every.pop("kind"), every["gap"] > 0
    return {
        table: {name: column[(kind == place) & lacking] for name, column in every.items()}
        for place, table in TABLE_OF_KIND.items()
    }


def _places_for_givers(need: c.Keys, kind: Int64, region: Int64) -> Int64:
    """Return the regions as offers name them: money's is no finer than the gate lets funds know (decision 78)."""
    kept = sorted((key.bytes, int(place)) for key, place in places_kept_from_funds().items())
    if not kept:
        return region
    spot = c.places(c.keys_from(b"".join(key for key, _ in kept)), need)
    coarse = np.array([place for _, place in kept], dtype=np.int64)[spot]
    return np.where((spot >= 0) & (kind == KIND_PLACE[ItemKind.CASH.value]), coarse, region).astype(np.int64)


def _packages(need: c.Keys, package: Int64) -> Int64:
    """Return one number for each package of a need, 0 for items that make sense alone."""
    numbers = np.zeros(len(package), dtype=np.int64)
    tied = np.flatnonzero(package > 0)
    if len(tied):
        pairs = np.zeros(len(tied), dtype=[("need", "S16"), ("number", "<i8")])
        pairs["need"], pairs["number"] = need[tied], package[tied]
        numbers[tied] = np.unique(pairs, return_inverse=True)[1].reshape(-1) + 1
    return numbers


def household_numbers(households: c.Keys) -> Int64:
    """Return the 62-bit numbers that stand for households in a snapshot; never 0."""
    high = np.frombuffer(households.tobytes(), dtype=">u8")[::2]
    return (high.astype(np.uint64) >> np.uint64(2)).astype(np.int64) | 1


def _held(field: str, keys: c.Keys) -> Int64:
    """Return what unanswered proposals hold of each item, fund, offer or lot (keys sorted)."""
    waiting = Proposal.objects.filter(state=ProposalState.PROPOSED).exclude(**{field: None}).order_by()
    held = read(waiting, of=f"{field}_id", amount=number(F("amount")))
    spot = c.places(keys, held["of"])
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, spot[spot >= 0], held["amount"][spot >= 0])
    return sums


def charters_in_force() -> QuerySet[FundCharter]:
    """Return the latest charter of each fund."""
    newer = FundCharter.objects.filter(fund=OuterRef("fund"), version__gt=OuterRef("version"))
    return FundCharter.objects.filter(~Exists(newer))


def funds_open(today: date, paired: Paired, *, only: Only = None, also_empty: bool = False) -> c.Columns:
    """Return the funds that may give today; with `also_empty` those too that have nothing now."""
    # Whose evidence has expired accepts nothing: proposing to it would keep needs waiting for no answer.
    able = Fund.objects.open().exclude(holder__evidence_expires_on__lt=today).filter(balance__isnull=False)
    if only is not None:
        able = able.filter(pk__in=only)
    charters = charters_in_force().filter(fund__in=able, starts_on__lte=today)
    charters = charters.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("fund_id")
    rows = []
    for charter, has, partner in _with_money(charters):
        regions = _where(charter.regions, partner, paired)
        if regions is not None:
            rows.append(fund_row(charter, has, regions=regions))
    table = s.funds_table(rows)
    table["available"] = np.maximum(table["available"] - _held("fund", table["id"]), 0)
    return table if also_empty else c.chosen(table, np.flatnonzero(table["available"] > 0))


class _CharterRow(NamedTuple):
    """What a fund's row takes of its charter; a run reads fifty thousand, without a model's instance for each."""

    fund_id: UUID
    starts_on: date
    ends_on: date | None
    government_first: bool
    minimum_grant_fen: int
    reserve_fen: int
    per_case_cap_fen: int | None
    share_cap_permille: int | None
    per_household_cap_fen: int | None
    regions: Sequence[str]
    categories: Sequence[str]
    tiers: Sequence[str]
    groups: Sequence[str]


def _with_money(charters: QuerySet[FundCharter]) -> Iterable[tuple[_CharterRow, int, int | None]]:
    plain, lists = _CharterRow._fields[:-4], _CharterRow._fields[-4:]
    told = charters.annotate(**{f"text_{name}": Cast(name, TextField()) for name in lists}).values_list(
        *plain, *(f"text_{name}" for name in lists), "fund__balance__available_fen", "fund__named_for_id"
    )
    for *facts, has, partner in told.iterator(chunk_size=5000):
        charter = _CharterRow(*facts[:-4], *(_words(text) for text in facts[-4:]))
        yield charter, has - charter.reserve_fen, partner


@lru_cache(maxsize=65_536)
def _words(text: str) -> tuple[str, ...]:
    """Return a JSON list; many charters have the same ones."""
    return tuple(json.loads(text))


def _where(own: Collection[str], owner_id: int | None, paired: Paired) -> tuple[str, ...] | None:
    """Return where a resource may go: its own regions, within those of its owner's pairings; None for nowhere."""
    if owner_id is None or owner_id not in paired:
        return tuple(sorted(own))
    return narrowed(own, paired[owner_id])


def fund_row(charter: FundCharter | _CharterRow, available: int, *, regions: Collection[str]) -> s.FundRow:
    """Return the row of one fund, in these divisions.

    The engine caps grants by item and by household. A charter's cap for each case covers all items of the case,
    so it is laid on the household too: stricter where a household has two open cases, never looser.
    """
    caps = [cap for cap in (charter.per_case_cap_fen, charter.per_household_cap_fen) if cap]
    return s.FundRow(
        fund=str(charter.fund_id),
        available=max(available, 0),
        regions=tuple(regions),
        categories=tuple(charter.categories),
        tiers=tuple(charter.tiers),
        groups=tuple(charter.groups),
        government_first=charter.government_first,
        minimum=charter.minimum_grant_fen,
        case_cap=charter.per_case_cap_fen or 0,
        share_cap=charter.share_cap_permille or 0,
        household_cap=min(caps, default=0),
        opens_on=charter.starts_on.toordinal(),
        expires_on=charter.ends_on.toordinal() if charter.ends_on else 0,
    )


def promises(today: date, *, only: Only = None) -> c.Columns:
    """Return what funds have promised or paid, and what their proposals hold, within the longest cap period."""
    since = today - timedelta(days=LONGEST_CAP_DAYS)
    given = Commitment.objects.exclude(state=CommitmentState.RELEASED).filter(
        fund__isnull=False, at__date__gte=since
    )
    waiting = Proposal.objects.filter(state=ProposalState.PROPOSED, fund__isnull=False)
    found = []
    for rows, amount in ((given, F("amount") - F("repaid")), (waiting, F("amount"))):
        chosen = rows if only is None else rows.filter(fund__in=only)
        found.append(
            read(
                chosen.order_by(),
                id="fund_id",
                item="item_id",
                household="item__need__case__household_id",
                amount=number(amount),
            )
        )
    table = c.join(found)
    table["household"] = household_numbers(table["household"])
    order = np.lexsort((table["amount"], table["household"], table["item"], table["id"]))
    return {name: column[order] for name, column in table.items()}


def _languages() -> tuple[str, ...]:
    """Return the languages that agencies or households name, in one order; what is beyond the bits is not asked."""
    offered = ServiceOffer.objects.active().exclude(languages=[]).values_list("languages", flat=True)
    spoken = (
        CaseRecord.objects.exclude(languages=[]).order_by().values_list("languages", flat=True).distinct()
    )
    words = {str(word) for row in (*offered, *spoken) for word in row}
    return tuple(sorted(word for word in words if word.isalpha()))[:MOST_LANGUAGES]


def _offers(today: date, paired: Paired, languages: tuple[str, ...]) -> c.Columns:
    bits = {word: bit for bit, word in enumerate(languages)}
    asked = _asked_of_agencies()
    offers = ServiceOffer.objects.active().exclude(organisation__evidence_expires_on__lt=today)
    rows = []
    for row, offer in _unit_rows(offers.select_related("organisation"), "offer", "ends_on", today, paired):
        running = asked.get(offer.pk, [])
        rows.append(
            s.UnitRow(
                **{
                    **row,
                    "origin": offer.organisation.region_id,
                    "languages": sum(1 << bits[word] for word in set(offer.languages) if word in bits),
                    "load": sum(running),
                    "places": free_places(offer, running, today),
                }
            )
        )
    return s.units_table(rows)


def _asked_of_agencies() -> dict[UUID, list[int]]:
    """Return the sessions that each running referral and waiting proposal still asks of its offer."""
    asked: dict[UUID, list[int]] = defaultdict(list)
    running = Referral.objects.filter(state__in=WAITING_REFERRALS | RUNNING_REFERRALS)
    waiting = Proposal.objects.filter(state=ProposalState.PROPOSED, offer__isnull=False)
    for rows, left in ((running, F("quantity") - F("given")), (waiting, F("amount"))):
        for offer, sessions in rows.order_by().annotate(sessions=left).values_list("offer_id", "sessions"):
            asked[offer].append(sessions)
    return asked


def free_places(offer: ServiceOffer, running: Iterable[int], today: date) -> tuple[int, ...]:
    """Return the sessions that the offer has free in each week from today on, besides those that run already."""
    first = max((offer.starts_on - today).days // 7, 0)
    last = s.WEEKS if offer.ends_on is None else (offer.ends_on - today).days // 7 + 1
    free = [offer.weekly_capacity if first <= week < last else 0 for week in range(s.WEEKS)]
    for sessions in running:
        pace = max(-(-sessions // s.WEEKS_OF_A_REFERRAL), 1)
        for week in range(min(-(-sessions // pace), s.WEEKS)):
            free[week] -= min(pace, sessions - pace * week)
    return tuple(max(places, 0) for places in free)


def _lots(today: date, paired: Paired) -> c.Columns:
    lots = GoodsLot.objects.active().exclude(station__evidence_expires_on__lt=today).select_related("station")
    return s.units_table(
        [
            s.UnitRow(**{**row, "origin": lot.station.region_id})
            for row, lot in _unit_rows(lots, "lot", "expires_on", today, paired)
        ]
    )


def _unit_rows(
    supplies: SupplyQuerySet[Any], field: str, end: str, today: date, paired: Paired
) -> Iterable[tuple[dict[str, Any], Any]]:
    """Yield what offers and lots have in common, of those that have something free."""
    ordered = list(supplies.order_by("pk"))
    held = _held(field, c.keys_of(one.pk for one in ordered))
    for supply, waiting in zip(ordered, held.tolist(), strict=True):
        free = supply.free_on(today) - waiting
        ends_on = getattr(supply, end)
        owner_id = supply.organisation_id if field == "offer" else supply.station_id
        regions = _where(supply.regions, owner_id, paired)
        if free > 0 and (ends_on is None or ends_on >= today) and regions is not None:
            yield (
                {
                    "resource": str(supply.pk),
                    "units": free,
                    "regions": regions,
                    "categories": (supply.category,),
                    "groups": tuple(supply.groups),
                    "expires_on": ends_on.toordinal() if ends_on else 0,
                },
                supply,
            )
