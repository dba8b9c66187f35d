"""Stopping further help for a need while something is unsettled, and letting it go on."""

from datetime import datetime

from jiujinan.accounts.models import User
from needs.models import Need
from needs.services.noting import note

FILE_OVERDUE, CHECK_FAILED = "file_overdue", "economic_check_failed"


def suspend(*, need: Need, reason: str, by: User | None, now: datetime) -> bool:
    """Take the need out of what is offered and committed to; return whether it was not so already."""
    changed = Need.objects.filter(pk=need.pk, suspended_at=None).update(
        suspended_at=now, suspended_reason=reason
    )
    if changed:
        note(need.case, "suspend", by=by, now=now, data={"reason": reason})
    return bool(changed)


def lift(*, need: Need, by: User | None, now: datetime) -> bool:
    """Let help go on; return whether it was suspended."""
    changed = Need.objects.filter(pk=need.pk, suspended_at__isnull=False).update(
        suspended_at=None, suspended_reason=""
    )
    if changed:
        note(need.case, "lift_suspension", by=by, now=now)
    return bool(changed)
