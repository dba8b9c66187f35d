"""Every case has one owner from its first minute (首问负责): who it is, and how it passes to somebody else."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from jiujinan.accounts.models import Membership, User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case, can_reassign_case
from jiujinan.accounts.roles import Role
from jiujinan.bulk import fresh, insert
from jiujinan.clocks.models import Clock, Duty
from jiujinan.clocks.queries import current_limits, lineage, substitute_of
from jiujinan.clocks.rules import Step, Timing
from jiujinan.clocks.services import notify, pass_on
from jiujinan.regions.dated import in_force
from needs.models import CaseRecord
from needs.queries import ENDED_CASES
from needs.rules import least_burdened
from needs.services.noting import note, subject_of
from needs.services.refusals import require_text


class Assigner:
    """Chooses owners for one batch: the duty of the region, else the least burdened officer of the nearest unit.

    What burdens an officer are open cases and reports of a need alike. An absent owner's substitute stands in.
    """

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._duties = list(Duty.objects.select_related("user").order_by("valid_from", "pk"))
        self._duty: dict[str, User | None] = {}
        self._nearest: dict[str, dict[int, User]] = {}
        self._stands_in: dict[int, User] = {}
        self._burden: Counter[int] = Counter()

    def in_charge_of(self, region: str) -> User | None:
        """Return who answers for what comes next from the region; None where no unit has an officer."""
        on_duty = self._on_duty(region)
        if on_duty is not None:
            return on_duty
        officers = self._officers(region)
        if not officers:
            return None
        chosen = least_burdened(officers, burden=self._burden)
        self._burden[chosen] += 1
        return self._present(officers[chosen])

    def _on_duty(self, region: str) -> User | None:
        if region not in self._duty:
            duty = in_force(self._duties, region=region, on=timezone.localdate(self._now))
            is_able = duty is not None and can_handle_case(duty.user, region=region)
            self._duty[region] = self._present(duty.user) if duty is not None and is_able else None
        return self._duty[region]

    def _present(self, user: User) -> User:
        if user.pk not in self._stands_in:
            self._stands_in[user.pk] = substitute_of(user, self._now)
        return self._stands_in[user.pk]

    def _officers(self, region: str) -> dict[int, User]:
        if region not in self._nearest:
            self._nearest[region] = self._find_officers(region)
        return self._nearest[region]

    def _find_officers(self, region: str) -> dict[int, User]:
        places = lineage(region)
        held = Membership.objects.filter(
            role=Role.CASE_OFFICER, organisation__region__in=places, user__is_active=True
        )
        by_place: defaultdict[str, dict[int, User]] = defaultdict(dict)
        for one in held.select_related("user", "organisation"):
            by_place[one.organisation.region_id][one.user_id] = one.user
        officers = next((by_place[place] for place in places if place in by_place), {})
        self._weigh(set(officers) - set(self._burden))
        return officers

    def _weigh(self, officers: set[int]) -> None:
        if not officers:
            return
        cases = CaseRecord.objects.filter(owner__in=officers).exclude(state__in=ENDED_CASES)
        reports = Clock.objects.filter(owner__in=officers, step=Step.CONTACT, ended_at=None)
        for waiting in (cases.order_by(), reports.order_by()):
            for row in waiting.values("owner").annotate(number=Count("pk")):
                self._burden[row["owner"]] += row["number"]


def receive(*, cases: Sequence[CaseRecord], by: User, now: datetime) -> None:
    """Give new, unsaved cases their owners and deadlines and start their clocks; in the caller's transaction.

    Call it before the cases are saved: the database takes no case without an owner. Where nobody is in charge,
    whoever brings the case owns it.
    """
    assigner, limits, since = Assigner(now=now), current_limits(), timezone.localtime(now)

    @cache
    def timing(tier: str, region: str) -> Timing:
        return limits.timing(Step.TAKE_UP, tier=tier, region=region, since=since)

    clocks: list[Clock] = []
    taken: Counter[int] = Counter()
    owners: dict[int, User] = {}
    for case in cases:
        owner = assigner.in_charge_of(case.region_id) or by
        due = timing(case.tier, case.region_id)
        case.owner, case.due_at = owner, due.due_at
        owners[owner.pk] = owner
        taken[owner.pk] += 1
        clocks.append(
            fresh(
                Clock,
                subject=subject_of(case),
                step=Step.TAKE_UP,
                case=case.pk,
                label=case.number,
                region_id=case.region_id,
                tier=case.tier,
                owner=owner,
                started_at=now,
                due_at=due.due_at,
                rings_at=due.remind_at or due.due_at,
            )
        )
    insert(clocks)
    for pk, count in taken.items():
        first = next(case for case in cases if case.owner_id == pk)
        notify(
            to=owners[pk],
            kind="assigned",
            subject=subject_of(first),
            case=first.pk,
            label=first.number if count == 1 else f"{first.number} +{count - 1}",
            due_at=first.due_at,
            key=f"assigned:{first.pk}:{pk}",
            now=now,
        )


@transaction.atomic
def reassign(*, case: CaseRecord, to: User, reason: str, by: User, now: datetime) -> CaseRecord:
    """Let another officer of the region own the case, with all its running clocks."""
    case = CaseRecord.objects.select_for_update().get(pk=case.pk)
    if not can_reassign_case(by, region=case.region_id, owner_id=case.owner_id):
        raise NotAllowed("only the owner or a supervisor of the region passes a case on")
    require_text(reason)
    if not can_handle_case(to, region=case.region_id):
        raise NotAllowed("the new owner must be a case officer or supervisor of the region")
    entry = give(case=case, to=to, by=by, reason=reason, act="reassign", now=now)
    notify(
        to=to,
        kind="assigned",
        subject=subject_of(case),
        case=case.pk,
        label=case.number,
        due_at=case.due_at,
        key=f"reassign:{case.pk}:{entry}",
        now=now,
    )
    return case


def give(*, case: CaseRecord, to: User, by: User | None, reason: str, act: str, now: datetime) -> int:
    """Write the new owner into a locked case and its clocks; return the place of the trail's entry."""
    before = case.owner_id
    case.owner = to
    case.save(update_fields=["owner"])
    pass_on(case=_uuid(case), to=to)
    return note(case, act, by=by, now=now, reason=reason, data={"from": before, "to": to.pk}).seq


def _uuid(case: CaseRecord) -> UUID:
    key: UUID = case.pk
    return key
