"""What the clock does for discovery."""

from celery import shared_task
from django.utils import timezone

from needs.discovery.services import forget_origins, refresh_lists, ring_for_visits, stand_in


@shared_task
def refresh_watch_lists() -> int:
    """Bring the watch lists in step with what is known today, and let the clocks of overdue visits run."""
    now = timezone.now()
    done = refresh_lists(now=now)
    ring_for_visits(now=now)
    return done.began + done.ended


@shared_task
def stand_in_for_the_absent(**kwargs: object) -> int:
    """Give reports and visits of absent colleagues to who stands in for them; return how many."""
    return stand_in(now=timezone.now())


@shared_task
def forget_where_forms_came_from() -> int:
    """Empty the digests that the limits needed."""
    return forget_origins(now=timezone.now())
