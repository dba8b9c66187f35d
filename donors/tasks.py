"""What beat has done on the supply side while nobody looks. A task may run twice without harm."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from donors.ledger.anchors import anchor_heads
from donors.ledger.checking import anchor_lines, check_books, check_guards
from donors.ledger.services import expire_reservations
from donors.services.endings import propose_endings
from donors.services.holds import expire_holds


@shared_task
def expire_promises(**kwargs: object) -> int:
    """Give back the money, capacity and stock whose time to be used is over; return how many promises ended."""
    now = timezone.now()
    return len(expire_reservations(now=now)) + expire_holds(now=now)


@shared_task
def end_funds(**kwargs: object) -> int:
    """Look after the funds whose period is over; return how many were moved on."""
    now = timezone.now()
    return propose_endings(now=now, today=timezone.localdate(now))


@shared_task
def anchor_ledger(**kwargs: object) -> int:
    """Write the heads of all books that moved into the anchor file; return how many lines were added."""
    return anchor_heads(path=Path(settings.LEDGER_ANCHORS), now=timezone.now())


@shared_task
def verify_ledger(**kwargs: object) -> int:
    """
    Verify all books against their anchors, and that no guard is missing; return how many entries hold.

    A fault fails the task with the name of the first entry that doesn't hold: somebody has to look.
    """
    path = Path(settings.LEDGER_ANCHORS)
    count = check_books(anchors=anchor_lines(path) if path.exists() else ())
    check_guards()
    return count
