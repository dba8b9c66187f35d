"""One at a time, across processes and machines: a row that says until when somebody works."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from needs.models.lease import CatalogueLease

LONGEST = timedelta(hours=1)


class Busy(Exception):
    """Somebody else is at it."""


@contextmanager
def leased(name: str, *, now: datetime) -> Iterator[None]:
    """Hold the lease while the block runs; raise Busy if it is held. One that was left behind ends after an hour."""
    taken = CatalogueLease.objects.filter(name=name, until__lt=now).update(until=now + LONGEST)
    if not taken:
        try:
            with transaction.atomic():
                CatalogueLease.objects.create(name=name, until=now + LONGEST)
        except IntegrityError:
            raise Busy(name) from None
    try:
        yield
    finally:
        CatalogueLease.objects.filter(name=name).delete()
