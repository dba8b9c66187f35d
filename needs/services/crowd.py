"""Who a need's subject can be confused with: its own codes, and the crowd of everybody's (no names on the way)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from jiujinan.codes import Cause, Group, ItemCategory, ItemKind, SensitiveKind
from needs.anonymise.bands import age_band, amount_band
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.lattice import Subject
from needs.anonymise.plan import Plan
from needs.anonymise.register import Register, read_register
from needs.anonymise.risk import Crowds
from needs.anonymise.wording import TRAITS
from needs.models import CaseRecord, Person

REMEMBERED = timedelta(days=400)


@cache
def reference_register() -> Register | None:
    """Return the reference register that the settings name, or None where there is none."""
    path = Path(settings.REFERENCE_REGISTER)
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        return Register.of(read_register(lines))


def plan(*, now: datetime) -> Plan:
    """Return how finely each class of cases may be told now; one plan serves every need of a batch."""
    return Plan.of(Crowds(CaseClasses.of(subjects(now=now)), reference_register(), _month(now)))


def subjects(*, now: datetime) -> Iterable[Subject]:
    """Yield every case of the remembered past, public or not: the neighbour doesn't know which is."""
    remembered = _with_facts(CaseRecord.objects.filter(received_at__gte=now - REMEMBERED))
    return (subject_of(case, now) for case in remembered.iterator(chunk_size=2000))


def subject(*, case_id: UUID, now: datetime) -> Subject:
    """Return the subject of one case."""
    return subject_of(_with_facts(CaseRecord.objects.filter(pk=case_id)).get(), now)


def _with_facts(cases: QuerySet[CaseRecord]) -> QuerySet[CaseRecord]:
    heads = Person.objects.filter(is_head=True).only("household_id", "birth_year")
    return cases.select_related("need", "household").prefetch_related(
        "need__items", Prefetch("household__members", queryset=heads, to_attr="heads")
    )


def subject_of(case: CaseRecord, now: datetime) -> Subject:
    """Return the case as the gate sees it. The month is that of the decision, which is when a notice goes up."""
    items = list(case.need.items.all()) if hasattr(case, "need") else []
    decided_at = (case.need.verified_at if hasattr(case, "need") else None) or case.received_at
    lacking = sum(item.lacking for item in items if item.kind == ItemKind.CASH)
    heads: list[Person] = getattr(case.household, "heads")  # noqa: B009  # set by the prefetch above
    born = next((person.birth_year for person in heads), None)
    return Subject(
        county=case.region_id,
        cause=Cause(case.cause),
        month=_month(decided_at),
        age_band=age_band(max(0, now.year - born)) if born else None,
        trait=next((Group(code) for code in case.groups if code in TRAITS), None),
        amount_band=amount_band(lacking) if lacking else None,
        categories=frozenset(ItemCategory(item.category) for item in items),
        sensitive=frozenset({SensitiveKind(case.sensitive_kind)} if case.sensitive_kind else ()),
    )


def _month(moment: datetime) -> int:
    local = timezone.localtime(moment)
    return month_number(local.year, local.month)
