"""Keys by which a program acts for a person or a service account: shown once, kept as a hash, ended at any time."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import AccessKey, User
from jiujinan.audit.services import record

_PREFIX = "jjn_"


@transaction.atomic
def issue_key(*, user: User, name: str, expires_at: datetime | None, by: User | None, now: datetime) -> str:
    """Return a fresh key (256 random bits) for the user; only its SHA-256 is kept."""
    text = _PREFIX + secrets.token_urlsafe(32)
    key = AccessKey.objects.create(
        user=user, name=name, digest=_digest(text), created_at=now, expires_at=expires_at
    )
    _note("access_key.issued", key, by, now)
    return text


@transaction.atomic
def end_key(*, key: AccessKey, by: User | None, now: datetime) -> None:
    """End the key; what it did stays in the trail."""
    AccessKey.objects.filter(pk=key.pk, ended_at=None).update(ended_at=now)
    _note("access_key.ended", key, by, now)


def user_of_key(text: str, *, now: datetime) -> User | None:
    """Return the active user whom the key stands for, None for any other text."""
    found = AccessKey.objects.filter(digest=_digest(text), ended_at=None, user__is_active=True)
    key = found.select_related("user").first()
    if key is None or (key.expires_at is not None and key.expires_at <= now):
        return None
    AccessKey.objects.filter(pk=key.pk).update(used_at=now)
    return key.user


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _note(action: str, key: AccessKey, by: User | None, now: datetime) -> None:
    subject = f"user:{key.user_id}"
    record(stream=subject, action=action, by=by, subject=subject, data={"key": key.pk}, now=now)
