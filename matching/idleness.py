"""The idle-money report over both sides: the open need as each fund sees it, with what the fund gave before."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from donors.idle import IdleMoney
from donors.models import Fund, FundCharter
from donors.queries import idle_report
from donors.rules import Subject
from jiujinan.codes import ItemKind
from matching.models import Commitment
from matching.states import CommitmentState
from needs.models import NeedItem
from needs.queries import places_kept_from_funds
from needs.states import SERVED_NEEDS

Facts = tuple[UUID, UUID, UUID]  # item, need, household


def idle_funds(*, now: datetime, fund_ids: Collection[UUID] | None = None) -> list[tuple[Fund, IdleMoney]]:
    """
    Return each open fund (or these) with its idle money and what keeps it from the open need, worst first.

    Places are counties: nothing finer is told. Reads the open items once, however many funds are asked for.
    """
    today = timezone.localdate(now)
    rows = _open_items(today)
    subjects = [subject for subject, _ in rows]
    facts = [fact for _, fact in rows]
    charters = Commitment.objects.filter(fund__isnull=False).exclude(state=CommitmentState.RELEASED)
    given = _Given(facts, today, charters.values_list("fund_id", "item_id", "item__need_id",
                   "item__need__case__household_id", "amount", "repaid", "at"), fund_ids)  # fmt: skip
    return idle_report(subjects=subjects, now=now, fund_ids=fund_ids, given=given.seen_by)


class _Given:
    """What every fund gave before, looked up once."""

    def __init__(
        self, facts: Sequence[Facts], today: date, rows: object, fund_ids: Collection[UUID] | None
    ) -> None:
        self.facts, self.today = facts, today
        self.of: dict[UUID, list[tuple[UUID, UUID, UUID, int, date]]] = {}
        for fund, item, need, household, amount, repaid, at in rows:  # type: ignore[attr-defined]
            if fund_ids is None or fund in fund_ids:
                given = (item, need, household, amount - repaid, timezone.localdate(at))
                self.of.setdefault(fund, []).append(given)

    def seen_by(self, charter: FundCharter, subjects: Sequence[Subject]) -> Sequence[Subject]:
        """Return the subjects as this charter's fund sees them."""
        given = self.of.get(charter.fund_id)
        if not given:
            return subjects
        since = self.today - timedelta(days=charter.household_period_days or 0)
        items, needs, households = Counter[UUID](), Counter[UUID](), Counter[UUID]()
        for item, need, household, fen, on in given:
            items[item] += fen
            needs[need] += fen
            households[household] += fen if on >= since else 0
        return [
            replace(
                subject,
                given_to_item_fen=items[item],
                given_to_case_fen=needs[need],
                given_to_household_fen=households[household],
            )
            if needs[need] or households[household]
            else subject
            for subject, (item, need, household) in zip(subjects, self.facts, strict=True)
        ]


def _open_items(today: date) -> list[tuple[Subject, Facts]]:
    items = NeedItem.objects.filter(kind=ItemKind.CASH, gap__gt=0, need__state__in=SERVED_NEEDS)
    rows, kept = [], places_kept_from_funds()
    for item in items.select_related("need__case").order_by("pk").iterator(chunk_size=2000):
        case = item.need.case
        subject = Subject(
            region=kept.get(item.need_id, case.region_id),
            category=item.category,
            tier=item.need.tier,
            groups=frozenset(case.groups),
            gap_fen=item.gap,
            required_fen=item.lacking,
            government_decided=case.government_done,
            today=today,
        )
        rows.append((subject, (item.pk, item.need_id, case.household_id)))
    return rows
