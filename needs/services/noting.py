"""What every act on a case leaves behind: its entry in the trail, and, where the source is to know, an event."""

from collections.abc import Mapping
from datetime import datetime

from jiujinan.accounts.models import User
from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import record
from jiujinan.outbox.services import tell
from needs.models import CaseRecord


def subject_of(case: CaseRecord) -> str:
    """Return the name of the case in trail, outbox and clocks."""
    return f"case:{case.pk}"


def note(
    case: CaseRecord,
    act: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Write the act into the case's own trail; `data` holds ids, codes and figures alone."""
    subject = subject_of(case)
    return record(
        stream=subject, action=f"case.{act}", by=by, subject=subject, reason=reason, data=data, now=now
    )


def note_and_tell(
    case: CaseRecord,
    act: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    kind: str = "",
    more: Mapping[str, object] | None = None,
) -> None:
    """Write the act into the trail and tell the source: `kind`, or the state that the case is in now."""
    entry = note(case, act, by=by, now=now, reason=reason)
    subject = subject_of(case)
    tell(
        destination="case-record",
        subject=subject,
        kind=kind or f"case.{case.state}",
        payload={
            "source": case.source,
            "number": case.number,
            "state": case.state,
            "reason": reason,
            **(more or {}),
        },
        key=f"{subject}:{act}:{entry.seq}",  # an act is told once, two acts of one moment are two
        now=now,
    )
