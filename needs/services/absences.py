"""An absent colleague's cases: handed over at once for the time, and given back with what is still open."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case, can_reassign_case
from jiujinan.audit.services import record
from jiujinan.clocks.models import Absence, Clock
from jiujinan.clocks.services import notify
from needs.models import CaseRecord, Handover
from needs.queries import ENDED_CASES
from needs.services.owners import give
from needs.services.refusals import NotReady, require_text
from needs.states import CaseState

_GONE = frozenset({CaseState.SUPERSEDED, CaseState.CLOSED})


@transaction.atomic
def plan_absence(
    *,
    user: User,
    substitute: User,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: User,
    now: datetime,
) -> Absence:
    """Record that a colleague is away, and who stands in; from its first day on (maybe now) the cases go over.

    The colleague may do it, or a supervisor of the cases' regions. Raises NotAllowed and NotReady.
    """
    require_text(reason)
    if user.pk == substitute.pk:
        raise NotReady(["substitute_is_the_same"])
    if not starts_on <= ends_on or ends_on < timezone.localdate(now):
        raise NotReady(["period_wrong"])
    if Absence.objects.filter(
        user=user, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).exists():
        raise NotReady(["already_absent"])
    regions = _regions_of(user)
    if not all(can_reassign_case(by, region=region, owner_id=user.pk) for region in regions):
        raise NotAllowed("only the colleague or a supervisor of the cases' regions hands them over")
    if regions and not any(can_handle_case(substitute, region=region) for region in regions):
        raise NotReady(["substitute_of_another_region"])
    absence = Absence.objects.create(
        user=user,
        substitute=substitute,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        by=by,
        at=now,
    )
    record(
        stream=f"person:{user.pk}",
        action="absence.plan",
        by=by,
        subject=f"absence:{absence.pk}",
        reason=reason,
        data={"substitute": substitute.pk, "from": starts_on.isoformat(), "to": ends_on.isoformat()},
        now=now,
    )
    if starts_on <= timezone.localdate(now):
        _begin(absence, now)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User | None, now: datetime) -> int:
    """Give back what the substitute still has of it; return how many cases. Coming back early is fine."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence.pk)
    if absence.ended_at is not None:
        return 0
    if by is not None and by.pk not in {absence.user_id, absence.substitute_id, absence.by_id}:
        raise NotAllowed("the colleague, the substitute or who entered it ends an absence")
    returned = 0
    for handover in absence.handovers.filter(returned_at=None).select_related("case"):
        case = CaseRecord.objects.select_for_update().get(pk=handover.case_id)
        if case.owner_id == absence.substitute_id and case.state not in _GONE:
            give(case=case, to=absence.user, by=by, reason="", act="owner_back", now=now)
            returned += 1
        Handover.objects.filter(pk=handover.pk).update(returned_at=now)
    Absence.objects.filter(pk=absence.pk).update(ended_at=now)
    _tell(absence.user, "returned", absence, returned, now)
    return returned


def move_absences(*, now: datetime) -> tuple[int, int]:
    """Begin the absences whose first day has come and end those whose last day is over; return how many of each."""
    today = timezone.localdate(now)
    begun, ended = 0, 0
    for absence in Absence.objects.filter(ended_at=None, ends_on__lt=today):
        end_absence(absence=absence, by=None, now=now)
        ended += 1
    for absence in Absence.objects.filter(begun_at=None, ended_at=None, starts_on__lte=today):
        with transaction.atomic():
            begun += _begin(absence, now)
    return begun, ended


def _begin(absence: Absence, now: datetime) -> bool:
    if not Absence.objects.filter(pk=absence.pk, begun_at=None).update(begun_at=now):
        return False
    passed, kept = 0, 0
    for case in _cases_of(absence.user):
        if not can_handle_case(absence.substitute, region=case.region_id):
            kept += 1
            continue
        case = CaseRecord.objects.select_for_update().get(pk=case.pk)
        give(case=case, to=absence.substitute, by=absence.by, reason=absence.reason, act="hand_over", now=now)
        Handover.objects.create(absence=absence, case=case, given_at=now)
        passed += 1
    _tell(absence.substitute, "handed_over", absence, passed, now)
    if (
        kept
    ):  # the substitute may not have them: whoever entered it is told, and they keep ringing for the owner
        _tell(absence.by, "told", absence, kept, now)
    return True


def _cases_of(user: User) -> Iterable[CaseRecord]:
    """Return what the person still answers for: open cases, and ended ones with a clock that runs."""
    ringing = Clock.objects.filter(owner=user, ended_at=None, case__isnull=False).values("case")
    owned = CaseRecord.objects.filter(owner=user).exclude(state__in=_GONE)
    waiting = owned.exclude(state__in=ENDED_CASES) | owned.filter(pk__in=ringing)
    return list(waiting.order_by("pk"))


def _regions_of(user: User) -> set[str]:
    return {case.region_id for case in _cases_of(user)}


def _tell(to: User, kind: str, absence: Absence, count: int, now: datetime) -> None:
    notify(
        to=to,
        kind=kind,
        subject=f"absence:{absence.pk}",
        step="absence",
        label=str(count),
        key=f"absence:{absence.pk}:{kind}:{to.pk}",
        now=now,
    )
