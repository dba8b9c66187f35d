"""Projects as the gate leaves them, with words of the test's own: behind each stands a case, a need and a decision."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from jiujinan.accounts.models import User
from needs.models import (
    CaseRecord,
    GateDecision,
    Household,
    Need,
    ProgressUpdate,
    Project,
    ProjectItem,
)
from needs.services.showing import content_hash, show, take_out
from needs.states import ProjectState

_numbers = itertools.count(1)
_AT = datetime(2026, 7, 1, tzinfo=UTC)


def shown_project(*, items: tuple[tuple[str, str], ...] = (("cash", "medical"),), **facts: Any) -> Project:
    """Return a project in public with its items and its first step, found by search.

    `facts` are columns of Project; with `state` withdrawn or closed it has left the public again.
    """
    state = facts.pop("state", ProjectState.PUBLISHED)
    project = Project(**facts)
    things = [
        ProjectItem(project=project, place=place, kind=kind, category=category)
        for place, (kind, category) in enumerate(items, start=1)
    ]
    project.content_hash = content_hash(project, things)
    project.save(force_insert=True)
    ProjectItem.objects.bulk_create(things)
    GateDecision.objects.create(
        need=_need(project),
        outcome="published",
        content_hash=project.content_hash,
        project=project,
        by=_user("somebody-who-publishes"),
        at=_AT,
    )
    show(project=project)
    ProgressUpdate.objects.create(
        project=project, kind="published", month=facts.get("published_month", date(2026, 7, 1)), seq=1
    )
    if state != ProjectState.PUBLISHED:
        take_out(project=project, act="close" if state == ProjectState.CLOSED else "withdraw")
    return project


def _need(project: Project) -> Need:
    case = CaseRecord.objects.create(
        source="civil_affairs",
        number=f"P{next(_numbers):06d}",
        household=Household.objects.create(region_id=project.region_id, size=3),
        region_id=project.region_id,
        channel="grid_worker",
        cause=project.cause or "illness",
        tier=project.tier or "joint",
        applied_on=date(2026, 6, 1),
        received_at=_AT,
        consent_on=date(2026, 6, 1),
        state="verified",
        officer=_user("somebody-who-takes-in"),
        owner=_user("somebody-who-takes-in"),
        verifier=_user("somebody-who-verifies"),
    )
    return Need.objects.create(
        case=case, tier=case.tier, state="published", verified_at=_AT, published_at=_AT
    )


def _user(name: str) -> User:
    return User.objects.get_or_create(username=name)[0]
