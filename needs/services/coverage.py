"""The one gap: committed, given back, delivered. Every social force goes through here."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils import timezone

from needs.aid.queries import HARD_CODE, is_stopped
from needs.models import Delivery, NeedItem, ProgressUpdate
from needs.services.projection import refresh_progress
from needs.services.rescoring import rescore_after_coverage
from needs.states import SERVED_NEEDS


class GapExceeded(Exception):
    """Somebody else was faster: the item lacks less than that by now. `gap` is what it lacks."""

    def __init__(self, gap: int) -> None:
        super().__init__(f"the gap is {gap}")
        self.gap = gap


class NeedNotServed(Exception):
    """The need is not verified, was closed or withdrawn, or its help is suspended."""


class HelpedAlready(NeedNotServed):
    """The same person was helped for the same purpose, so that this help would be given twice."""


@transaction.atomic
def commit(*, item: NeedItem, amount: int, now: datetime) -> NeedItem:
    """Take the amount off the item's gap, under its row lock; raise GapExceeded past it."""
    locked = _locked(item)
    if locked.need.state not in SERVED_NEEDS:
        raise NeedNotServed(locked.need.state)
    if locked.need.suspended_at is not None:
        raise NeedNotServed(locked.need.suspended_reason)
    if not 0 < amount <= locked.gap:
        raise GapExceeded(locked.gap)
    if is_stopped(item=locked, today=timezone.localdate(now)):
        raise HelpedAlready(HARD_CODE)
    return _change(locked, now, ProgressUpdate.Kind.COMMITTED, committed=F("committed") + amount)


@transaction.atomic
def release(*, item: NeedItem, amount: int, now: datetime) -> NeedItem:
    """Give an undelivered commitment's amount back to the gap."""
    locked = _locked(item)
    if not 0 < amount <= locked.committed - locked.fulfilled:
        raise ValueError("only what is committed and not delivered can be given back")
    return _change(locked, now, None, committed=F("committed") - amount)


@transaction.atomic
def deliver(*, item: NeedItem, amount: int, now: datetime) -> NeedItem:
    """Record that so much of what was committed has reached the household."""
    locked = _locked(item)
    if not 0 < amount <= locked.committed - locked.fulfilled:
        raise ValueError("only what is committed and not yet delivered can be delivered")
    Delivery.objects.create(item=locked, amount=amount, at=now)
    return _change(locked, now, ProgressUpdate.Kind.DELIVERED, fulfilled=F("fulfilled") + amount)


def _locked(item: NeedItem) -> NeedItem:
    """Take the item's row; rows that refer to it, as a match run's proposals do, need not wait for that."""
    return (
        NeedItem.objects.select_for_update(of=("self",), no_key=True).select_related("need").get(pk=item.pk)
    )


def _change(
    item: NeedItem, now: datetime, step: ProgressUpdate.Kind | None, **changes: Combinable
) -> NeedItem:
    NeedItem.objects.filter(pk=item.pk).update(**changes)
    item.refresh_from_db()
    rescore_after_coverage(
        item=item, now=now
    )  # before the project's row: need, then project, as the gate locks
    refresh_progress(item=item, step=step, now=now)
    return item
