"""
The kept plan: measured over everybody once a night and after each import, asked by every single decision.

Between two measurements it stays safe. New cases only make classes larger, and a case of a class that the plan
does not know is held. What could make a class smaller (another month, a changed file, other thresholds, age)
makes the plan unusable: then it is measured anew before anything is decided, and if that fails, nothing is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from needs.anonymise.keeping import pack, settings_digest, unpack
from needs.anonymise.plan import Plan
from needs.anonymise.settings import Audience
from needs.models import GateDecision, RiskPlan
from needs.services import crowd
from needs.services.thresholds import risk_settings

KEPT_DAYS = 7  # a plan that no decision names is dropped after that


class PlanBroken(Exception):
    """The kept plan is not what was kept; nothing is decided by it."""


@dataclass(frozen=True)
class KeptPlan:
    """A plan with the version it is kept under."""

    version: int
    plan: Plan


def standing_plan(*, now: datetime, audience: Audience = Audience.OPEN) -> KeptPlan:
    """Return the newest usable plan; where there is none, measure everybody and keep a new one."""
    newest = usable_plans(now=now, audience=audience).order_by("-made_at", "-pk").only("pk", "digest").first()
    return keep_plan(now=now, audience=audience) if newest is None else _load(newest.pk, newest.digest)


def usable_plans(*, now: datetime, audience: Audience = Audience.OPEN) -> QuerySet[RiskPlan]:
    """Return the plans that may be asked now: of this month, these thresholds, young, and knowing every file."""
    return RiskPlan.objects.filter(
        audience=audience,
        month=crowd.month_of(now),
        settings_digest=settings_digest(risk_settings()),
        outdated_at=None,
        made_at__gt=now - timedelta(hours=settings.PLAN_HOURS),
        made_at__lte=now,
    )


@transaction.atomic
def keep_plan(*, now: datetime, audience: Audience = Audience.OPEN) -> KeptPlan:
    """Measure everybody, keep the plan as the newest version, and drop old ones that no decision names."""
    plan = crowd.plan(now=now, audience=audience)
    content = pack(plan)
    digest = sha256(content).hexdigest()
    kept = RiskPlan.objects.create(
        audience=audience,
        month=plan.crowds.month,
        made_at=now,
        settings_digest=settings_digest(plan.settings),
        cases=sum(sum(rows.values()) for rows in plan.crowds.cases.by_month.values()),
        content=content,
        digest=digest,
    )
    named = GateDecision.objects.exclude(plan=None).values("plan")
    RiskPlan.objects.filter(made_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(pk__in=named).delete()
    return _load(kept.pk, digest)


def outdate_plans(*, now: datetime) -> int:
    """Say, in the transaction of an import, that cases came in which no plan knows; return how many plans end."""
    return RiskPlan.objects.filter(outdated_at=None).update(outdated_at=now)


def _load(version: int, digest: str) -> KeptPlan:
    return KeptPlan(version, _unpacked(version, digest))


def forget() -> None:
    """Read the plan from the database again when it is next asked."""
    _unpacked.cache_clear()


@lru_cache(maxsize=4)
def _unpacked(version: int, digest: str) -> Plan:
    """Return the plan, once for each process and version; raise PlanBroken if a byte of it changed."""
    content = bytes(RiskPlan.objects.values_list("content", flat=True).get(pk=version))
    if sha256(content).hexdigest() != digest:
        raise PlanBroken(version)
    return unpack(content, risk_settings())
