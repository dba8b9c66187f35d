"""What happens when the file of a case that was helped first is not completed in time."""

from datetime import datetime

from django.db import transaction

from jiujinan.clocks.rules import Step
from needs.models import CaseRecord, Need
from needs.services.noting import note_and_tell
from needs.services.suspending import FILE_OVERDUE, suspend
from needs.states import CaseState


def suspend_overdue_files(*, now: datetime) -> int:
    """Suspend further help where the file is overdue, and tell the source; return how many cases.

    What was given stays given. The clock of the file goes on climbing until the check's result is recorded.
    """
    overdue = CaseRecord.objects.filter(
        file_due_at__lte=now,
        file_completed_at=None,
        state=CaseState.VERIFIED,
        need__suspended_at=None,
    )
    suspended = 0
    for pk in list(overdue.values_list("pk", flat=True)):
        with transaction.atomic():
            case = CaseRecord.objects.select_for_update().get(pk=pk)
            if case.file_completed_at is not None:
                continue
            if suspend(need=Need.objects.get(case=case), reason=FILE_OVERDUE, by=None, now=now):
                note_and_tell(case, Step.FILE, by=None, now=now, kind="case.file_overdue")
                suspended += 1
    return suspended
