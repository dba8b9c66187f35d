"""Handing evidence in, deciding about it, and saying in time that it ends."""

import hashlib
import uuid
from datetime import date, datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction

from jiujinan.accounts.evidence_rules import (
    REMIND_DAYS,
    DocumentKind,
    content_type_of,
    evidence_holds_until,
    has_lapsed,
    reminder_due,
)
from jiujinan.accounts.models import DocumentState, Organisation, OrganisationDocument, User
from jiujinan.accounts.predicates import NotAllowed, can_keep_evidence, can_verify_organisation
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.audit import services as audit
from jiujinan.outbox.services import tell


class EvidenceLapsed(Exception):
    """The organisation's required evidence has expired: it takes nothing new on until it is renewed."""

    def __init__(self, expired_on: date | None) -> None:
        super().__init__(str(expired_on))
        self.expired_on = expired_on


class AlreadyDecided(Exception):
    """Somebody decided about the document before."""


class ReasonMissing(ValueError):
    """A refusal says why."""


def require_valid_evidence(organisation: Organisation, today: date) -> None:
    """Raise EvidenceLapsed where the organisation may take nothing new on."""
    if has_lapsed(organisation.evidence_expires_on, today):
        raise EvidenceLapsed(organisation.evidence_expires_on)


@transaction.atomic
def upload_document(
    *,
    organisation: Organisation,
    kind: DocumentKind,
    name: str,
    data: bytes,
    expires_on: date | None,
    by: User,
    now: datetime,
) -> OrganisationDocument:
    """
    Keep a piece of evidence for the desk to look at; it counts once it is verified.

    Stored under a random name, outside of what is served. Raises NotAllowed, BadFile.
    """
    if not can_keep_evidence(by, organisation_id=organisation.pk):
        raise NotAllowed("only people of the organisation hand its evidence in")
    content_type = content_type_of(name, data)
    ending = PurePath(name).suffix.lower()
    document = OrganisationDocument.objects.create(
        organisation=organisation,
        kind=kind,
        file=ContentFile(data, name=f"{uuid.uuid4().hex}{ending}"),
        name=PurePath(name).name[-120:],
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        expires_on=expires_on,
        uploaded_by=by,
        uploaded_at=now,
    )
    _record(document, "evidence.upload", by, now)
    return document


@transaction.atomic
def verify_document(
    *, document: OrganisationDocument, by: User, now: datetime, expires_on: date | None = None
) -> OrganisationDocument:
    """
    Accept the evidence, until the day that the verifier read on it, or else the one given with it.

    The organisation's own last day follows. Raises NotAllowed, AlreadyDecided.
    """
    locked = _to_decide(document, by)
    locked.expires_on = expires_on or locked.expires_on
    _decide(locked, DocumentState.VERIFIED, by, now)
    organisation = Organisation.objects.select_for_update().get(pk=locked.organisation_id)
    verified = organisation.documents.filter(state=DocumentState.VERIFIED).values_list("kind", "expires_on")
    organisation.evidence_expires_on = evidence_holds_until(OrganisationKind(organisation.kind), verified)
    organisation.verified_by, organisation.verified_at = by, now
    organisation.save(update_fields=["evidence_expires_on", "verified_by", "verified_at"])
    return locked


@transaction.atomic
def refuse_document(
    *, document: OrganisationDocument, reason: str, by: User, now: datetime
) -> OrganisationDocument:
    """Refuse the evidence with the reason. Raises NotAllowed, AlreadyDecided, ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    locked = _to_decide(document, by)
    locked.reason = reason.strip()[:300]
    _decide(locked, DocumentState.REFUSED, by, now)
    return locked


def remind_of_expiry(*, now: datetime, today: date) -> int:
    """
    Tell each organisation once at each step before its evidence ends, and when it has; return how many were told.

    The reminder waits in the outbox (`organisation`), stands in the trail, and the portal shows it.
    """
    last = date.fromordinal(today.toordinal() + max(REMIND_DAYS))
    ending = Organisation.objects.filter(evidence_expires_on__lte=last).order_by("pk")
    return sum(_remind(organisation, now, today) for organisation in ending.iterator())


@transaction.atomic
def _remind(organisation: Organisation, now: datetime, today: date) -> bool:
    expires_on = organisation.evidence_expires_on
    assert expires_on is not None, "only organisations with a last day are reminded"
    step = "lapsed" if has_lapsed(expires_on, today) else str(reminder_due(expires_on, today))
    event = tell(
        destination="organisation",
        subject=f"organisation:{organisation.pk}",
        kind="evidence.lapsed" if step == "lapsed" else "evidence.ends",
        payload={"organisation": organisation.pk, "expires_on": expires_on.isoformat(), "step": step},
        key=f"evidence:{organisation.pk}:{expires_on.isoformat()}:{step}",
        now=now,
    )
    if event.at != now:
        return False
    audit.record(
        stream="organisations",
        action="evidence.remind",
        by=None,
        subject=f"organisation:{organisation.pk}",
        data={"expires_on": expires_on.isoformat(), "step": step},
        now=now,
    )
    return True


def _to_decide(document: OrganisationDocument, by: User) -> OrganisationDocument:
    locked = (
        OrganisationDocument.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=document.pk)
    )
    region = locked.organisation.region_id
    if by.pk == locked.uploaded_by_id or not can_verify_organisation(by, region=region):
        raise NotAllowed("a verifier or supervisor of the region decides, never who handed it in")
    if locked.state != DocumentState.WAITING:
        raise AlreadyDecided(locked.state)
    return locked


def _decide(document: OrganisationDocument, state: DocumentState, by: User, now: datetime) -> None:
    document.state, document.decided_by, document.decided_at = state, by, now
    document.save(update_fields=["state", "decided_by", "decided_at", "reason", "expires_on"])
    _record(document, f"evidence.{state}", by, now)


def _record(document: OrganisationDocument, action: str, by: User, now: datetime) -> None:
    audit.record(
        stream="organisations",
        action=action,
        by=by,
        subject=f"organisation:{document.organisation_id}",
        reason=document.reason,
        data={
            "document": str(document.pk),
            "kind": document.kind,
            "sha256": document.sha256,
            "expires_on": document.expires_on.isoformat() if document.expires_on else None,
        },
        now=now,
    )
