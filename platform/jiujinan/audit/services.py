"""The only way to write the trail, and the way to check it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.audit.chain import entry_hash
from jiujinan.audit.models import AuditEntry, AuditStream


@transaction.atomic
def record(
    *,
    stream: str,
    action: str,
    by: User | None,
    subject: str,
    now: datetime,
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Append one entry to the stream, in the transaction of the act itself."""
    head = _locked(stream)
    facts = dict(data or {})
    seq = head.length + 1
    digest = entry_hash(
        previous=head.head,
        stream=stream,
        seq=seq,
        at=now,
        by=by.pk if by else None,
        action=action,
        subject=subject,
        reason=reason,
        data=facts,
    )
    entry = AuditEntry.objects.create(
        stream=head,
        seq=seq,
        at=now,
        by=by,
        action=action,
        subject=subject,
        reason=reason,
        data=facts,
        previous_hash=head.head,
        hash=digest,
    )
    AuditStream.objects.filter(pk=stream).update(length=seq, head=digest)
    return entry


def _locked(stream: str) -> AuditStream:
    """Return the stream's head under its lock; it is made by whoever writes to it first."""
    known = AuditStream.objects.select_for_update().filter(name=stream).first()
    if known is None:
        AuditStream.objects.get_or_create(name=stream)
        known = AuditStream.objects.select_for_update().get(name=stream)
    return known


def first_broken_entry(*, stream: str) -> int | None:
    """Return the seq of the first entry that does not hold (a cut tail counts), or None."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(stream_id=stream).order_by("seq").iterator():
        digest = entry_hash(
            previous=previous,
            stream=stream,
            seq=expected,
            at=entry.at,
            by=entry.by_id,
            action=entry.action,
            subject=entry.subject,
            reason=entry.reason,
            data=entry.data,
        )
        if (entry.seq, entry.previous_hash, entry.hash) != (expected, previous, digest):
            return expected
        previous, expected = digest, expected + 1
    head = AuditStream.objects.filter(pk=stream).first()
    whole = head is None or (head.length, head.head) == (expected - 1, previous)
    return None if whole else expected
