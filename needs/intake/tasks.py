"""What beat does about case files that wait."""

from celery import shared_task
from django.utils import timezone

from needs.intake.imports import advance, claim, waiting


@shared_task
def advance_imports(**kwargs: object) -> int:
    """Check or take in every file that nobody works on; return how many."""
    taken = 0
    for batch in list(waiting(timezone.now())):
        if claim(batch=batch, now=timezone.now()):
            advance(batch=batch, clock=timezone.now)
            taken += 1
    return taken
