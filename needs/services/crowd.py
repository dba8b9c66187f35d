"""Who a need's subject can be confused with: its own codes, and the crowd of everybody's (no names on the way)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Min, QuerySet
from django.utils import timezone

from jiujinan.codes import Cause, Group, ItemCategory, ItemKind, SensitiveKind, Tier
from needs.anonymise.bands import age_band, amount_band
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.lattice import Subject
from needs.anonymise.plan import Plan
from needs.anonymise.register import Register, read_register
from needs.anonymise.risk import Crowds
from needs.anonymise.settings import Audience
from needs.anonymise.wording import TRAITS
from needs.models import CaseRecord, NeedItem, Person, Project
from needs.services.thresholds import risk_settings
from needs.states import CaseState

# Two years: a project that has stood for one is measured against the twelve months before it was published.
REMEMBERED = timedelta(days=762)
CHUNK = 5_000
# Nobody reads a notice of these: a refused case has none, a superseded one is another's double.
WITHOUT_NOTICE = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED})
_FACTS = (
    "pk",
    "region_id",
    "cause",
    "tier",
    "sensitive_kind",
    "groups",
    "received_at",
    "household_id",
    "need__pk",
    "need__tier",
    "need__verified_at",
)


def reference_register() -> Register | None:
    """Return the reference register that the settings name, read anew when the file changes; None without one."""
    path = Path(settings.REFERENCE_REGISTER)
    if not path.is_file():
        return None
    stat = path.stat()
    return _read_register(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1)
def _read_register(path: Path, changed_at: int, size: int) -> Register:
    with path.open(encoding="utf-8", newline="") as lines:
        return Register.of(read_register(lines))


def plan(*, now: datetime, audience: Audience = Audience.OPEN) -> Plan:
    """Measure everybody anew and return how finely each class of cases may be told now."""
    crowds = Crowds(CaseClasses.of(subjects(now=now)), reference_register(), month_of(now))
    return Plan.of(crowds, risk_settings(), audience=audience)


def subjects(*, now: datetime) -> Iterable[Subject]:
    """Yield every case of the remembered past, public or not: the neighbour doesn't know which is."""
    remembered = CaseRecord.objects.filter(received_at__gte=_since(now))
    for _, subject in subjects_of(remembered.exclude(state__in=WITHOUT_NOTICE), now=now):
        yield subject


def _since(now: datetime) -> datetime:
    """Return how far back cases are needed: for the oldest public project, the months it was measured over."""
    oldest = Project.objects.public().aggregate(oldest=Min("published_month"))["oldest"] or now.date()
    months = timedelta(days=31 * (risk_settings().case_months + 1))
    return min(now - REMEMBERED, datetime.combine(oldest, time(), now.tzinfo) - months)


def subject(*, case_id: UUID, now: datetime) -> Subject:
    """Return the subject of one case."""
    ((_, found),) = subjects_of(CaseRecord.objects.filter(pk=case_id), now=now)
    return found


def subjects_of(cases: QuerySet[CaseRecord], *, now: datetime) -> Iterator[tuple[UUID, Subject]]:
    """Yield each case's id with its subject; three queries for every five thousand."""
    rows = cases.order_by("pk").values(*_FACTS)
    chunk: list[dict[str, Any]] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _chunk_subjects(chunk, now)
            chunk = []
    yield from _chunk_subjects(chunk, now)


def _chunk_subjects(rows: list[dict[str, Any]], now: datetime) -> Iterator[tuple[UUID, Subject]]:
    needs = [row["need__pk"] for row in rows if row["need__pk"]]
    items: dict[UUID, list[tuple[str, str, int]]] = {}
    lacking = NeedItem.objects.filter(need__in=needs).order_by()
    for need, kind, category, required, government, insurance in lacking.values_list(
        "need_id", "kind", "category", "required", "government", "insurance"
    ):
        items.setdefault(need, []).append((kind, category, required - government - insurance))
    heads = Person.objects.filter(household__in={row["household_id"] for row in rows}, is_head=True)
    born = dict(heads.values_list("household_id", "birth_year"))
    for row in rows:
        yield row["pk"], _subject(row, items.get(row["need__pk"], []), born, now)


def _subject(
    row: Mapping[str, Any],
    items: list[tuple[str, str, int]],
    born: Mapping[UUID, int | None],
    now: datetime,
) -> Subject:
    """Return the case as the gate sees it. The month is that of the decision, which is when a notice goes up."""
    lacking = sum(amount for kind, _, amount in items if kind == ItemKind.CASH)
    year = born.get(row["household_id"])
    return Subject(
        county=row["region_id"],
        cause=Cause(row["cause"]),
        month=month_of(row["need__verified_at"] or row["received_at"]),
        age_band=age_band(max(0, now.year - year)) if year else None,
        trait=next((Group(code) for code in row["groups"] if code in TRAITS), None),
        amount_band=amount_band(lacking) if lacking else None,
        categories=frozenset(ItemCategory(category) for _, category, _ in items),
        sensitive=frozenset({SensitiveKind(row["sensitive_kind"])} if row["sensitive_kind"] else ()),
        tier=Tier(row["need__tier"] or row["tier"]),
    )


def month_of(moment: datetime) -> int:
    """Return the month of a moment, in local time, as one number."""
    local = timezone.localtime(moment)
    return month_number(local.year, local.month)
